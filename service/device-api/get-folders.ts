import type { ReadVerb } from './read-verb';
import { refuseTooLarge } from './reply-size';

/** The granted shared folders and the folders in them; the Python SDK needs parents before their children. */
export const getFolders: ReadVerb = async ({ client }, { vault, replyLimitBytes }) => {
  const folders = await vault.readables.folders(client.applicationId);
  const bytes = folders.reduce((sum, { data }) => sum + data.length, 0);
  refuseTooLarge({ items: folders.length, bytes }, replyLimitBytes);
  return {
    folders: folders.map(({ uid, parentUid, folderKey, data }) => ({
      folderUid: uid,
      ...(parentUid !== null && { parent: parentUid }),
      folderKey: folderKey.toString('base64'),
      data: data.toString('base64'),
    })),
  };
};
