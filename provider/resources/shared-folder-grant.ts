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
} = grantOperations('folder', 'folder_uid');

export const sharedFolderGrant: KsmResource = {
  typeName: 'ksm_shared_folder_grant',
  noun: 'shared folder grant',
  attributeOfField: { applicationId: 'application_id', secretUid: 'folder_uid', editable: 'editable' },
  schema: {
    version: 0,
    description:
      'Grants a shared folder, with all records in it, to an application. A grant of the same permission that exists already is adopted.',
    attributes: {
      id: id('`<application UID>/<folder UID>`'),
      application_id: applicationId,
      folder_uid: secretUid('shared folder'),
      editable,
    },
  },
  identity: memberIdentity('folder_uid', 'UID of the shared folder.'),
  modifyPlan,
  create,
  read,
  update,
  delete: remove,
  import: importGrant,
};
