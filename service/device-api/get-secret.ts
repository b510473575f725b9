import type { ReadableRecord } from '../vault/embedded/readable';
import { TOKEN_USED } from './authenticate';
import { DeviceError } from './device-error';
import type { Payload } from './payload';
import type { ReadVerb } from './read-verb';

/** Binds if the client is new, and reads. @throws DeviceError `access_denied` when another was faster to bind */
export const getSecret: ReadVerb = async ({ client, binding }, { payload, ip, vault, onBind }) => {
  if (binding && !(await vault.redemption.bind(client, binding, ip, onBind))) {
    throw new DeviceError('access_denied', TOKEN_USED);
  }
  const { sharedFolders, records } = await vault.readables.records(client.applicationId);
  const wanted = records.filter(requested(payload));
  const folders = sharedFolders.map(({ uid, folderKey }) => ({
    folderUid: uid,
    folderKey: folderKey.toString('base64'),
    records: wanted.filter((record) => record.sharedFolderUid === uid).map((record) => toReply(record, payload)),
  }));
  return {
    // A device that lost the reply to its bind asks again with the same key, and gets it again.
    ...(payload.publicKey && {
      encryptedAppKey: client.encryptedAppKey.toString('base64'),
      appOwnerPublicKey: vault.keys.ownerPublicKey.toString('base64'),
    }),
    appData: client.appData.toString('base64url'),
    folders: isFiltered(payload) ? folders.filter((folder) => folder.records.length > 0) : folders,
    records: wanted.filter((record) => record.sharedFolderUid === null).map((record) => toReply(record, payload)),
    // SDKs take 0 for "never".
    expiresOn: client.accessExpiresAt ?? 0,
    warnings: [],
  };
};

const isFiltered = ({ requestedRecords, requestedFolders }: Payload) =>
  requestedRecords.length > 0 || requestedFolders.length > 0;

/** A record passes when it is one of the records asked for, if any were, and in one of the folders, if any were. */
function requested({ requestedRecords, requestedFolders }: Payload): (record: ReadableRecord) => boolean {
  const records = new Set(requestedRecords);
  const folders = new Set<string | null>(requestedFolders);
  return ({ uid, sharedFolderUid, folderUid }) =>
    (records.size === 0 || records.has(uid)) &&
    (folders.size === 0 || folders.has(sharedFolderUid) || folders.has(folderUid));
}

function toReply(record: ReadableRecord, { requestLinks }: Payload): object {
  const { sharedFolderUid, folderUid } = record;
  return {
    recordUid: record.uid,
    recordKey: record.recordKey.toString('base64'),
    data: record.data.toString('base64'),
    revision: record.revision,
    isEditable: record.editable,
    files: [],
    ...(sharedFolderUid !== folderUid && { innerFolderUid: folderUid }),
    // This vault has no links between records.
    ...(requestLinks && { links: [] }),
  };
}
