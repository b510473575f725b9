import type { ImportResult } from '../../../cli/vault-import';
import { skippedKinds, summaryLines } from '../../../cli/vault-import';

const none = { created: 0, updated: 0, moved: 0, unchanged: 0 };
const result = (counts: Partial<ImportResult>): ImportResult => ({
  sharedFolders: none,
  folders: none,
  records: none,
  items: [],
  skipped: [],
  ...counts,
});

test('one is singular, none and many are plural, and only outcomes that happened are named', () => {
  expect(summaryLines(result({}), [])).toEqual(['Imported 0 shared folders, 0 records.']);
  const one = { ...none, created: 1 };
  expect(summaryLines(result({ sharedFolders: one, folders: one, records: one }), [])).toEqual([
    'Imported 1 shared folder (1 created), 1 folder inside them (1 created), 1 record (1 created).',
  ]);
  const many = { created: 1, updated: 2, moved: 0, unchanged: 3 };
  expect(summaryLines(result({ sharedFolders: many, folders: many, records: many }), [])).toEqual([
    'Imported 6 shared folders (1 created, 2 updated, 3 unchanged), 6 folders inside them (1 created, 2 updated, 3 unchanged), 6 records (1 created, 2 updated, 3 unchanged).',
  ]);
});

test('folders inside shared folders are named when one was made', () => {
  expect(summaryLines(result({ folders: { ...none, unchanged: 2 } }), [])[0]).not.toContain('inside');
});

test('what was left out is counted by kind, the most frequent first, with the records that lack it', () => {
  const skipped = [
    { what: 'teams', at: 'teams' },
    ...['a', 'b', 'b', 'c', 'd', 'e\u001b'].map((of, index) => ({ what: 'attachments', at: `records[${index}]`, of })),
  ];
  expect(skippedKinds(skipped)).toEqual([
    { what: 'attachments', count: 6, first: 'records[0]', records: ['a', 'b', 'c', 'd', 'e\u001b'] },
    { what: 'teams', count: 1, first: 'teams', records: [] },
  ]);
  expect(
    summaryLines(result({ skipped: [{ what: 'references', at: 'records[0]', of: 'a' }] }), skipped).slice(1),
  ).toEqual([
    'Not imported:',
    '  attachments: 6 (of "a", "b", "c" and 2 more)',
    '  teams: 1 (first: teams)',
    '  references: 1 (of "a")',
  ]);
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
  expect(summaryLines(result({ records, items: [item] }), [])).toEqual([
    'Imported 0 shared folders, 1 record (1 moved).',
    'Moved:',
    '  "New/db", from the folder "Old"',
    'Erased, since the file has no such fields:',
    '  "New/db": "API key"',
  ]);
  expect(summaryLines(result({ records, items: [item] }), [], { dryRun: true })).toEqual([
    'Nothing was written. It would import 0 shared folders, 1 record (1 moved).',
    'It would move:',
    '  "New/db", from the folder "Old"',
    'It would erase, since the file has no such fields:',
    '  "New/db": "API key"',
  ]);
});
