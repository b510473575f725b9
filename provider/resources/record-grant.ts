import type { ResourceDefinition } from '../framework';
import { applicationId, editable, id, secretUid } from './private/attributes';
import { grantOperations } from './private/grant';
import type { Kept } from './private/kept';
import type { KsmSession } from './private/session';

const {
  modifyPlan,
  create,
  read,
  update,
  delete: remove,
  import: importGrant,
} = grantOperations('record', 'record_uid');

export const recordGrant: ResourceDefinition<KsmSession, Kept> = {
  typeName: 'ksm_record_grant',
  noun: 'record grant',
  schema: {
    version: 0,
    description:
      'Grants a single record to an application. A grant of the same permission that exists already is adopted.',
    attributes: {
      id: id('`<application UID>/<record UID>`'),
      application_id: applicationId,
      record_uid: secretUid('record'),
      editable,
    },
  },
  modifyPlan,
  create,
  read,
  update,
  delete: remove,
  import: importGrant,
};
