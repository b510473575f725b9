import { parseVaultFile, planImport, VaultFileError } from '../../../cli/vault-import';
import type { VaultFolder, VaultRecord } from '../../../contract/types';

const uid = (letter: string) => letter.repeat(22);
const folder = (letter: string, name: string, parentUid: string | null = null): VaultFolder => ({
  uid: uid(letter),
  name,
  parentUid,
});
const record = (letter: string, title: string, folderUid: string | null): VaultRecord => ({
  uid: uid(letter),
  title,
  type: 'login',
  folderUid,
  revision: 7,
});
const plan = (json: unknown, folders: VaultFolder[] = [], records: VaultRecord[] = []) =>
  planImport(parseVaultFile(JSON.stringify(json)), { folders, records });
const problemsOf = (...args: Parameters<typeof plan>): string[] => {
  try {
    plan(...args);
    return [];
  } catch (error) {
    if (!(error instanceof VaultFileError)) throw error;
    return error.problems.map(({ at, message }) => `${at} ${message}`);
  }
};

const FILE = {
  shared_folders: [{ path: 'Prod' }],
  records: [{ title: 'db', folders: [{ shared_folder: 'Prod', folder: 'eu\\west' }] }, { title: 'loose' }],
};

test('into an empty vault everything is created, parents first, under UIDs that are drawn beforehand', () => {
  const { folders, records } = plan(FILE);
  const [prod, eu, west] = folders;
  expect(folders.map(({ kind, outcome, body }) => [kind, outcome, body.name])).toEqual([
    ['shared folder', 'created', 'Prod'],
    ['folder', 'created', 'eu'],
    ['folder', 'created', 'west'],
  ]);
  expect([prod!.body.parentUid, eu!.body.parentUid, west!.body.parentUid]).toEqual([
    null,
    prod!.body.uid,
    eu!.body.uid,
  ]);
  expect(records.map(({ body }) => body.folderUid)).toEqual([west!.body.uid, null]);
  for (const { body } of [...folders, ...records]) expect(body.uid).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/);
});

test('without uids, folders are matched by name and records by title and folder', () => {
  const existing = [folder('P', 'PROD'), folder('E', 'eu', uid('P')), folder('W', 'west', uid('E'))];
  const records = [record('D', 'db', uid('W')), record('O', 'db', uid('E')), record('L', 'loose', null)];
  const planned = plan(FILE, existing, records);
  expect(planned.folders.map(({ outcome, body }) => [outcome, body.uid, body.name])).toEqual([
    ['unchanged', uid('P'), 'PROD'],
  ]);
  expect(planned.records.map(({ revision, body }) => [revision, body.uid])).toEqual([
    [7, uid('D')],
    [7, uid('L')],
  ]);
});

const RENAMED = { shared_folders: [{ uid: uid('P'), path: 'Production' }] };

test('with a uid a folder is renamed and a record replaced', () => {
  const moved = { uid: uid('D'), title: 'new', folders: [{ shared_folder: 'Production' }] };
  const planned = plan({ ...RENAMED, records: [moved] }, [folder('P', 'Prod')], [record('D', 'old', uid('P'))]);
  expect(planned.folders).toMatchObject([{ outcome: 'updated', body: { name: 'Production' } }]);
  expect(planned.records).toMatchObject([{ revision: 7, body: { uid: uid('D'), folderUid: uid('P') } }]);
});

test('a record that lies elsewhere in the vault is refused, since records are not moved', () => {
  const records = [
    { uid: uid('D'), title: 'd' },
    { uid: uid('L'), title: 'l', folders: [{ shared_folder: 'Other' }] },
  ];
  const existing = [record('D', 'd', uid('P')), record('L', 'l', null)];
  expect(problemsOf({ ...RENAMED, records }, [folder('P', 'Prod')], existing)).toEqual([
    'records[0] is in the folder "Prod" in the vault and in no folder in the file; records are not moved: change the file or the "uid".',
    'records[1] is in no folder in the vault and in the folder "Other" in the file; records are not moved: change the file or the "uid".',
  ]);
});

test('what the vault has twice under one name needs a uid', () => {
  expect(
    problemsOf(
      { shared_folders: [{ path: 'Prod' }], records: [{ title: 'loose' }] },
      [folder('P', 'Prod'), folder('Q', 'prod')],
      [record('L', 'loose', null), record('M', 'loose', null)],
    ),
  ).toEqual([
    `shared_folders[0] has no "uid", and the vault has 2 shared folders of its name: write one of ${uid('P')}, ${uid('Q')}.`,
    `records[0] has no "uid", and 2 records of its title are in its folder: write one of ${uid('L')}, ${uid('M')}.`,
  ]);
});

test('a uid that is something else in the vault is refused', () => {
  expect(
    problemsOf(
      {
        shared_folders: [
          { path: 'a', uid: uid('R') },
          { path: 'b', uid: uid('I') },
        ],
        records: [{ title: 't', uid: uid('F') }],
      },
      [folder('F', 'F'), folder('I', 'inner', uid('F'))],
      [record('R', 'r', null)],
    ),
  ).toEqual([
    `shared_folders[0].uid is "${uid('R')}", the UID of a record in the vault.`,
    `shared_folders[1].uid is "${uid('I')}", the UID of a folder inside a shared folder; take another.`,
    `records[0].uid is "${uid('F')}", the UID of a folder in the vault.`,
  ]);
});
