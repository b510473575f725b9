import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

/** Each line of the design's table, broken once: the file, what it imports, the rule that must refuse it. */
const forbidden: [file: string, imported: string, rule: string][] = [
  ['lib/a.ts', '../contract/target', 'lib-imports-only-cdktf'],
  ['lib/b.ts', 'axios', 'lib-imports-only-cdktf'],
  ['contract/a.ts', '../service/target', 'contract-imports-nobody'],
  ['contract/b.ts', './schemas/target', 'no-schemas-at-run-time-in-contract'],
  ['provider/a.ts', '../service/target', 'provider-imports-contract'],
  ['provider/b.ts', '../contract/schemas/target', 'provider-never-loads-schemas'],
  ['provider/framework/a.ts', '../protocol/target', 'framework-knows-no-wire'],
  ['provider/resources/a.ts', '../protocol/target', 'resources-import-framework'],
  ['provider/resources/b.ts', './target', 'resource-files-are-strangers'],
  ['provider/protocol/a.ts', '../plugin/target', 'protocol-knows-no-plugin-and-no-resource'],
  ['service/a.ts', '../provider/target', 'service-imports-contract'],
  ['service/b.ts', './vault/embedded/target', 'drivers-only-from-main'],
  ['service/operations/a.ts', '../http/target', 'operations-know-no-http-and-no-driver'],
  ['service/operations/b.ts', 'fastify', 'operations-know-no-http-and-no-driver'],
  ['service/host/a.ts', '../http/target', 'host-knows-no-faces-and-no-vault'],
  ['service/host/b.ts', '../vault/target', 'host-knows-no-faces-and-no-vault'],
  ['cli/a.ts', '../lib/target', 'cli-imports-all-but-lib'],
  ['service/c.ts', '../test/target', 'tests-and-scripts-are-leaves'],
];

/** Two files that know each other's types, and nothing else of each other. */
const typeCycle = ['provider/framework/d.ts', 'provider/framework/e.ts'] as const;

const allowed: [file: string, imported: string][] = [
  ['lib/c.ts', 'cdktf'],
  ['provider/c.ts', '../contract/target'],
  ['provider/resources/c.ts', '../framework/target'],
  ['service/main.ts', './vault/embedded/target'],
  ['cli/c.ts', '../service/target'],
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-directions-'));
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.dev.json', 'package.json']) {
    cpSync(join(root, file), join(folder, file));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  for (const [file, imported] of [...forbidden, ...allowed]) {
    write(file, `import * as it from '${imported}';\nexport default it;\n`);
    if (imported.startsWith('.')) write(`${join(dirname(file), imported)}.ts`, 'export const target = 1;\n');
  }
  write(typeCycle[0], "import type { E } from './e';\nexport interface D { readonly e?: E }\n");
  write(typeCycle[1], "import type { D } from './d';\nexport interface E { readonly d?: D }\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every forbidden import is refused by the rule that names it, and allowed ones pass', () => {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const folders = ['lib', 'contract', 'provider', 'service', 'cli'];
  const result = spawnSync(
    process.execPath,
    [bin, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders],
    { cwd: folder, encoding: 'utf8' },
  );
  const violations: { from: string; rule: { name: string } }[] = JSON.parse(result.stdout).summary.violations;
  const found = violations.map(({ from, rule }) => `${from}: ${rule.name}`);
  const expected = [...forbidden.map(([file, , rule]) => `${file}: ${rule}`), `${typeCycle[0]}: no-cycles`];
  expect(new Set(found)).toEqual(new Set(expected));
});
