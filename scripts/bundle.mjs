/**
 * Bundles the provider and the CLI into two executable Node scripts that need
 * no node_modules, the native part of SQLite aside (`@libsql/<platform>`).
 * `.cjs`, since an extensionless script breaks below a package.json of
 * `"type": "module"`.
 */
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = resolve(root, 'dist/bin');

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  tsconfig: resolve(root, 'tsconfig.dev.json'),
  banner: { js: '#!/usr/bin/env node' },
};

const bundles = [
  { name: 'terraform-provider-ksm.cjs', entry: 'provider/main.ts', external: [] },
  // Loaded from beside the script or above it: a native module cannot be bundled.
  { name: 'ksm-iac.cjs', entry: 'cli/main.ts', external: ['@libsql/*'] },
];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const { name, entry, external } of bundles) {
  const outfile = resolve(out, name);
  const result = await build({ ...common, entryPoints: [entry], outfile, external });
  chmodSync(outfile, 0o755);
  refuseLeaks(name, outfile);
  writeFileSync(resolve(out, '..', `${name}.meta.json`), JSON.stringify(result.metafile));
  console.log(`dist/bin/${name}  ${(statSync(outfile).size / 1024).toFixed(0)} KiB`);
}

/** The provider must stay free of the schema library and of gRPC's: they cost more than the rest of its start. */
function refuseLeaks(name, outfile) {
  if (name !== 'terraform-provider-ksm.cjs') return;
  const text = readFileSync(outfile, 'utf8');
  for (const forbidden of ['TypeBox.', '@grpc/grpc-js']) {
    if (text.includes(forbidden)) throw new Error(`${name} contains ${forbidden}: the provider must not load it`);
  }
}
