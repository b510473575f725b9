/** What is inside the provider: packages of npm, as the bundler saw them, and the engine; their licences and a bill of materials. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { baseOf, basePackage, type Engine, isEngine, thisPlatform, versionOf } from './bases';

const root = resolve(__dirname, '../..');

export interface Inside {
  readonly name: string;
  readonly version: string;
  /** SPDX. */
  readonly licence: string;
  /** Text of its licence and notices. */
  readonly text: string;
  readonly homepage: string;
}

/** Packages that went into a bundle of dist/bin. */
export function packagesIn(bundle: string): Inside[] {
  const { inputs } = JSON.parse(readFileSync(join(root, 'dist', `${bundle}.meta.json`), 'utf8')) as {
    inputs: Record<string, unknown>;
  };
  const folders = new Set(
    Object.keys(inputs).flatMap(
      (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file.replace(/^[a-z-]+:/, ''))?.[0] ?? [],
    ),
  );
  // One that stands in several places is one.
  const found = [...folders].sort().map((folder) => describe(join(root, folder)));
  return [...new Map(found.map((one) => [`${one.name} ${one.version}`, one])).values()];
}

function describe(folder: string): Inside {
  const { name, version, license, homepage, repository } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const text =
    files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n') || ownText(name, folder);
  return { name, version, licence: license, text, homepage: homepage ?? repository?.url ?? '' };
}

/** Of packages that name a licence and bring no text of it: the text that we keep, with their own copyright line. */
function ownText(name: string, folder: string): string {
  const file = join(__dirname, 'licences', `${name.replace('/', '__')}.txt`);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new Error(`${folder} has no text of its licence. Write ${file} from what its package.json and README say.`);
}

/** What runs the script. Bun's packages have no text of a licence in them; Node's has those of all that is in it. */
export function engineInside(engine: Engine): Inside {
  const version = versionOf(engine);
  const common = { name: engine, version, licence: 'MIT' };
  if (engine === 'bun') {
    const text = readFileSync(join(__dirname, 'licences/bun.txt'), 'utf8').trim();
    return { ...common, text, homepage: 'https://bun.sh' };
  }
  const folder = resolve(baseOf(thisPlatform(), engine), '../..');
  return { ...common, text: readFileSync(join(folder, 'LICENSE'), 'utf8').trim(), homepage: 'https://nodejs.org' };
}

export function noticesOf(inside: readonly Inside[]): string {
  const parts = inside.map(({ name, version, licence, homepage, text }) =>
    [`${name} ${version}`, `Licence: ${licence}`, ...(homepage ? [homepage] : []), '', text].join('\n'),
  );
  const line = `\n\n${'-'.repeat(80)}\n\n`;
  return `What is inside this executable beside the provider itself, and under which licences.${line}${parts.join(line)}\n`;
}

interface Component {
  readonly type: string;
  readonly 'bom-ref': string;
  readonly [field: string]: unknown;
}

const purlOf = (name: string, of: string) => `pkg:npm/${name.replace('@', '%40')}@${of}`;

function component({ name, version, licence }: Inside): Component {
  return {
    type: 'library',
    'bom-ref': purlOf(name, version),
    name,
    version,
    // Of two licences an expression, of one its id.
    licenses: [
      /\s(AND|OR)\s/.test(licence) ? { expression: licence.replace(/[()]/g, '') } : { license: { id: licence } },
    ],
    purl: purlOf(name, version),
  };
}

/** CycloneDX 1.6, the same for two builds of one version: no serial number and no time. */
function bill(self: Component, components: readonly Component[]): string {
  const dependencies = [{ ref: self['bom-ref'], dependsOn: components.map((one) => one['bom-ref']) }];
  const whole = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: self },
    components,
    dependencies,
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

const APACHE = [{ license: { id: 'Apache-2.0' } }];

/** Of the executable of a platform. */
export function billOf(version: string, platform: string, inside: readonly Inside[], executable: Uint8Array): string {
  const components = inside.map((one) => {
    if (!isEngine(one.name)) return component(one);
    const base = basePackage(platform, one.name);
    return { ...component({ ...one, name: base.package }), type: 'platform', hashes: [sha512(base.integrity)] };
  });
  return bill(
    {
      type: 'application',
      'bom-ref': `terraform-provider-ksm@${version}`,
      name: 'terraform-provider-ksm',
      version,
      licenses: APACHE,
      hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(executable).digest('hex') }],
    },
    components,
  );
}

/** Of a package of npm. */
export function billOfPackage(name: string, version: string, inside: readonly Inside[]): string {
  const self = {
    type: 'library',
    'bom-ref': purlOf(name, version),
    name,
    version,
    licenses: APACHE,
    purl: purlOf(name, version),
  };
  return bill(self, inside.map(component));
}

const sha512 = (integrity: string) => ({
  alg: 'SHA-512',
  content: Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex'),
});
