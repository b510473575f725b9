/** What shared folder grants and record grants do alike; they differ in the kind of secret and its attribute. */
import { isKsmError, KsmError } from '../../../contract/errors';
import type { Grant, SecretKind } from '../../../contract/types';
import {
  boolOf,
  knownStringOf,
  type ObjectValue,
  type ResourceDefinition,
  stringOf,
  warningDiagnostic,
} from '../../framework';
import { adoptionWarnings } from './adoption-warnings';
import { isUid, splitImportId } from './import-id';
import type { Kept } from './kept';
import { secretWarnings } from './secret-warnings';
import type { KsmSession } from './session';
import { sharingWarnings } from './sharing-warnings';
import { notThere, requireThere } from './there';

type Definition = ResourceDefinition<KsmSession, Kept>;
type GrantOperations = Pick<Definition, 'create' | 'read' | 'update' | 'delete' | 'import'> & {
  modifyPlan: NonNullable<Definition['modifyPlan']>;
};

export function grantOperations(kind: SecretKind, uidAttribute: 'folder_uid' | 'record_uid'): GrantOperations {
  const noun = kind === 'folder' ? 'shared folder grant' : 'record grant';
  const placeOf = (object: ObjectValue) => ({
    applicationId: stringOf(object, 'application_id'),
    secretUid: stringOf(object, uidAttribute),
  });

  return {
    async modifyPlan({ prior, planned, creates, session, call }) {
      const applicationId = knownStringOf(planned, 'application_id');
      if (planned.editable === true && applicationId !== undefined) session?.plansEditableGrant(applicationId);
      if (!creates || !session) return {};
      const warnings = await secretWarnings(session, planned, kind, uidAttribute, call);
      // With a prior state it replaces its own grant, whose place may be the same.
      const adoption = prior ? [] : await adoptionWarnings(session, planned, uidAttribute, call);
      const others = await sharingWarnings(session, planned, call);
      return { warnings: [...warnings, ...adoption, ...others] };
    },

    async create({ planned, session, call }) {
      const { applicationId, secretUid } = placeOf(planned);
      const body = { kind, editable: boolOf(planned, 'editable') };
      return session.grants.inTurn(`${applicationId}/${secretUid}`, async () => {
        const grant = await session.createIn(applicationId, call, (client) =>
          client.putGrant(applicationId, secretUid, body, { createOnly: true }),
        );
        session.grants.tookOver(grant.id, grant.generation);
        return { state: { ...planned, id: grant.id }, private: { generation: grant.generation } };
      });
    },

    async read({ state, session, call, private: kept }) {
      const { applicationId, secretUid } = placeOf(state);
      const snapshot = await session.snapshot(applicationId, call);
      if (!snapshot) return null;
      const unknown = session.unknownPart(snapshot, 'grants');
      if (unknown) return { state, ...unknown };
      const grant = snapshot.grants.get(secretUid);
      if (!grant) return null;
      // A known generation is never replaced: who declared the grant last is told by it at the deletion.
      const generation = kept?.generation === undefined ? grant.generation : kept.generation;
      return { state: { ...state, editable: grant.editable }, private: { generation } };
    },

    async update({ planned, session, call }) {
      const { applicationId, secretUid } = placeOf(planned);
      const snapshot = await session.snapshot(applicationId, call);
      requireThere(snapshot, 'grants', secretUid, { noun, id: `${applicationId}/${secretUid}` });
      const body = { kind, editable: boolOf(planned, 'editable') };
      await session.changeIn(applicationId, call, (client) => client.putGrant(applicationId, secretUid, body));
      return { state: planned };
    },

    async delete({ state, session, call, private: kept }) {
      const { applicationId, secretUid } = placeOf(state);
      const id = `${applicationId}/${secretUid}`;
      return session.grants.inTurn(id, async () => {
        // Without a generation the service would delete whatever is there, also what this process has just made.
        if (session.grants.hasTakenOverFrom(id, kept?.generation)) return {};
        try {
          await session.removeIn(applicationId, call, (client) =>
            client.deleteGrant(applicationId, secretUid, kept?.generation ?? null),
          );
        } catch (error) {
          if (!isKsmError(error, 'grant_taken_over')) throw error;
          return { warnings: [keptByAnother(id, noun)] };
        }
        return {};
      });
    },

    async import({ id, session, call }) {
      const { applicationId, part } = splitImportId(id, `<application UID>/<${kind} UID>`, isUid);
      const snapshot = await session.snapshot(applicationId, call);
      const grant = snapshot?.grants.get(part);
      if (!grant) return notThere(snapshot, 'grants', { noun, id });
      refuseOtherKind(grant, kind);
      const place = { application_id: applicationId, [uidAttribute]: part };
      return { state: { id: grant.id, ...place, editable: grant.editable }, private: { generation: grant.generation } };
    },
  };
}

function refuseOtherKind(grant: Grant, kind: SecretKind): void {
  if (grant.kind === kind) return;
  throw new KsmError(
    kind === 'folder' ? 'not_a_folder' : 'not_a_record',
    `${grant.secretUid} is a ${grant.kind}: import it as ${grant.kind === 'folder' ? 'ksm_shared_folder_grant' : 'ksm_record_grant'}.`,
  );
}

function keptByAnother(id: string, noun: string) {
  return warningDiagnostic(
    `The ${noun} is kept: another declaration has it now`,
    `The grant ${id} was created or adopted again by another configuration, or at another address, after this one. It is out of this state, and stays for whoever declared it last. If nobody is to have it, remove it there.`,
  );
}
