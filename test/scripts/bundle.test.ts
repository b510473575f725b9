import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
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
