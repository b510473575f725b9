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

test('what the vault has in the folders of the file, and the file has not, is told: a renamed record is a new one', () => {
  const existing = [
    folder('P', 'Prod'),
    folder('E', 'eu', uid('P')),
    folder('W', 'west', uid('E')),
    folder('O', 'Other'),
  ];
  const records = [
    record('D', 'database', uid('W')),
    record('M', 'db', uid('E')),
    record('K', 'kept', uid('O')),
    record('L', 'loose', null),
  ];
  const planned = plan(FILE, existing, records);
  expect(planned.records.map(({ revision }) => revision)).toEqual([undefined, 7]);
  expect(planned.notInFile).toEqual([
    { kind: 'record', uid: uid('D'), path: 'Prod/eu/west/database' },
    { kind: 'record', uid: uid('M'), path: 'Prod/eu/db' },
  ]);
  // A folder that is made without a UID may be one of the vault's under another name, which is told.
  expect(plan({ shared_folders: [{ path: 'Production' }] }, existing, records).notInFile).toEqual([
    { kind: 'shared folder', uid: uid('P'), path: 'Prod' },
    { kind: 'shared folder', uid: uid('O'), path: 'Other' },
  ]);
  const named = { shared_folders: [{ path: 'Team A\\Prod' }, { path: 'Team B\\Prod' }] };
  expect(plan(named, existing.slice(0, 1)).notInFile).toEqual([{ kind: 'shared folder', uid: uid('P'), path: 'Prod' }]);
  expect(plan({ shared_folders: [{ uid: uid('N'), path: 'New' }] }, existing, records).notInFile).toEqual([]);
  // Of several of one title nobody knows which are meant: they are listed as such.
  const twins = [record('D', 'db', uid('W')), record('M', 'db', uid('W'))];
  expect(plan(FILE, existing, twins)).toMatchObject({ notInFile: [], skipped: [{ of: 'db' }] });
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

test('a record that the file has in another folder is moved there under its uid', () => {
  const records = [
    { uid: uid('D'), title: 'd' },
    { uid: uid('L'), title: 'l', folders: [{ shared_folder: 'Other' }] },
  ];
  const existing = [record('D', 'd', uid('P')), record('L', 'l', null)];
  const planned = plan({ ...RENAMED, records }, [folder('P', 'Prod')], existing);
  expect(planned.records.map(({ revision, movedFrom }) => [revision, movedFrom])).toEqual([
    [7, 'the folder "Prod"'],
    [7, 'no folder'],
  ]);
  const other = planned.folders.find(({ path }) => path === 'Other');
  expect(planned.records.map(({ body }) => body.folderUid)).toEqual([null, other!.body.uid]);
});

test('what the vault has twice under one name needs a uid', () => {
  expect(problemsOf({ shared_folders: [{ path: 'Prod' }] }, [folder('P', 'Prod'), folder('Q', 'prod')])).toEqual([
    `shared_folders[0] has no "uid", and the vault has 2 shared folders of its name: write one of ${uid('P')}, ${uid('Q')}.`,
  ]);
});

const TWINS = [{ title: 'Mail', password: 'a' }, { title: 'Mail', password: 'b' }, { title: 'other' }];

test('records of one title in one folder are told apart by their order', () => {
  const passwords = (existing: VaultRecord[]) =>
    plan(TWINS, [], existing).records.map(({ revision, body }) => [
      revision,
      body.uid.slice(0, 2),
      body.data.fields[1]!.value[0],
    ]);
  const both = [record('L', 'Mail', null), record('M', 'Mail', null)];
  expect(passwords(both).slice(0, 2)).toEqual([
    [7, 'LL', 'a'],
    [7, 'MM', 'b'],
  ]);
  // An import that was interrupted after the first of them.
  expect(passwords(both.slice(0, 1)).slice(0, 2)).toEqual([
    [7, 'LL', 'a'],
    [undefined, expect.any(String), 'b'],
  ]);
});

test('where the vault has more of a title than the file, those records alone are left out', () => {
  const existing = ['L', 'M', 'N'].map((letter) => record(letter, 'Mail', null));
  const planned = plan(TWINS, [], existing);
  expect(planned.records.map(({ path }) => path)).toEqual(['other']);
  expect(planned.skipped.map(({ at, of }) => [at, of])).toEqual([
    ['records[0]', 'Mail'],
    ['records[1]', 'Mail'],
  ]);
  expect(planned.skipped[0]!.what).toContain(`give them a "uid", one of ${uid('L')}, ${uid('M')}, ${uid('N')}`);
  // With the uid of one, the others are still one too many for the rest.
  const named = [{ ...TWINS[0]!, uid: uid('L') }, TWINS[1]!];
  expect(plan(named, [], existing.slice(0, 2)).records.map(({ body }) => body.uid)).toEqual([uid('L'), uid('M')]);
});

test('references lead to the records of the file and of the vault, in the fields that hold them', () => {
  const planned = plan(
    [
      { uid: 1, title: 'home', $type: 'address' },
      { uid: 'twice', title: 'x' },
      { uid: 'twice', title: 'y' },
      {
        uid: 2,
        title: 'card',
        $type: 'bankCard',
        references: { '$addressRef::1': [1], '$recordRef:also:1': [uid('V'), uid('W')], $cardRef: ['twice'] },
      },
    ],
    [],
    [record('V', 'v', null)],
  );
  const home = planned.records[0]!.body.uid;
  const { fields, custom } = planned.records[3]!.body.data;
  expect(fields.find(({ type }) => type === 'addressRef')).toEqual({ type: 'addressRef', value: [home] });
  expect(custom).toEqual([{ type: 'recordRef', label: 'also', value: [uid('V')] }]);
  expect(planned.skipped).toEqual([
    {
      what: 'references to records that are neither in the file nor in the vault',
      at: 'records[3].references["$recordRef:also:1"]',
      of: 'card',
    },
    { what: 'references to records whose "uid" several have', at: 'records[3].references["$cardRef"]', of: 'card' },
  ]);
});

test('a shared folder inside another is a folder of it, under its own uid', () => {
  const file = {
    shared_folders: [
      { path: 'A\\B\\C', uid: uid('C') },
      { path: 'A', uid: uid('A') },
    ],
    records: [{ title: 'r', folders: [{ shared_folder: 'A\\B\\C' }] }],
  };
  const { folders, records } = plan(file);
  expect(folders.map(({ kind, path }) => [kind, path])).toEqual([
    ['shared folder', 'A'],
    ['folder', 'A/B'],
    ['folder', 'A/B/C'],
  ]);
  expect(folders[2]!.body.uid).toBe(uid('C'));
  expect(records[0]!.body.folderUid).toBe(uid('C'));
  const again = plan(file, [folder('A', 'A'), folder('B', 'B', uid('A')), folder('C', 'C', uid('B'))]);
  expect(again.folders.map(({ outcome }) => outcome)).toEqual(['unchanged']);
  expect(problemsOf(file, [folder('C', 'C')])).toEqual([
    `shared_folders[0].uid is "${uid('C')}", the UID of a shared folder in the vault; folders are not moved into another.`,
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
      },
      [folder('F', 'F'), folder('I', 'inner', uid('F'))],
      [record('R', 'r', null)],
    ),
  ).toEqual([
    `shared_folders[0].uid is "${uid('R')}", the UID of a record in the vault.`,
    `shared_folders[1].uid is "${uid('I')}", the UID of a folder inside a shared folder; take another.`,
  ]);
});

test('a record with the UID of a folder of the vault is left out, and the rest is imported', () => {
  const { records, skipped } = plan({ records: [{ title: 't', uid: uid('F') }, { title: 'u' }] }, [folder('F', 'F')]);
  expect(records.map(({ path }) => path)).toEqual(['u']);
  expect(skipped).toEqual([
    { what: 'records whose "uid" is that of a folder in the vault', at: 'records[0]', of: 't' },
  ]);
});
