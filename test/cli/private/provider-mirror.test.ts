import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliConfiguration, defaultMirrorDir, goPlatform, installProvider } from '../../../cli/private/provider-mirror';
import { VERSION } from '../../../contract/version';

const dir = mkdtempSync(join(tmpdir(), 'ksm-iac-mirror-'));
const source = join(dir, 'built.cjs');
const target = join(dir, 'tree');
const installed = (host: string) =>
  join(target, 'mirror', host, 'ksm-iac/ksm', VERSION, goPlatform(process.platform, process.arch));

beforeEach(() => writeFileSync(source, 'first build', { mode: 0o644 }));
afterEach(() => rmSync(target, { recursive: true, force: true }));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("the provider is installed under both registries' names, alone in its folder and with the run bit", async () => {
  expect(await installProvider(source, target)).toEqual({ mirror: join(target, 'mirror'), replaced: false });
  for (const host of ['registry.terraform.io', 'registry.opentofu.org']) {
    expect(readdirSync(installed(host))).toEqual(['terraform-provider-ksm.cjs']);
    const file = join(installed(host), 'terraform-provider-ksm.cjs');
    expect(readFileSync(file, 'utf8')).toBe('first build');
    expect(statSync(file).mode & 0o777).toBe(0o755);
  }
  expect(readdirSync(target)).toEqual(['mirror']);
});

test('a second installation of the same build touches nothing, one of another build says so', async () => {
  await installProvider(source, target);
  const file = join(installed('registry.terraform.io'), 'terraform-provider-ksm.cjs');
  const before = statSync(file).ino;
  expect((await installProvider(source, target)).replaced).toBe(false);
  expect(statSync(file).ino).toBe(before);
  writeFileSync(source, 'second build');
  expect((await installProvider(source, target)).replaced).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe('second build');
});

test('a provider that is not built and a folder that is none are named with the cure', async () => {
  await expect(installProvider(join(dir, 'missing.cjs'), target)).rejects.toThrow(
    /missing\.cjs: it does not exist\. Build it/,
  );
  await expect(installProvider(source, source)).rejects.toThrow(
    /built\.cjs.*a part of its path is not a folder.*--dir/,
  );
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
