import type { DataSourceDefinition } from '../../framework';
import { folderKind, found, items, path } from '../private/data-attributes';
import type { KsmSession } from '../private/session';

export const sharedFoldersData: DataSourceDefinition<KsmSession> = {
  typeName: 'ksm_shared_folders',
  noun: 'shared folders',
  schema: {
    version: 0,
    description: 'All shared folders of the vault that the API token may see.',
    attributes: {
      items: items('The shared folders.', {
        uid: found('UID of the shared folder, 22 characters.'),
        name: found('Name of the shared folder.'),
        kind: folderKind,
        path,
      }),
    },
  },

  async read({ session, call }) {
    const folders = await session.ask(call, (client) => client.listSharedFolders());
    const values = folders.map(({ uid, name, folderKind: kind, path: where }) => ({ uid, name, kind, path: where }));
    return { state: { items: values } };
  },
};
