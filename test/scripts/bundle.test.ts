import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import { Bench } from '../provider/tiny/launch';
import { ensureBundles } from '../support/bundles';

const dist = resolve(__dirname, '../../dist');
const NAMES = ['terraform-provider-ksm.cjs', 'ksm-iac.cjs'];

const metafileOf = (name: string): Metafile => JSON.parse(readFileSync(join(dist, `${name}.meta.json`), 'utf8'));

/** The npm packages of which anything is in the bundle. */
function packagesIn(name: string): string[] {
  const packages = Object.keys(metafileOf(name).inputs).map(
    (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1],
  );
  return [...new Set(packages.filter((found) => found !== undefined))].sort();
}

beforeAll(() => ensureBundles());

test('the provider has these packages in it and no others: each costs at every start', () => {
  expect(packagesIn('terraform-provider-ksm.cjs')).toEqual([
    '@bufbuild/protobuf',
    '@msgpack/msgpack',
    'agent-base',
    'axios',
    'https-proxy-agent',
  ]);
});

test.each(NAMES)('%s has nothing of axios that is never used: forms, redirects, printing of requests', (name) => {
  const packages = packagesIn(name);
  expect(packages).toContain('axios');
  for (const unused of ['form-data', 'mime-db', 'follow-redirects', 'debug']) expect(packages).not.toContain(unused);
});

test('the provider has axios as text, which is compiled at the first request, and not as code', () => {
  const code = Object.keys(Object.values(metafileOf('terraform-provider-ksm.cjs').outputs)[0]!.inputs);
  expect(code).toContain('as-text:axios');
  expect(code.filter((path) => path.includes('node_modules/axios/'))).toEqual([]);
});

test('a provider that makes no request has Node load no undici', async () => {
  const bench = new Bench();
  try {
    const list = join(bench.folder, 'loaded');
    const preload = join(bench.folder, 'preload.cjs');
    const write = `require('node:fs').writeFileSync(${JSON.stringify(list)}, process.moduleLoadList.join('\\n'))`;
    writeFileSync(preload, `process.on('exit', () => ${write});`);
    const plugin = bench.start(join(dist, 'bin', NAMES[0]!), {
      ...bench.environment,
      NODE_OPTIONS: `--require=${preload}`,
    });
    const client = await plugin.client(bench.clientCertificate);
    await client.shutDown();
    expect(await plugin.ended).toBe(0);
    const loaded = readFileSync(list, 'utf8').split('\n');
    expect(loaded).toContain('NativeModule http2');
    expect(loaded.filter((name) => /undici/.test(name))).toEqual([]);
  } finally {
    bench.close();
  }
});

test.each(NAMES)('%s on an older Node says so, and does nothing else', (name) => {
  const preload = join(dist, 'older-node.cjs');
  writeFileSync(preload, `Object.defineProperty(process.versions, 'node', { value: process.env.AS_NODE });`);
  const run = (version: string) =>
    spawnSync(process.execPath, ['--require', preload, join(dist, 'bin', name), '--version'], {
      encoding: 'utf8',
      env: { ...process.env, AS_NODE: version },
    });
  try {
    for (const version of ['16.20.2', '20.18.3']) {
      expect(run(version)).toMatchObject({
        status: 2,
        stdout: '',
        stderr: `error: This needs Node 20.19 or newer, and runs on ${version}.\n`,
      });
    }
    for (const version of ['20.19.0', '22.0.0']) expect(run(version)).toMatchObject({ status: 0, stderr: '' });
  } finally {
    rmSync(preload);
  }
});
