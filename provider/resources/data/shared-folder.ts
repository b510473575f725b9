import { type DataSourceDefinition, knownStringOf, refusal, stringOf } from '../../framework';
import { folderKind, nameKey, path, uidKey } from '../private/data-attributes';
import { nothingFound, only, validateKeys } from '../private/lookup';
import type { KsmSession } from '../private/session';

const wanted = { noun: 'shared folder', command: 'ksm-iac secret list' } as const;

export const sharedFolderData: DataSourceDefinition<KsmSession> = {
  typeName: 'ksm_shared_folder',
  noun: 'shared folder',
  schema: {
    version: 0,
    description:
      'A shared folder of the vault, looked up by its UID or by its name. A name that several have is refused, with their UIDs.',
    attributes: {
      uid: uidKey('UID of the shared folder, 22 characters. Either this or `name`.'),
      name: nameKey('Name of the shared folder, exactly as it is. Either this or `uid`.'),
      kind: folderKind,
      path,
    },
  },

  validate: (config) => validateKeys(config, 'uid', 'name'),

  async read({ config, session, call }) {
    const uid = knownStringOf(config, 'uid');
    if (uid !== undefined) {
      const secret = await session.secret(uid, call);
      if (secret.kind === 'unknown') throw nothingFound({ ...wanted, attribute: 'uid', text: uid });
      if (secret.kind === 'record') {
        throw refusal('The UID is of another kind', `${uid} is a record. Look it up with data "ksm_record".`, ['uid']);
      }
      return { state: { uid, name: secret.name, kind: secret.folderKind, path: secret.path } };
    }
    const name = stringOf(config, 'name');
    const named = await session.ask(call, (client) => client.listSharedFolders({ name }));
    const folder = only(named, (one) => one.uid, 'uid', { ...wanted, attribute: 'name', text: name });
    return { state: { uid: folder.uid, name: folder.name, kind: folder.folderKind, path: folder.path } };
  },
};
