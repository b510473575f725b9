import type { ReadVerb } from './read-verb';

/** The granted shared folders and the folders in them; the Python SDK needs parents before their children. */
export const getFolders: ReadVerb = async ({ client }, { vault }) => {
  const folders = await vault.readables.folders(client.applicationId);
  return {
    folders: folders.map(({ uid, parentUid, folderKey, data }) => ({
      folderUid: uid,
      ...(parentUid !== null && { parent: parentUid }),
      folderKey: folderKey.toString('base64'),
      data: data.toString('base64'),
    })),
  };
};
