import type { ImportResult } from '../../../cli/vault-import';
import { skippedKinds, summaryLines } from '../../../cli/vault-import';

const none = { created: 0, updated: 0, unchanged: 0 };
const result = (counts: Partial<ImportResult>): ImportResult => ({
  sharedFolders: none,
  folders: none,
  records: none,
  items: [],
  ...counts,
});

test('one is singular, none and many are plural, and only outcomes that happened are named', () => {
  expect(summaryLines(result({}), [])).toEqual(['Imported 0 shared folders, 0 records.']);
  const one = { ...none, created: 1 };
  expect(summaryLines(result({ sharedFolders: one, folders: one, records: one }), [])).toEqual([
    'Imported 1 shared folder (1 created), 1 folder inside them (1 created), 1 record (1 created).',
  ]);
  const many = { created: 1, updated: 2, unchanged: 3 };
  expect(summaryLines(result({ sharedFolders: many, folders: many, records: many }), [])).toEqual([
    'Imported 6 shared folders (1 created, 2 updated, 3 unchanged), 6 folders inside them (1 created, 2 updated, 3 unchanged), 6 records (1 created, 2 updated, 3 unchanged).',
  ]);
});

test('folders inside shared folders are named when one was made', () => {
  expect(summaryLines(result({ folders: { ...none, unchanged: 2 } }), [])[0]).not.toContain('inside');
});

test('what was left out is counted by kind, the most frequent first, with the place of the first', () => {
  const skipped = [
    { what: 'references', at: 'records[0]' },
    { what: 'attachments', at: 'records[1]' },
    { what: 'attachments', at: 'records[2]' },
  ];
  expect(skippedKinds(skipped)).toEqual([
    { what: 'attachments', count: 2, first: 'records[1]' },
    { what: 'references', count: 1, first: 'records[0]' },
  ]);
  expect(summaryLines(result({}), skipped).slice(1)).toEqual([
    'Not imported:',
    '  attachments: 2 (first: records[1])',
    '  references: 1 (first: records[0])',
  ]);
});
