/**
 * `npm run release:verify -- DIR`: looks at a folder of artefacts as a registry and a security team would, without a network:
 * names, sums, signature, manifest, what is in each archive, and that this machine's executable starts and has the schema of the docs.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { unzipSync } from 'fflate';
import { ARTEFACT_PREFIX, archiveName, executableName, SUMS_NAME } from '../../cli/private/provider-archive';
import { VERSION } from '../../contract/version';
import { developmentOverrides } from '../development-overrides';
import { providerSchemaJson } from '../generate/provider-schema';
import { platformsOf, thisPlatform } from './bases';
import { unpackExecutable } from './executable';
import { MANIFEST_NAME, manifest } from './manifest';
import { verifySignature } from './signature';

const USAGE = `npm run release:verify -- DIR [options]

  --key FILE        armoured public key that SHA256SUMS is signed with
  --unsigned        take a folder that is not signed, such as one of a test build

With terraform or tofu on the PATH the schema of this machine's executable is compared with the one that the docs are made of.

Exit code 0: everything holds; 1: what does not is listed.`;

/** What does not hold, one sentence each; `said` is told what does. */
export async function problemsOf(
  dir: string,
  options: { key?: string; unsigned?: boolean },
  said: (line: string) => void = () => {},
): Promise<string[]> {
  const problems: string[] = [];
  const expect = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
    return holds;
  };
  // Packages of npm have registries and signatures of their own.
  const names = readdirSync(dir, { withFileTypes: true })
    .filter((entry) => !(entry.isDirectory() && entry.name === 'npm'))
    .map(({ name }) => name)
    .sort();
  const list = SUMS_NAME;
  if (!expect(names.includes(list), `${list} is missing.`)) return problems;
  const sums = readFileSync(join(dir, list), 'utf8');
  const listed = new Map<string, string>();
  for (const line of sums.split('\n').filter((one) => one !== '')) {
    const parsed = /^([0-9a-f]{64}) {2}([\w.-]+)$/.exec(line);
    if (expect(parsed !== null, `${list} has a line that is none: ${JSON.stringify(line.slice(0, 80))}.`)) {
      expect(!listed.has(parsed![2]!), `${list} has ${parsed![2]} twice.`);
      listed.set(parsed![2]!, parsed![1]!);
    }
  }
  for (const [name, sum] of listed) {
    if (!expect(names.includes(name), `${name} is listed, and missing.`)) continue;
    const found = createHash('sha256')
      .update(readFileSync(join(dir, name)))
      .digest('hex');
    expect(found === sum, `${name} has the sum ${found}, and ${list} says ${sum}.`);
  }
  for (const name of names) {
    expect(listed.has(name) || name === list || name === `${list}.sig`, `${name} is not listed in ${list}.`);
    if (name.endsWith('.zip')) {
      expect(
        platformsOf('bun').some((platform) => name === archiveName(platform)),
        `${name} is no name of an archive of ${VERSION}: expected ${ARTEFACT_PREFIX}_OS_ARCH.zip.`,
      );
    }
  }
  said(`${listed.size} files are listed, and are what their sums say`);
  await signatureHolds(dir, list, names, options, expect, said);

  if (expect(listed.has(MANIFEST_NAME), `${MANIFEST_NAME} is not listed.`) && names.includes(MANIFEST_NAME)) {
    expect(
      readFileSync(join(dir, MANIFEST_NAME), 'utf8') === manifest(),
      `${MANIFEST_NAME} does not say what is served: ${manifest().trim()}.`,
    );
  }
  const zips = names.filter((name) => name.endsWith('.zip'));
  expect(zips.length > 0, 'There is no archive.');
  for (const name of zips) contentHolds(dir, name, names, expect);
  const own = archiveName(thisPlatform());
  if (names.includes(own) && problems.length === 0) {
    startsHere(dir, own, expect, said);
  }
  return problems;
}

type Expect = (holds: boolean, problem: string) => boolean;

async function signatureHolds(
  dir: string,
  list: string,
  names: readonly string[],
  { key, unsigned }: { key?: string; unsigned?: boolean },
  expect: Expect,
  said: (line: string) => void,
): Promise<void> {
  const signed = names.includes(`${list}.sig`);
  if (!signed) {
    expect(unsigned === true, `${list}.sig is missing: nobody signed it. Say --unsigned if that is right.`);
    return;
  }
  if (!expect(key !== undefined, `${list} is signed. Name the public key with --key.`)) return;
  try {
    const id = await verifySignature(readFileSync(join(dir, list)), readFileSync(join(dir, `${list}.sig`)), key!);
    said(`${list} is signed with the key ${id}`);
  } catch (error) {
    expect(false, `${list}.sig is no signature of ${list} with this key: ${(error as Error).message}.`);
  }
}

function contentHolds(dir: string, name: string, names: readonly string[], expect: Expect): void {
  const platform = name.slice(ARTEFACT_PREFIX.length + 1, -'.zip'.length);
  const executable = executableName(platform);
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(readFileSync(join(dir, name)));
  } catch (error) {
    expect(false, `${name} is no ZIP archive: ${(error as Error).message}.`);
    return;
  }
  const wanted = [executable, 'LICENSE.txt', 'THIRD-PARTY-NOTICES.txt'].sort();
  const found = Object.keys(files).sort();
  expect(found.join() === wanted.join(), `${name} has ${found.join(', ')}. Expected ${wanted.join(', ')}.`);
  const bill = name.replace('.zip', '.cdx.json');
  if (!expect(names.includes(bill), `${bill} is missing, the bill of materials of ${name}.`) || !files[executable])
    return;
  const { bomFormat, metadata } = JSON.parse(readFileSync(join(dir, bill), 'utf8'));
  const sum = createHash('sha256').update(files[executable]).digest('hex');
  expect(
    bomFormat === 'CycloneDX' && metadata?.component?.hashes?.[0]?.content === sum,
    `${bill} is no bill of materials of the executable in ${name}.`,
  );
}

function startsHere(dir: string, name: string, expect: Expect, said: (line: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'ksm-iac-verify-'));
  try {
    const path = unpackExecutable(dir, folder);
    const printed = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim();
    expect(
      printed === VERSION,
      `The executable of ${name} says that it is ${JSON.stringify(printed)}. Expected ${VERSION}.`,
    );
    said(`the executable of ${thisPlatform()} starts`);
    const schema = schemaBy(folder);
    if (schema === undefined) {
      said('neither terraform nor tofu is there: its schema was not compared');
      return;
    }
    // A Terraform that is older than a kind of thing leaves that kind out.
    const [ours] = Object.values(JSON.parse(JSON.stringify(providerSchemaJson())).provider_schemas) as object[];
    const known = Object.fromEntries(Object.entries(ours!).filter(([kind]) => kind in schema));
    expect(isDeepStrictEqual(schema, known), `The executable of ${name} has another schema than the docs.`);
    said('its schema is that of the docs');
  } catch (error) {
    expect(false, `The executable of ${name} does not start: ${(error as Error).message}.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What Terraform is told by the provider in a folder, without a network; undefined: there is no Terraform. */
function schemaBy(folder: string): object | undefined {
  const tool = ['terraform', 'tofu'].find((one) => spawnSync(one, ['version']).status === 0);
  if (tool === undefined) return undefined;
  writeFileSync(join(folder, 'terraformrc'), developmentOverrides({ 'ksm-iac/ksm': folder }));
  writeFileSync(
    join(folder, 'main.tf'),
    'terraform {\n  required_providers {\n    ksm = { source = "ksm-iac/ksm" }\n  }\n}\n',
  );
  const { stdout, stderr, status } = spawnSync(tool, ['providers', 'schema', '-json'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      CHECKPOINT_DISABLE: '1',
      TF_CLI_CONFIG_FILE: join(folder, 'terraformrc'),
    },
  });
  if (status !== 0) throw new Error(stderr.trim());
  const [schema] = Object.values((JSON.parse(stdout) as { provider_schemas: Record<string, object> }).provider_schemas);
  return schema;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean' }, key: { type: 'string' }, unsigned: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [dir, ...more] = positionals;
  if (values.help) return console.log(USAGE);
  if (dir === undefined || more.length > 0) throw new Error(`expected one folder.\n\n${USAGE}`);
  const key = values.key === undefined ? undefined : readFileSync(values.key, 'utf8');
  const problems = await problemsOf(resolve(dir), { key, unsigned: values.unsigned }, (line) => console.log(line));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exit(1);
  console.log('Everything holds.');
}

if (require.main === module) {
  main().catch((error: Error) => {
    console.error(`release:verify: ${error.message}`);
    process.exit(1);
  });
}
