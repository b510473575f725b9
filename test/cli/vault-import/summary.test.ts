import type { ImportResult } from '../../../cli/vault-import';
import { skippedKinds, summaryLines } from '../../../cli/vault-import';

const none = { created: 0, updated: 0, moved: 0, unchanged: 0 };
const result = (counts: Partial<ImportResult>): ImportResult => ({
  sharedFolders: none,
  folders: none,
  records: none,
  items: [],
  skipped: [],
  notInFile: [],
  ...counts,
});

/** A file of which everything was taken. */
const whole = { skipped: [], faults: [] };

test('one is singular, none and many are plural, and only outcomes that happened are named', () => {
  expect(summaryLines(result({}), whole)).toEqual(['Imported 0 shared folders, 0 records.']);
  const one = { ...none, created: 1 };
  expect(summaryLines(result({ sharedFolders: one, folders: one, records: one }), whole)).toEqual([
    'Imported 1 shared folder (1 created), 1 folder inside them (1 created), 1 record (1 created).',
  ]);
  const many = { created: 1, updated: 2, moved: 0, unchanged: 3 };
  expect(summaryLines(result({ sharedFolders: many, folders: many, records: many }), whole)).toEqual([
    'Imported 6 shared folders (1 created, 2 updated, 3 unchanged), 6 folders inside them (1 created, 2 updated, 3 unchanged), 6 records (1 created, 2 updated, 3 unchanged).',
  ]);
});

test('folders inside shared folders are named when one was made', () => {
  expect(summaryLines(result({ folders: { ...none, unchanged: 2 } }), whole)[0]).not.toContain('inside');
});

test('what was left out is counted by kind, the most frequent first, with the records that lack it', () => {
  const skipped = [
    { what: 'teams', at: 'teams' },
    ...['a', 'b', 'b', 'c', 'd', 'e\u001b'].map((of, index) => ({ what: 'attachments', at: `records[${index}]`, of })),
  ];
  expect(skippedKinds(skipped)).toEqual([
    { what: 'attachments', count: 6, first: 'records[0]', folders: [], records: ['a', 'b', 'c', 'd', 'e\u001b'] },
    { what: 'teams', count: 1, first: 'teams', folders: [], records: [] },
  ]);
  expect(
    summaryLines(result({ skipped: [{ what: 'references', at: 'records[0]', of: 'a' }] }), {
      skipped,
      faults: [],
    }).slice(1),
  ).toEqual([
    'Not imported:',
    '  attachments: 6 (of "a", "b", "c" and 2 more)',
    '  teams: 1 (first: teams)',
    '  references: 1 (of "a")',
  ]);
});

test('a shared folder that lacks something now is named before records', () => {
  const what = 'permissions of users and teams';
  const skipped = [
    { what, at: 'records[0].folders[0].can_edit', of: 'orders' },
    { what, at: 'shared_folders[0].permissions', ofFolder: 'Databases' },
  ];
  expect(summaryLines(result({ skipped }), whole)[2]).toBe(`  ${what}: 2 (of the shared folder "Databases", "orders")`);
});

test('what stays in the vault though the file has it not is named with its UID', () => {
  const notInFile = Array.from({ length: 22 }, (_, index) => ({
    kind: 'record' as const,
    uid: `uid-${index}`,
    path: `Ops/x${index}\u001b`,
  }));
  const lines = summaryLines(result({ notInFile }), whole);
  expect(lines.slice(1, 3)).toEqual([
    'In the vault and not in the file; they stay, with what is granted of them (ksm-iac vault delete UID):',
    '  "Ops/x0\\\\u{1b}" uid-0',
  ]);
  expect(lines.at(-1)).toBe('  … and 2 more.');
});

test('each record that was moved or lost a field is named', () => {
  const item = {
    kind: 'record',
    uid: 'A'.repeat(22),
    path: 'New/db',
    outcome: 'moved',
    movedFrom: 'the folder "Old"',
    erased: ['API key'],
  } as const;
  const records = { ...none, moved: 1 };
  expect(summaryLines(result({ records, items: [item] }), whole)).toEqual([
    'Imported 0 shared folders, 1 record (1 moved).',
    'Moved:',
    '  "New/db", from the folder "Old"',
    'Erased, since the file has no such fields:',
    '  "New/db": "API key"',
  ]);
  expect(summaryLines(result({ records, items: [item] }), whole, { dryRun: true })).toEqual([
    'Nothing was written. It would import 0 shared folders, 1 record (1 moved).',
    'It would move:',
    '  "New/db", from the folder "Old"',
    'It would erase, since the file has no such fields:',
    '  "New/db": "API key"',
  ]);
});

test('what could not be read is named, each with its place, its record and the cure, twenty at most', () => {
  const fault = (index: number, wholeRecord: boolean) => ({
    at: `records[${index}].x`,
    message: 'is wrong.',
    of: wholeRecord ? undefined : 'a\u001b',
    wholeRecord,
  });
  const faults = [fault(0, true), ...Array.from({ length: 22 }, (_, index) => fault(index + 1, false))];
  const lines = summaryLines(result({}), { skipped: [], faults }).slice(1);
  expect(lines.slice(0, 4)).toEqual([
    'Records that cannot be read, and are left out:',
    '  records[0].x is wrong.',
    'What cannot be read in records is left out of them:',
    '  records[1].x (of "a\\\\u{1b}") is wrong.',
  ]);
  expect(lines).toHaveLength(2 + 1 + 20 + 1);
  expect(lines.at(-1)).toBe('  … and 2 more.');
  const twenty = summaryLines(result({}), { skipped: [], faults: faults.slice(1, 21) });
  expect(twenty.at(-1)).toContain('is wrong.');
});
