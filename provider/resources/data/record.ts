import type { Secret } from '../../../contract/types';
import { type DataSourceDefinition, knownStringOf, refusal, shown, stringOf } from '../../framework';
import { nameKey, path, uidKey } from '../private/data-attributes';
import { nothingFound, only, validateKeys } from '../private/lookup';
import type { KsmSession } from '../private/session';

const wanted = { noun: 'record', command: 'ksm-iac secret list' } as const;

export const recordData: DataSourceDefinition<KsmSession> = {
  typeName: 'ksm_record',
  noun: 'record',
  schema: {
    version: 0,
    description:
      'A record of the vault, looked up by its UID or by its title: its name alone, never its content. A title that several have is refused, with the UID and path of each.',
    attributes: {
      uid: uidKey('UID of the record, 22 characters. Either this or `title`.'),
      title: nameKey('Title of the record, exactly as it is. Either this or `uid`.'),
      path,
    },
  },

  validate: (config) => validateKeys(config, 'uid', 'title'),

  async read({ config, session, call }) {
    const uid = knownStringOf(config, 'uid');
    if (uid !== undefined) {
      const secret = await session.secret(uid, call);
      if (secret.kind === 'unknown') throw nothingFound({ ...wanted, attribute: 'uid', text: uid });
      if (secret.kind === 'folder') {
        throw refusal(
          'The UID is of another kind',
          `${uid} is a shared folder. Look it up with data "ksm_shared_folder".`,
          ['uid'],
        );
      }
      return { state: { uid, title: secret.name, path: secret.path } };
    }
    const title = stringOf(config, 'title');
    const named = await session.ask(call, (client) => client.listSecrets({ name: title, kind: 'record' }));
    const record = only(named, withPath, 'uid', { ...wanted, attribute: 'title', text: title });
    return { state: { uid: record.uid, title: record.name, path: record.path } };
  },
};

/** Of several of one title, what tells them apart for a person. */
const withPath = ({ uid, path: where }: Secret) => (where === null ? uid : `${uid}, ${shown(where)}`);
