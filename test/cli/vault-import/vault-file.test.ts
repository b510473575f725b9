import fc from 'fast-check';
import { parseVaultFile, type VaultFile, VaultFileError } from '../../../cli/vault-import';

const FOLDER_UID = 'AAAAAAAAAAAAAAAAAAAAAA';
const RECORD_UID = 'BBBBBBBBBBBBBBBBBBBBBB';

const parse = (json: unknown): VaultFile => parseVaultFile(JSON.stringify(json));
const problemsOf = (json: unknown): string[] => {
  try {
    parseVaultFile(typeof json === 'string' ? json : JSON.stringify(json));
    return [];
  } catch (error) {
    if (!(error instanceof VaultFileError)) throw error;
    return error.problems.map(({ at, message }) => `${at} ${message}`);
  }
};

test('shared folders and records are read with their uids', () => {
  const file = parse({
    shared_folders: [{ uid: FOLDER_UID, path: 'Databases' }],
    records: [
      {
        uid: RECORD_UID,
        title: 'orders',
        $type: 'databaseCredentials',
        login: 'app',
        password: 's3cret',
        custom_fields: { $host: { hostName: 'db', port: '5432' }, '$secret:API key:1': 'k', 'Old label': 'v' },
        folders: [{ shared_folder: 'databases', folder: 'Europe\\West' }],
      },
    ],
  });
  expect(file.skipped).toEqual([]);
  expect(file.folders).toMatchObject([{ uid: FOLDER_UID, name: 'Databases' }]);
  expect(file.records).toEqual([
    {
      at: 'records[0]',
      uid: RECORD_UID,
      place: { folder: file.folders[0], inside: ['Europe', 'West'] },
      data: {
        title: 'orders',
        type: 'databaseCredentials',
        fields: [
          { type: 'text', label: 'type', value: [] },
          { type: 'host', value: [{ hostName: 'db', port: '5432' }] },
          { type: 'login', value: ['app'] },
          { type: 'password', value: ['s3cret'] },
        ],
        custom: [
          { type: 'secret', label: 'API key', value: ['k'] },
          { type: 'text', label: 'Old label', value: ['v'] },
        ],
      },
      references: [],
    },
  ]);
});

test('a type that is not known keeps login, password and URL as standard fields', () => {
  const [record] = parse([{ title: 't', $type: 'ours', password: 'p', custom_fields: { $text: 'x' } }]).records;
  expect(record!.data).toEqual({
    title: 't',
    type: 'ours',
    fields: [{ type: 'password', value: ['p'] }],
    custom: [{ type: 'text', value: ['x'] }],
  });
});

test("a file's own schema decides which fields are standard ones", () => {
  const [record] = parse([
    {
      title: 't',
      $type: 'mine',
      login: 'l',
      schema: ['$text:Region', '$login'],
      custom_fields: { '$text:Region': 'EU' },
    },
  ]).records;
  expect(record!.data.fields).toEqual([
    { type: 'text', label: 'Region', value: ['EU'] },
    { type: 'login', value: ['l'] },
  ]);
  expect(record!.data.custom).toEqual([]);
});

test('an array is one field of several values where the type allows it, and several fields elsewhere', () => {
  const [record] = parse([
    { title: 't', custom_fields: { '$url:Mirrors': ['a', 'b'], Note: ['c', 'd'], $pinCode: ['1', '2'], None: [] } },
  ]).records;
  expect(record!.data.custom).toEqual([
    { type: 'url', label: 'Mirrors', value: ['a', 'b'] },
    { type: 'text', label: 'Note', value: ['c'] },
    { type: 'text', label: 'Note', value: ['d'] },
    { type: 'pinCode', value: ['1'] },
    { type: 'pinCode', value: ['2'] },
  ]);
});

test('values take the form of their type', () => {
  const [record] = parse([
    {
      title: 't',
      custom_fields: {
        $date: '1700000000000',
        $checkbox: true,
        Port: 5432,
        Empty: null,
        'TFC:Keeper': 'otpauth://totp/x',
      },
    },
  ]).records;
  expect(record!.data.custom).toEqual([
    { type: 'date', value: [1_700_000_000_000] },
    { type: 'checkbox', value: [true] },
    { type: 'text', label: 'Port', value: ['5432'] },
    { type: 'text', label: 'Empty', value: [] },
  ]);
  expect(record!.data.fields).toContainEqual({ type: 'oneTimeCode', value: ['otpauth://totp/x'] });
});

test('a record goes to the first of its folders that is shared; what is left out is listed', () => {
  const file = parse({
    teams: [{ name: 'ops' }],
    shared_folders: [{ path: 'Testing\\Two', can_edit: true, permissions: [{ name: 'a@b.c', manage_users: true }] }],
    records: [
      { title: 'a', folders: [{ folder: 'Private' }, { shared_folder: 'Testing\\Two' }, { shared_folder: 'Three' }] },
      { title: 'b', pasword: 'typo', references: { $fileRef: ['x'] }, attachments: [{}], last_modified: 1 },
    ],
  });
  expect(file.folders.map(({ name }) => name)).toEqual(['Two', 'Three']);
  expect(file.skipped.find(({ at }) => at.endsWith('can_edit'))).toMatchObject({ ofFolder: 'Testing\\Two' });
  expect(file.records.map(({ place }) => place?.folder.name)).toEqual(['Two', undefined]);
  expect(file.skipped.map(({ at, what }) => `${at}: ${what}`).sort()).toEqual([
    'records[0].folders[0]: private folders of records',
    'records[0].folders[2]: further folders of records that lie in a shared folder already',
    'records[1].attachments: attachments',
    'records[1].last_modified: times of last modification',
    "records[1].pasword: members that Keeper's format does not have",
    'records[1].references["$fileRef"]: attachments',
    // Flags and list of one folder are one thing, as people count.
    'shared_folders[0].can_edit: permissions of users and teams',
    'shared_folders[0]: private folders around shared folders',
    'teams: teams',
  ]);
});

test('a folder alone that is a shared one, or inside one, is taken for it', () => {
  const file = parse({
    shared_folders: [{ path: 'A' }],
    records: [
      { title: 'x', folders: [{ folder: 'A\\inner' }] },
      { title: 'y', folders: [{ shared_folder: 'A\\inner' }] },
    ],
  });
  expect(file.folders).toHaveLength(1);
  expect(file.records.map(({ place }) => place?.inside)).toEqual([['inner'], ['inner']]);
});

const faultsOf = (json: unknown): string[] =>
  parse(json).faults.map(({ at, message, wholeRecord }) => `${at} ${message}${wholeRecord ? ' [record]' : ''}`);

test('all problems of a file are reported at once, with path, what was received and the cure', () => {
  expect(
    problemsOf({
      shared_folders: [{ uid: [], path: 'A' }, { path: ' ' }, { path: 'a' }, { path: 'A\\B' }, 7, { path: 'X\u0007' }],
    }),
  ).toEqual([
    'shared_folders[0].uid is an array; write a Keeper UID, or any text or number to refer to it in this file.',
    'shared_folders[1].path is missing; write the name of the shared folder.',
    'shared_folders[2].path is "a", as that of shared_folders[0] (letter case does not count); remove one.',
    'shared_folders[4] is a number, not an object in braces.',
    'shared_folders[5].path names the folder "X\\u0007"; a name is 1 to 255 characters without control characters.',
  ]);
});

test('what cannot be read in a record is a fault of it, and everything else is taken', () => {
  const json = {
    records: [
      { title: 5, login: 7 },
      { title: {}, password: 'p' },
      7,
      {
        title: 't',
        folders: {},
        folder: 'A\u0007',
        custom_fields: { $checkbox: 'yes', $: 'x', '$date:D': 'soon', $text: {}, '$pinCode:ok': '1' },
      },
      { title: 'next' },
    ],
  };
  expect(faultsOf(json)).toEqual([
    'records[1].title is an object; write a text in double quotes.',
    'records[2] is a number, not an object in braces. [record]',
    'records[3].custom_fields["$checkbox"] is a text; a field of the type "checkbox" is true or false.',
    'records[3].custom_fields["$"] names no type after the $; write "$type:label", or a label without $.',
    'records[3].custom_fields["$date:D"] is a text that is no date; write it in milliseconds since 1970, or as 2026-12-31.',
    'records[3].custom_fields["$text"] is an object; a field of the type "text" holds a text.',
    'records[3].folders is an object, not an array in brackets.',
    'records[3] names the folder "A\\u0007"; a name is 1 to 255 characters without control characters.',
  ]);
  const { records, faults } = parse(json);
  expect(faults.map(({ of }) => of)).toEqual(['Untitled', undefined, 't', 't', 't', 't', 't', 't']);
  expect(records.map(({ data }) => data.title)).toEqual(['5', 'Untitled', 't', 'next']);
  expect(records[0]!.data.fields).toContainEqual({ type: 'login', value: ['7'] });
  expect(records[2]!.data.custom).toEqual(expect.arrayContaining([{ type: 'pinCode', label: 'ok', value: ['1'] }]));
});

test('of several records with one UID the first is taken, unless a folder has it', () => {
  const json = {
    shared_folders: [{ path: 'C', uid: FOLDER_UID }],
    records: [
      { title: 's', uid: FOLDER_UID },
      { title: 'a', uid: RECORD_UID },
      { title: 'b', uid: RECORD_UID },
    ],
  };
  expect(faultsOf(json)).toEqual([
    `records[0].uid is "${FOLDER_UID}", as that of shared_folders[0]; a UID belongs to one thing. [record]`,
    `records[2].uid is "${RECORD_UID}", as that of records[1]; a UID belongs to one thing. [record]`,
  ]);
  expect(parse(json).records.map(({ data }) => data.title)).toEqual(['a']);
});

test('values of types that are nobody’s, dates as text and switches stay what they are', () => {
  const [record] = parse([
    {
      title: 't',
      $type: 'wifiCredentials',
      custom_fields: {
        $isSSIDHidden: true,
        '$checkbox:a': 'true',
        '$checkbox:b': 'false',
        '$date:D': '2026-12-31',
        '$ours:x': { a: [1] },
      },
    },
  ]).records;
  expect(record!.data.fields).toContainEqual({ type: 'isSSIDHidden', value: [true] });
  expect(record!.data.custom).toEqual([
    { type: 'checkbox', label: 'a', value: [true] },
    { type: 'checkbox', label: 'b', value: [false] },
    { type: 'date', label: 'D', value: [Date.UTC(2026, 11, 31)] },
    { type: 'ours', label: 'x', value: [{ a: [1] }] },
  ]);
});

test('a UID that two folders claim is refused', () => {
  const shared_folders = [
    { path: 'C', uid: FOLDER_UID },
    { path: 'D', uid: FOLDER_UID },
  ];
  expect(problemsOf({ shared_folders })).toEqual([
    `shared_folders[1].uid is "${FOLDER_UID}", as that of shared_folders[0]; a UID belongs to one thing.`,
  ]);
});

test('shared folders without a UID that share a name are told apart by their paths', () => {
  const file = parse({
    shared_folders: [{ path: 'A\\X' }, { path: 'Y' }],
    records: [{ title: 't', folders: [{ shared_folder: 'B\\x', folder: 'in' }] }],
  });
  expect(file.folders.map(({ name }) => name)).toEqual(['A/X', 'Y', 'B/x']);
  expect(file.records[0]!.place).toMatchObject({ folder: { name: 'B/x' }, inside: ['in'] });
  expect(file.skipped.map(({ at, what }) => `${at} ${what.slice(0, 23)}`)).toContain(
    'shared_folders[0] names of shared folders',
  );
});

test("an export of the web vault is taken as it is: the file's own uids, references, equal and empty titles", () => {
  const file = parse({
    shared_folders: [{ uid: FOLDER_UID, path: 'Ops ', manage_users: false, can_edit: false }],
    records: [
      {
        uid: 1,
        title: 'Registry',
        $type: 'login',
        folders: [{ shared_folder: 'Ops ', folder: 'Sub', can_edit: false }],
      },
      { uid: 2, title: 'Mail', references: { '$addressRef::1': [1] } },
      { uid: 'three', title: 'Mail' },
      { uid: RECORD_UID, title: '' },
      {},
    ],
  });
  expect(file.records.map(({ uid, local, data }) => [uid, local, data.title])).toEqual([
    [undefined, '1', 'Registry'],
    [undefined, '2', 'Mail'],
    [undefined, 'three', 'Mail'],
    [RECORD_UID, undefined, 'Untitled'],
    [undefined, undefined, 'Untitled'],
  ]);
  expect(file.records[0]!.place).toMatchObject({ folder: { name: 'Ops' }, inside: ['Sub'] });
  expect(file.records[1]!.references).toEqual([
    { at: 'records[1].references["$addressRef::1"]', type: 'addressRef', label: '', to: ['1'] },
  ]);
  expect(file.skipped).toEqual([]);
});

test('a flat export is taken as it is: a folder as text, custom fields as a list', () => {
  const file = parse({
    shared_folders: [{ path: 'Team' }],
    records: [
      {
        title: 'old',
        folder: 'Team\\Web',
        custom_fields: [
          { name: 'Host', value: 'a' },
          { label: 'Key', type: 'secret', value: 'b' },
          { name: 'Empty', value: null },
        ],
      },
      { title: 'private', folder: 'Mine' },
    ],
  });
  expect(file.records[0]!.place).toMatchObject({ folder: { name: 'Team' }, inside: ['Web'] });
  expect(file.records[0]!.data.custom).toEqual([
    { type: 'text', label: 'Host', value: ['a'] },
    { type: 'secret', label: 'Key', value: ['b'] },
    { type: 'text', label: 'Empty', value: [] },
  ]);
  expect(file.skipped).toEqual([{ what: 'private folders of records', at: 'records[1]', of: 'private' }]);
});

test('the standard fields of built-in types are where the real vault has them', () => {
  const fieldsOf = (record: object) =>
    Object.fromEntries(
      parse([{ title: 't', ...record }])
        .records[0]!.data.fields.filter(({ value }) => value.length > 0)
        .map(({ type, label, value }) => [label ? `${type}:${label}` : type, value[0]]),
    );
  const host = { hostName: '10.0.0.7', port: '22' };
  expect(
    fieldsOf({ $type: 'pamMachine', custom_fields: { '$pamHostname::1': host, '$text:operatingSystem:1': 'linux' } }),
  ).toEqual({ pamHostname: host, 'text:operatingSystem': 'linux' });
  expect(
    fieldsOf({ $type: 'pamUser', login: 'root', password: 'pw', custom_fields: { '$secret:privatePEMKey:1': 'pem' } }),
  ).toEqual({ login: 'root', password: 'pw', 'secret:privatePEMKey': 'pem' });
  // Without its label, a field goes where the type has one of its kind left.
  expect(fieldsOf({ $type: 'driverLicense', custom_fields: { '$accountNumber::1': 'D1' } })).toEqual({
    'accountNumber:dlNumber': 'D1',
  });
  expect(fieldsOf({ $type: 'softwareLicense', custom_fields: { '$date:dateActive': 5 } })).toEqual({
    'date:dateActive': 5,
  });
});

test('a file that is no JSON or no object is refused in a sentence', () => {
  expect(problemsOf('{"records": [}')).toEqual(['Line 1, column 14 is not JSON: a value should begin here.']);
  expect(problemsOf('"text"')).toEqual([' is a text, not an object in braces.']);
});

test('a misspelt member is not an import of nothing', () => {
  expect(() => parseVaultFile('{"recods": []}')).toThrow(/neither "shared_folders" nor "records"/);
  expect(parseVaultFile('{"records": []}')).toMatchObject({ folders: [], records: [] });
});

test('a record that no request can carry is left out', () => {
  expect(faultsOf([{ title: 't', notes: 'n'.repeat(1_100_000) }])).toEqual([
    expect.stringMatching(/^records\[0\] has 11\d{5} bytes of content; a record may have 1047552\. \[record\]$/),
  ]);
});

test('no problem shows a value that may be a secret', () => {
  const canary = 'canary-7f3a';
  const text = faultsOf({
    records: [
      { title: [canary], login: { canary }, password: [canary], notes: [canary] },
      { title: 't', custom_fields: { $date: canary, $checkbox: canary, Token: { canary }, List: [[canary]] } },
      { title: 't', custom_fields: canary, folders: canary, schema: [canary, {}] },
    ],
  }).join('\n');
  expect(text).toContain('records[1].custom_fields');
  expect(text).not.toContain(canary);
});

test('whatever JSON is given, the answer is a vault file or problems, never another failure', () => {
  const key = fc.constantFrom(
    'uid',
    'title',
    'path',
    'folders',
    'custom_fields',
    '$type',
    'schema',
    'shared_folder',
    'folder',
    '$x:y',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, true, 0, '', 'a\\b', FOLDER_UID),
      fc.string(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 4 }), fc.array(value, { maxLength: 4 }), (shared_folders, records) => {
      for (const problem of problemsOf({ shared_folders, records })) expect(problem).toMatch(/\.$/);
      // Whatever a record is, it is no reason to refuse the file.
      expect(problemsOf({ records })).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});
