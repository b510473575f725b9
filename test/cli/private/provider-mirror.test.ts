import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveOf } from '../../../cli/private/provider-archive';
import {
  archivesFor,
  cliConfiguration,
  defaultMirrorDir,
  goPlatform,
  installProvider,
  scriptFor,
} from '../../../cli/private/provider-mirror';
import { VERSION } from '../../../contract/version';

const dir = mkdtempSync(join(tmpdir(), 'ksm-iac-mirror-'));
const source = join(dir, 'built.cjs');
const target = join(dir, 'tree');
const here = goPlatform(process.platform, process.arch);
const install = async (script: string, to: string) => installProvider(await scriptFor([here], script), to);
const installed = (host: string) =>
  join(target, 'mirror', host, 'ksm-iac/ksm', VERSION, goPlatform(process.platform, process.arch));

beforeEach(() => writeFileSync(source, 'first build', { mode: 0o644 }));
afterEach(() => rmSync(target, { recursive: true, force: true }));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("the provider is installed under both registries' names, alone in its folder and with the run bit", async () => {
  expect(await install(source, target)).toEqual({ mirror: join(target, 'mirror'), replaced: false });
  for (const host of ['registry.terraform.io', 'registry.opentofu.org']) {
    expect(readdirSync(installed(host))).toEqual(['terraform-provider-ksm.cjs']);
    const file = join(installed(host), 'terraform-provider-ksm.cjs');
    expect(readFileSync(file, 'utf8')).toBe('first build');
    expect(statSync(file).mode & 0o777).toBe(0o755);
  }
  expect(readdirSync(target)).toEqual(['mirror']);
});

test('a second installation of the same build touches nothing, one of another build says so', async () => {
  await install(source, target);
  const file = join(installed('registry.terraform.io'), 'terraform-provider-ksm.cjs');
  const before = statSync(file).ino;
  expect((await install(source, target)).replaced).toBe(false);
  expect(statSync(file).ino).toBe(before);
  writeFileSync(source, 'second build');
  expect((await install(source, target)).replaced).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe('second build');
});

test('a provider that is not built and a folder that is none are named with the cure', async () => {
  await expect(install(join(dir, 'missing.cjs'), target)).rejects.toThrow(/missing\.cjs: it does not exist\. Build it/);
  await expect(install(source, source)).rejects.toThrow(/built\.cjs.*a part of its path is not a folder.*--dir/);
});

describe('a folder of release artefacts', () => {
  const artefacts = join(dir, 'artefacts');
  const name = `terraform-provider-ksm_${VERSION}_linux_amd64.zip`;
  const list = join(artefacts, `terraform-provider-ksm_${VERSION}_SHA256SUMS`);
  const executable = `terraform-provider-ksm_v${VERSION}`;
  beforeEach(() => {
    const { bytes } = archiveOf(executable, Buffer.from('executable'), { 'LICENSE.txt': Buffer.from('licence') });
    mkdirSync(artefacts, { recursive: true });
    writeFileSync(join(artefacts, name), bytes);
    writeFileSync(list, `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`);
  });

  test('is unpacked in place of the script, which goes', async () => {
    await installProvider(await scriptFor(['linux_amd64'], source), target);
    const { mirror, replaced } = await installProvider(await archivesFor(['linux_amd64'], artefacts), target);
    const folder = join(mirror, 'registry.terraform.io/ksm-iac/ksm', VERSION, 'linux_amd64');
    expect(replaced).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['LICENSE.txt', executable]);
    expect(statSync(join(folder, executable)).mode & 0o777).toBe(0o755);
    expect(statSync(join(folder, 'LICENSE.txt')).mode & 0o777).toBe(0o644);
  });

  test('is refused where a sum does not hold, or an archive is missing, with the cure', async () => {
    await expect(archivesFor(['linux_arm64'], artefacts)).rejects.toThrow('The folder has no archive for linux_arm64.');
    writeFileSync(join(artefacts, name), 'another');
    await expect(archivesFor(['linux_amd64'], artefacts)).rejects.toThrow(
      /is not the file that .*SHA256SUMS lists: its SHA-256 is [0-9a-f]{64}\. Fetch both again\./,
    );
    rmSync(list);
    await expect(archivesFor(['linux_amd64'], artefacts)).rejects.toThrow('Name a folder that has the archives');
  });
});

test('the CLI configuration takes the provider from the mirror and every other from its registry', () => {
  const text = cliConfiguration('/with space/and "quotes"');
  expect(text).toContain('path    = "/with space/and \\"quotes\\""');
  expect(text).toMatch(/filesystem_mirror \{[^}]*include = \["ksm-iac\/ksm"\]/);
  expect(text).toMatch(/direct \{[^}]*exclude = \["ksm-iac\/ksm"\]/);
  expect(() => cliConfiguration('/a/${b}')).toThrow('Choose another');
});

test("platforms have Go's names", () => {
  expect(goPlatform('linux', 'x64')).toBe('linux_amd64');
  expect(goPlatform('darwin', 'arm64')).toBe('darwin_arm64');
  expect(() => goPlatform('aix', 'ppc64')).toThrow('aix');
  expect(() => goPlatform('win32', 'x64')).toThrow('WSL');
});

test("the mirror is kept among the user's data", () => {
  expect(defaultMirrorDir({ HOME: '/home/u' })).toBe('/home/u/.local/share/ksm-iac');
  expect(defaultMirrorDir({ HOME: '/home/u', XDG_DATA_HOME: '/data' })).toBe('/data/ksm-iac');
});
