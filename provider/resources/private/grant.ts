/** What shared folder grants and record grants do alike; they differ in the kind of secret and its attribute. */
import { KsmError } from '../../../contract/errors';
import type { SecretKind } from '../../../contract/types';
import { boolOf, type ObjectValue, type ResourceDefinition, stringOf } from '../../framework';
import { isUid, splitImportId } from './import-id';
import { secretWarnings } from './secret-warnings';
import type { KsmSession } from './session';

type GrantOperations = Pick<ResourceDefinition<KsmSession>, 'create' | 'read' | 'update' | 'delete' | 'import'> & {
  modifyPlan: NonNullable<ResourceDefinition<KsmSession>['modifyPlan']>;
};

export function grantOperations(kind: SecretKind, uidAttribute: 'folder_uid' | 'record_uid'): GrantOperations {
  const placeOf = (object: ObjectValue) => ({
    applicationId: stringOf(object, 'application_id'),
    secretUid: stringOf(object, uidAttribute),
  });

  return {
    async modifyPlan({ planned, creates, session }) {
      return creates && session ? { warnings: await secretWarnings(session, planned, kind, uidAttribute) } : {};
    },

    async create({ planned, session }) {
      const { applicationId, secretUid } = placeOf(planned);
      const body = { kind, editable: boolOf(planned, 'editable') };
      const grant = await session.createIn(applicationId, (client) =>
        client.putGrant(applicationId, secretUid, body, { createOnly: true }),
      );
      return { state: { ...planned, id: grant.id } };
    },

    async read({ state, session }) {
      const { applicationId, secretUid } = placeOf(state);
      const grant = (await session.snapshot(applicationId))?.grants.get(secretUid);
      return grant ? { state: { ...state, editable: grant.editable } } : null;
    },

    async update({ planned, session }) {
      const { applicationId, secretUid } = placeOf(planned);
      const body = { kind, editable: boolOf(planned, 'editable') };
      await session.changeIn(applicationId, (client) => client.putGrant(applicationId, secretUid, body));
      return { state: planned };
    },

    async delete({ state, session }) {
      const { applicationId, secretUid } = placeOf(state);
      await session.removeIn(applicationId, (client) => client.deleteGrant(applicationId, secretUid));
    },

    async import({ id, session }) {
      const { applicationId, part } = splitImportId(id, `<application UID>/<${kind} UID>`, isUid);
      const grant = (await session.snapshot(applicationId))?.grants.get(part);
      if (!grant) return null;
      if (grant.kind !== kind) {
        throw new KsmError(
          kind === 'folder' ? 'not_a_folder' : 'not_a_record',
          `${part} is a ${grant.kind}: import it as ${grant.kind === 'folder' ? 'ksm_shared_folder_grant' : 'ksm_record_grant'}.`,
        );
      }
      const place = { application_id: applicationId, [uidAttribute]: part };
      return { state: { id: grant.id, ...place, editable: grant.editable } };
    },
  };
}
