/**
 * `npm run release`: the artefacts that a registry, a mirror and a security team take. Everything but the signature is the
 * same to the bit for two builds of one commit.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { archiveName, archiveOf, executableName, SUMS_NAME } from '../../cli/private/provider-archive';
import { VERSION } from '../../contract/version';
import { isEngine, platformsOf, thisPlatform } from './bases';
import { executableOf } from './executable';
import { billOf, engineInside, noticesOf, packagesIn } from './inside';
import { MANIFEST_NAME, manifest } from './manifest';
import { packPackages } from './packages';
import { sign } from './signature';

const root = resolve(__dirname, '../..');
const PLATFORMS = platformsOf('bun');

const USAGE = `npm run release -- [options]

  --platform NAME  ${PLATFORMS.join(', ')}, or all; may be given again  (default: this machine's)
  --engine NAME    what runs the provider inside: bun, or node for Linux alone, which starts slower and
                   stands by if Bun ever cannot  (default: bun)
  --npm            the packages ksm-iac, cdktf-ksm and cdktn-ksm as well, as "npm pack" makes them, into DIR/npm
  --out DIR        folder for the artefacts, which is emptied  (default: dist/release)
  --key FILE       armoured private key of RSA that signs SHA256SUMS; its passphrase is in
                   KSM_IAC_RELEASE_KEY_PASSPHRASE  (default: not signed, which registries refuse)

Makes for each platform terraform-provider-ksm_${VERSION}_OS_ARCH.zip with one executable, and its bill of materials; then the
manifest, SHA256SUMS and its detached signature. Executables of the engine come from npm, by the hashes of scripts/release/bases.json.
"npm run release:verify -- DIR" looks at a folder of them without a network.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean' },
      platform: { type: 'string', multiple: true },
      out: { type: 'string', default: join(root, 'dist/release') },
      key: { type: 'string' },
      npm: { type: 'boolean' },
      engine: { type: 'string', default: 'bun' },
    },
  });
  if (values.help) return console.log(USAGE);
  const { engine } = values;
  if (!isEngine(engine)) throw new Error(`--engine is "${engine}": expected bun or node`);
  const all = platformsOf(engine);
  const named = values.platform ?? [thisPlatform()];
  const platforms = [...new Set(named.flatMap((name) => (name === 'all' ? all : [name])))];
  const unknown = platforms.find((name) => !all.includes(name));
  if (unknown) throw new Error(`--platform is "${unknown}": expected ${all.join(', ')} or all`);
  // Read before anything is made, so that a wrong one costs nothing.
  const key = values.key === undefined ? undefined : readFileSync(values.key, 'utf8');

  const out = resolve(values.out);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'ksm-iac-release-'));
  const sums: string[] = [];
  const write = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(out, name), content);
    sums.push(`${createHash('sha256').update(content).digest('hex')}  ${name}\n`);
    console.log(`${name}  ${(content.length / 2 ** 20).toFixed(1)} MiB`);
  };
  try {
    const inside = [engineInside(engine), ...packagesIn('terraform-provider-ksm.cjs')];
    const texts = {
      'LICENSE.txt': readFileSync(join(root, 'LICENSE')),
      'THIRD-PARTY-NOTICES.txt': Buffer.from(noticesOf(inside)),
    };
    for (const platform of platforms) {
      const executable = executableOf(platform, work, engine);
      write(archiveName(platform), archiveOf(executableName(platform), executable, texts).bytes);
      write(archiveName(platform).replace('.zip', '.cdx.json'), billOf(VERSION, platform, inside, executable));
    }
    write(MANIFEST_NAME, manifest());
    if (values.npm) {
      mkdirSync(join(out, 'npm'));
      for (const name of packPackages(join(out, 'npm'))) console.log(`npm/${name}`);
    }
    writeFileSync(join(out, SUMS_NAME), sums.sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1)).join(''));
    if (key === undefined) console.warn(`${SUMS_NAME} is not signed: name a key with --key.`);
    else writeFileSync(join(out, `${SUMS_NAME}.sig`), await sign(readFileSync(join(out, SUMS_NAME)), key));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  console.error(`release: ${error.message}`);
  process.exit(1);
});
