import { type DataSourceDefinition, knownStringOf, type ObjectValue, stringOf } from '../../framework';
import { found, nameKey, uidKey } from '../private/data-attributes';
import { applicationsNamed, nothingFound, only, validateKeys } from '../private/lookup';
import type { KsmSession } from '../private/session';

const wanted = { noun: 'application', command: 'ksm-iac application list' } as const;

export const applicationData: DataSourceDefinition<KsmSession> = {
  typeName: 'ksm_application',
  noun: 'application',
  schema: {
    version: 0,
    description: 'An application that exists, looked up by its UID or by its name.',
    attributes: {
      id: uidKey('UID of the application, 22 characters. Either this or `name`.'),
      name: nameKey('Name of the application, exactly as it is. Either this or `id`.'),
      created_at: found('When the application was created, ISO 8601 in UTC; null where the vault does not tell.'),
    },
  },

  validate: (config) => validateKeys(config, 'id', 'name'),

  async read({ config, session, call }) {
    const id = knownStringOf(config, 'id');
    if (id !== undefined) {
      const snapshot = await session.snapshot(id, call);
      if (!snapshot) throw nothingFound({ ...wanted, attribute: 'id', text: id });
      return { state: valuesOf(snapshot) };
    }
    const name = stringOf(config, 'name');
    const named = await applicationsNamed(session, name, call);
    return { state: valuesOf(only(named, (one) => one.id, 'id', { ...wanted, attribute: 'name', text: name })) };
  },
};

interface Told {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string | null;
}

const valuesOf = ({ id, name, createdAt }: Told): ObjectValue => ({ id, name, created_at: createdAt });
