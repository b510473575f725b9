/** docs/vault-files.md: its file is imported by its commands, and the table names members that the reader knows. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseVaultFile } from '../../cli/vault-import';
import { installCommand } from '../support/cli';
import { Running } from '../support/process';
import { TestService } from '../support/service';

jest.setTimeout(240_000);

const page = readFileSync(join(resolve(__dirname, '../..'), 'docs/vault-files.md'), 'utf8');
const block = (language: string) => new RegExp(`\`\`\`${language}\\n([^\`]*)\`\`\``).exec(page)![1]!;
const file = block('json');

let folder: string;
let service: TestService;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-iac-docs-'));
  service = await TestService.start();
});
afterAll(async () => {
  await service.dispose();
  rmSync(folder, { recursive: true, force: true });
});

test('the file is imported as the page says, and its things are found by UID and path', async () => {
  writeFileSync(join(folder, 'export.json'), file);
  installCommand(folder);
  const [dry, real, list] = block('sh').trim().split('\n');
  const run = async (line: string) => {
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    const script = line.replaceAll('./my-vault', service.dataDir);
    const { code, stdout, stderr } = await new Running('sh', ['-euc', script], { env, cwd: folder }).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('Not imported') });
    return { stdout, stderr };
  };
  expect((await run(dry!)).stderr).toContain('Nothing was written.');
  expect((await run(real!)).stdout).toContain('Databases/eu/orders');
  const { stdout } = await run(list!);
  expect(stdout).toMatch(/^folder +Databases +Databases +gM3FYZ7dVtnT2aAyDEx1dg$/m);
  expect(stdout).toMatch(/^record +orders +Databases\/eu\/orders +[\w-]{22}$/m);
  expect(stdout).toMatch(/^record +signing key +signing key +[\w-]{22}$/m);
});

test('every member of the table is one that the reader takes', () => {
  const members = [...page.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, names]) => names!.match(/[$\w]+/g)!);
  expect(members).toEqual(expect.arrayContaining(['title', '$type', 'login', 'references']));
  const values: Record<string, unknown> = { custom_fields: {}, folders: [], references: {}, uid: 3 };
  const record = Object.fromEntries(members.map((name) => [name, values[name] ?? 'x']));
  const { records, skipped, faults } = parseVaultFile(JSON.stringify({ records: [record] }));
  expect({ records: records.length, skipped, faults }).toEqual({ records: 1, skipped: [], faults: [] });
});
