import type { ReadableRecord } from '../vault/embedded/readable';
import { TOKEN_USED } from './authenticate';
import { DeviceError } from './device-error';
import type { Payload } from './payload';
import type { ReadVerb } from './read-verb';
import { refuseTooLarge } from './reply-size';
import { Many } from './reply-text';

/** Binds if the client is new, and reads. @throws DeviceError `access_denied` when another was faster to bind */
export const getSecret: ReadVerb = async ({ client, binding }, { payload, ip, vault, onBind, replyLimitBytes }) => {
  const filter = { records: payload.requestedRecords, folders: payload.requestedFolders };
  const { records: items, bytes } = await vault.readables.size(client.applicationId, filter);
  // Before the bind: a device that gets no reply to it would have spent its token for nothing.
  refuseTooLarge({ items, bytes }, replyLimitBytes);
  if (binding && !(await vault.redemption.bind(client, binding, ip, onBind))) {
    throw new DeviceError('access_denied', TOKEN_USED);
  }
  const { sharedFolders, records } = await vault.readables.records(client.applicationId, filter, items);
  const inFolder = bySharedFolder(records);
  // Written one after another: as one object, all of them would be in memory once more.
  const repliesOf = (sharedFolderUid: string | null) =>
    new Many(inFolder.get(sharedFolderUid) ?? [], (record) => toReply(record, payload));
  const folders = sharedFolders.map(({ uid, folderKey }) => ({
    folderUid: uid,
    folderKey: folderKey.toString('base64'),
    records: repliesOf(uid),
  }));
  return {
    // A device that lost the reply to its bind asks again with the same key, and gets it again.
    ...(payload.publicKey && {
      encryptedAppKey: client.encryptedAppKey.toString('base64'),
      appOwnerPublicKey: vault.keys.ownerPublicKey.toString('base64'),
    }),
    appData: client.appData.toString('base64url'),
    folders: isFiltered(payload) ? folders.filter((folder) => folder.records.items.length > 0) : folders,
    records: repliesOf(null),
    // SDKs take 0 for "never".
    expiresOn: client.accessExpiresAt ?? 0,
    warnings: [],
  };
};

function bySharedFolder(records: readonly ReadableRecord[]): Map<string | null, ReadableRecord[]> {
  const folders = new Map<string | null, ReadableRecord[]>();
  for (const record of records) {
    const known = folders.get(record.sharedFolderUid);
    if (known) known.push(record);
    else folders.set(record.sharedFolderUid, [record]);
  }
  return folders;
}

const isFiltered = ({ requestedRecords, requestedFolders }: Payload) =>
  requestedRecords.length > 0 || requestedFolders.length > 0;

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
