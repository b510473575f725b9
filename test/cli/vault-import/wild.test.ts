/** Exports as they are found, through the built command into a real vault, and once more. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { runCli } from '../../support/cli';
import { TestService } from '../../support/service';

jest.setTimeout(120_000);

let service: TestService;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-iac-wild-'));
  service = await TestService.start();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await service.dispose();
});

const permissions = { manage_users: true, manage_records: false, can_edit: false, can_share: true };
/** As the web vault writes it: numbers for UIDs, references by them, equal titles, a flat folder, something broken. */
const EXPORT = {
  shared_folders: [
    {
      uid: 'hIAjFl53zxNgBtDTtpRrFA',
      path: 'Ops ',
      ...permissions,
      permissions: [{ name: 'a@example.com', ...permissions }],
    },
    { path: 'Ops \\Inner', ...permissions },
  ],
  records: [
    { uid: 1, title: 'Mail', $type: 'login', login: 'a', folders: [{ shared_folder: 'Ops ', folder: 'Sub' }] },
    { uid: 2, title: 'Mail', $type: 'login', login: 'b', folders: [{ shared_folder: 'Ops ', folder: 'Sub' }] },
    { uid: 3, title: 'Office', $type: 'address', custom_fields: { $address: { street1: 'x' } } },
    { uid: 4, title: 'Card', $type: 'bankCard', references: { '$addressRef::1': [3], '$fileRef::2': [9] } },
    {
      uid: 5,
      title: 'machine',
      $type: 'pamMachine',
      folders: [{ shared_folder: 'Ops \\Inner' }],
      custom_fields: {
        '$pamHostname::1': { hostName: '10.0.0.7', port: '22' },
        '$checkbox:sslVerification:1': 'maybe',
      },
    },
    { uid: 6, title: '', folder: 'Private', attachments: [{ file_uid: 'x', name: 'a.txt' }] },
    'no record',
  ],
};
const importing = async (file: string) => {
  const { code, stdout, stderr } = await runCli(['vault', 'import', file, '--json', '--data', service.dataDir]);
  return { code, stderr, summary: JSON.parse(stdout) };
};

test('an export of the web vault is imported but for what cannot be read, which is listed; twice changes nothing', async () => {
  const file = join(folder, 'export.zip');
  writeFileSync(file, zipSync({ 'export.json': strToU8(JSON.stringify(EXPORT)), 'files/a.txt': strToU8('a') }));
  const first = await importing(file);
  expect(first).toMatchObject({ code: 1, stderr: '' });
  expect(first.summary.records).toEqual({ created: 6, updated: 0, moved: 0, unchanged: 0 });
  expect(first.summary.items.map(({ path }: { path: string }) => path)).toEqual([
    ...['Ops', 'Ops/Inner', 'Ops/Sub'],
    ...['Ops/Sub/Mail', 'Ops/Sub/Mail', 'Office', 'Card', 'Ops/Inner/machine', 'Untitled'],
  ]);
  expect(first.summary.faults).toEqual([
    {
      at: 'records[4].custom_fields["$checkbox:sslVerification:1"]',
      message: 'is a text; a field of the type "checkbox" is true or false.',
      of: 'machine',
      wholeRecord: false,
    },
    { at: 'records[6]', message: 'is a text, not an object in braces.', wholeRecord: true },
  ]);
  const left = Object.fromEntries(
    first.summary.notImported.map(({ what, records }: { what: string; records: string[] }) => [what, records]),
  );
  expect(left).toMatchObject({ attachments: ['Card', 'Untitled'], 'private folders of records': ['Untitled'] });

  const again = await importing(file);
  expect(again.summary.records).toEqual({ created: 0, updated: 0, moved: 0, unchanged: 6 });
  const uids = ({ summary }: typeof first) =>
    summary.items.filter(({ kind }: { kind: string }) => kind === 'record').map(({ uid }: { uid: string }) => uid);
  expect(uids(again)).toEqual(uids(first));
});

test('what moved and what would be lost is said before anything is written', async () => {
  const file = join(folder, 'changed.json');
  const changed = structuredClone(EXPORT);
  changed.records.pop();
  Object.assign(changed.records[2] as object, {
    title: 'Office',
    custom_fields: {},
    folders: [{ shared_folder: 'Ops ' }],
    uid: undefined,
  });
  writeFileSync(file, JSON.stringify(changed));
  const { items } = (await importing(join(folder, 'export.zip'))).summary;
  const office = items.find(({ path }: { path: string }) => path === 'Office').uid;
  Object.assign(changed.records[2] as object, { uid: office });
  writeFileSync(file, JSON.stringify(changed));
  const dry = await runCli(['vault', 'import', file, '--dry-run', '--data', service.dataDir]);
  expect(dry.stderr).toContain('It would move:\n  "Ops/Office", from no folder\n');
  expect(dry.stderr).toMatch(/It would erase, since the file has no such fields:\n {2}"Ops\/Office": "address"/);
  expect((await service.client().listVaultRecords()).find(({ uid }) => uid === office)).toMatchObject({
    folderUid: null,
  });
});
