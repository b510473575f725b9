import { applicationId, editable, id, secretUid } from './private/attributes';
import { grantOperations } from './private/grant';
import type { KsmResource } from './private/ksm-resource';
import { memberIdentity } from './private/member-identity';

const {
  modifyPlan,
  create,
  read,
  update,
  delete: remove,
  import: importGrant,
} = grantOperations('record', 'record_uid');

export const recordGrant: KsmResource = {
  typeName: 'ksm_record_grant',
  noun: 'record grant',
  attributeOfField: { applicationId: 'application_id', secretUid: 'record_uid', editable: 'editable' },
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
  identity: memberIdentity('record_uid', 'UID of the record.'),
  modifyPlan,
  create,
  read,
  update,
  delete: remove,
  import: importGrant,
};
