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

const OLDEST_NODE = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')).engines.node.replace('>= ', '');
const [major, minor] = OLDEST_NODE.split('.');
/** In words that Node 16 can still read, before anything that it cannot run. */
const requireNode = `(function(v){if(+v[0]<${major}||+v[0]==${major}&&+v[1]<${minor}){console.error('error: This needs Node ${major}.${minor} or newer, and runs on '+v.join('.')+'.');process.exit(2)}})(process.versions.node.split('.'));`;

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
  // The directive that the bundle begins with must stay first.
  banner: { js: `#!/usr/bin/env node\n"use strict";${requireNode}` },
};

/**
 * What axios brings along for uses that this project has none of: multipart forms (with a table of all media types,
 * half of the whole), redirects (never followed: they would carry the token to another host) and printing by `DEBUG`
 * (which would print request headers). Node's own `http` and `https` are what axios takes without redirects.
 */
const UNUSED = {
  'form-data': 'module.exports = class FormData {};',
  'follow-redirects': 'module.exports = { http: {}, https: {} };',
  debug: 'module.exports = () => () => {};',
};
const withoutUnused = {
  name: 'without-unused',
  setup(bundler) {
    const filter = new RegExp(`^(${Object.keys(UNUSED).join('|')})$`);
    bundler.onResolve({ filter }, ({ path }) => ({ path, namespace: 'unused' }));
    bundler.onLoad({ filter, namespace: 'unused' }, ({ path }) => ({ contents: UNUSED[path], loader: 'js' }));
  },
};

/** What went into the text of axios, for the list of what is in the provider. */
const inputsOfAxios = {};

/**
 * Puts axios into the bundle as text that is compiled when it is first needed.
 * It is three quarters of the provider, which starts three to five times a
 * command and mostly makes no request; skimming a string costs V8 nearly
 * nothing, skimming code does (docs/decisions/0007-what-a-start-costs.md).
 */
const axiosAsText = {
  name: 'axios-as-text',
  setup(bundler) {
    bundler.onResolve({ filter: /^axios$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, namespace: 'as-text' } : undefined,
    );
    bundler.onLoad({ filter: /^axios$/, namespace: 'as-text' }, async () => {
      const stdin = { contents: "module.exports = require('axios')", resolveDir: root };
      const options = { ...common, banner: {}, stdin, write: false, plugins: [withoutUnused] };
      const { outputFiles, metafile } = await build(options);
      Object.assign(inputsOfAxios, metafile.inputs);
      const contents = `
        const text = ${JSON.stringify(outputFiles[0].text)};
        const loaded = { exports: {} };
        // A look at these globals alone makes Node load undici, another 13 ms; we use its http adapter.
        const absent = { value: undefined };
        const fetchless = { fetch: absent, FormData: absent, Headers: absent, Request: absent, Response: absent };
        const globals = Object.create(globalThis, fetchless);
        new Function('module', 'exports', 'require', 'globalThis', text)(loaded, loaded.exports, require, globals);
        module.exports = loaded.exports;`;
      return { contents, loader: 'js' };
    });
  },
};

const bundles = [
  { name: 'terraform-provider-ksm.cjs', entry: 'provider/main.ts', external: [], plugins: [axiosAsText] },
  // Loaded from beside the script or above it: a native module cannot be bundled.
  { name: 'ksm-iac.cjs', entry: 'cli/main.ts', external: ['@libsql/*'], plugins: [withoutUnused] },
];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const { name, entry, external, plugins } of bundles) {
  const outfile = resolve(out, name);
  const result = await build({ ...common, entryPoints: [entry], outfile, external, plugins });
  chmodSync(outfile, 0o755);
  if (plugins.includes(axiosAsText)) Object.assign(result.metafile.inputs, inputsOfAxios);
  writeFileSync(resolve(out, '..', `${name}.meta.json`), JSON.stringify(result.metafile));
  console.log(`dist/bin/${name}  ${(statSync(outfile).size / 1024).toFixed(0)} KiB`);
}
