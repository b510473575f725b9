import { type IdentityDefinition, stringOf } from '../../framework';

/** Identity of what belongs to an application: its UID, and an id within it that never changes. */
export function memberIdentity(attribute: string, description: string): IdentityDefinition {
  return {
    version: 0,
    attributes: {
      application_id: { type: 'string', description: 'UID of the application.', importing: 'required' },
      [attribute]: { type: 'string', description, importing: 'required' },
    },
    importId: (identity) => `${stringOf(identity, 'application_id')}/${stringOf(identity, attribute)}`,
  };
}
