/** What `npm run release` makes, looked at as a registry and a security team would. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import { archiveOf } from '../../cli/private/provider-archive';
import { VERSION } from '../../contract/version';
import { basePackage, type Engine, folderOf, platformsOf, thisPlatform, versionOf } from '../../scripts/release/bases';
import { billOf, billOfPackage, engineInside, noticesOf, packagesIn } from '../../scripts/release/inside';
import { problemsOf } from '../../scripts/release/verify';
import { createAuthority, createServerCertificate } from '../../service/tls/certificate';
import { ensureBundles } from '../support/bundles';
import { runCli } from '../support/cli';
import { TestService } from '../support/service';
import { describeWithTools } from '../support/terraform';

jest.setTimeout(300_000);

const root = resolve(__dirname, '../..');
const PREFIX = `terraform-provider-ksm_${VERSION}`;
const TSX = [join(root, 'node_modules/tsx/dist/cli.mjs'), '--tsconfig', join(root, 'tsconfig.dev.json')];
const release = (...args: string[]) =>
  spawnSync(process.execPath, [...TSX, join(root, 'scripts/release/main.ts'), ...args], {
    cwd: root,
    encoding: 'utf8',
  });
const sumsOf = (dir: string) =>
  readdirSync(dir)
    .filter((name) => !/SHA256SUMS/.test(name))
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(join(dir, name)))
          .digest('hex')}  ${name}\n`,
    )
    .join('');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-release-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what is inside', () => {
  const inside = () => [engineInside('bun'), ...packagesIn('terraform-provider-ksm.cjs')];
  beforeAll(() => void ensureBundles());

  test('is listed with its licence and its text, of every package that the bundle has', () => {
    const names = inside().map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['bun', 'axios', '@bufbuild/protobuf', '@msgpack/msgpack']));
    for (const { name, licence, text } of [...inside(), ...packagesIn('ksm-iac.cjs')]) {
      expect([name, licence, text.length > 200]).toEqual([name, expect.stringMatching(/^[\w.() -]+$/), true]);
    }
    const notices = noticesOf(inside());
    for (const name of names) expect(notices).toContain(`\n\n${name} `);
  });

  test('is a bill of materials that the schema of CycloneDX takes', async () => {
    const { Validation, Spec } = await import('@cyclonedx/cyclonedx-library');
    const bill = billOf(VERSION, 'linux_arm64', inside(), Buffer.from('executable'));
    const problems = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(bill);
    expect(problems).toBeNull();
    const command = billOfPackage('ksm-iac', VERSION, packagesIn('ksm-iac.cjs'));
    expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(command)).toBeNull();
    expect(JSON.parse(bill).components[0]).toMatchObject({
      purl: `pkg:npm/%40oven/bun-linux-aarch64@${versionOf('bun')}`,
    });
  });
});

describe('release:verify', () => {
  /** A small folder of artefacts, which is right. */
  function artefacts(): string {
    const dir = mkdtempSync(join(folder, 'artefacts-'));
    // No platform of this machine: the executable is none.
    const platform = thisPlatform() === 'linux_arm64' ? 'darwin_amd64' : 'linux_arm64';
    const texts = { 'LICENSE.txt': Buffer.from('l'), 'THIRD-PARTY-NOTICES.txt': Buffer.from('n') };
    const executable = Buffer.from('executable');
    writeFileSync(
      join(dir, `${PREFIX}_${platform}.zip`),
      archiveOf(`terraform-provider-ksm_v${VERSION}`, executable, texts).bytes,
    );
    writeFileSync(join(dir, `${PREFIX}_${platform}.cdx.json`), billOf(VERSION, platform, [], executable));
    writeFileSync(
      join(dir, `${PREFIX}_manifest.json`),
      '{\n  "version": 1,\n  "metadata": {\n    "protocol_versions": [\n      "6.0"\n    ]\n  }\n}\n',
    );
    writeFileSync(join(dir, `${PREFIX}_SHA256SUMS`), sumsOf(dir));
    return dir;
  }
  const [zip, bill] = ['zip', 'cdx.json'].map(
    (end) => `${PREFIX}_${thisPlatform() === 'linux_arm64' ? 'darwin_amd64' : 'linux_arm64'}.${end}`,
  ) as [string, string];

  test('finds nothing in what is right', async () => {
    expect(await problemsOf(artefacts(), { unsigned: true })).toEqual([]);
  });

  test.each<[string, (dir: string) => void, string, boolean]>([
    [
      'a byte that changed',
      (dir) => writeFileSync(join(dir, bill), `${readFileSync(join(dir, bill), 'utf8')} `),
      'has the sum',
      false,
    ],
    [
      'a file that is not listed',
      (dir) => writeFileSync(join(dir, 'more.txt'), ''),
      'more.txt is not listed in',
      false,
    ],
    ['a file that is missing', (dir) => rmSync(join(dir, bill)), 'is listed, and missing.', false],
    [
      'a manifest of another protocol',
      (dir) => writeFileSync(join(dir, `${PREFIX}_manifest.json`), '{}'),
      'does not say what is served',
      true,
    ],
    [
      'an archive with more in it',
      (dir) =>
        writeFileSync(
          join(dir, zip),
          archiveOf(`terraform-provider-ksm_v${VERSION}`, Buffer.from('executable'), { 'x.txt': Buffer.from('') })
            .bytes,
        ),
      'Expected LICENSE.txt, THIRD-PARTY-NOTICES.txt, terraform-provider-ksm_v',
      true,
    ],
    ['an archive that is none', (dir) => writeFileSync(join(dir, zip), 'PK'), 'is no ZIP archive', true],
    [
      'a bill of another executable',
      (dir) => writeFileSync(join(dir, bill), billOf(VERSION, 'linux_arm64', [], Buffer.from('x'))),
      'is no bill of materials of the executable',
      true,
    ],
    ['no list', (dir) => rmSync(join(dir, `${PREFIX}_SHA256SUMS`)), 'SHA256SUMS is missing.', false],
  ])('finds %s', async (_, change, problem, listedAgain) => {
    const dir = artefacts();
    change(dir);
    if (listedAgain) writeFileSync(join(dir, `${PREFIX}_SHA256SUMS`), sumsOf(dir));
    expect((await problemsOf(dir, { unsigned: true })).join('\n')).toContain(problem);
  });

  test('wants a signature, by the key that is named', async () => {
    const dir = artefacts();
    expect(await problemsOf(dir, {})).toEqual([expect.stringContaining('nobody signed it')]);
    // openpgp is a module of its own kind, which jest does not load.
    const program = `
      const openpgp = await import('openpgp');
      const { sign, verifySignature } = await import(${JSON.stringify(join(root, 'scripts/release/signature.ts'))});
      const { problemsOf } = await import(${JSON.stringify(join(root, 'scripts/release/verify.ts'))});
      const { readFileSync, writeFileSync } = await import('node:fs');
      const make = () => openpgp.generateKey({ type: 'rsa', rsaBits: 2048, userIDs: [{ name: 'test' }] });
      const [mine, other] = [await make(), await make()];
      const list = ${JSON.stringify(join(dir, `${PREFIX}_SHA256SUMS`))};
      writeFileSync(list + '.sig', await sign(readFileSync(list), mine.privateKey));
      writeFileSync(${JSON.stringify(join(folder, 'public.asc'))}, mine.publicKey);
      writeFileSync(${JSON.stringify(join(folder, 'private.asc'))}, mine.privateKey);
      const dir = ${JSON.stringify(dir)};
      const ecc = await openpgp.generateKey({ type: 'ecc', curve: 'ed25519Legacy', userIDs: [{ name: 'test' }] });
      console.log(JSON.stringify({
        right: await problemsOf(dir, { key: mine.publicKey }),
        wrong: await problemsOf(dir, { key: other.publicKey }),
        none: await problemsOf(dir, {}),
        ecc: await sign(readFileSync(list), ecc.privateKey).catch((error) => error.message),
      }));`;
    writeFileSync(join(root, 'dist/sign-test.mts'), program);
    try {
      const out = execFileSync(process.execPath, [...TSX, join(root, 'dist/sign-test.mts')], {
        cwd: root,
        encoding: 'utf8',
      });
      expect(JSON.parse(out.trim().split('\n').at(-1)!)).toEqual({
        right: [],
        wrong: [expect.stringContaining('is no signature of')],
        none: [expect.stringContaining('Name the public key with --key.')],
        ecc: expect.stringContaining('registries take RSA'),
      });
    } finally {
      rmSync(join(root, 'dist/sign-test.mts'));
    }
    if (!(process.env.PATH ?? '').split(delimiter).some((one) => existsSync(join(one, 'gpg')))) return;
    // As whoever verifies by hand does.
    const gpg = ['--homedir', mkdtempSync(join(folder, 'gpg-')), '--batch', '--quiet'];
    execFileSync('gpg', [...gpg, '--import', join(folder, 'public.asc')], { stdio: 'pipe' });
    const list = join(dir, `${PREFIX}_SHA256SUMS`);
    const { status, stderr } = spawnSync('gpg', [...gpg, '--verify', `${list}.sig`, list], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, expect.stringContaining('Good signature')]);
  });
});

test('npm run release names what it does not know, before it makes anything', () => {
  expect(release('--platform', 'plan9_amd64')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('--platform is "plan9_amd64": expected linux_amd64, linux_arm64,'),
  });
  expect(release('--engine', 'deno')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('--engine is "deno": expected bun or node'),
  });
  expect(release('--help').stdout).toContain('--platform NAME');
});

describe.each<Engine>(['bun', 'node'])('with %s inside', (engine) => {
  const options = engine === 'bun' ? [] : ['--engine', engine];
  if (!platformsOf(engine).includes(thisPlatform())) {
    test.skip(`executables of ${engine}: there is none for ${thisPlatform()}`, () => {});
    return;
  }
  const base = basePackage(thisPlatform(), engine);
  if (!existsSync(folderOf(base, engine))) {
    test.skip(`executables: run \`npm run release -- --engine ${engine}\` once, which fetches ${base.package}, to run this`, () => {});
    return;
  }
  describeWithTools('the executable of this machine', (tool) => {
    let artefacts: string;
    let service: TestService;
    beforeAll(async () => {
      ensureBundles();
      artefacts = join(folder, 'made');
      const made = release('--out', artefacts, ...options);
      if (made.status !== 0) throw new Error(made.stderr);
      service = await TestService.start();
    });
    afterAll(() => service.dispose());

    /** No Node: Terraform and the shell alone. */
    function pathWithoutNode(): string {
      const bin = mkdtempSync(join(folder, 'bin-'));
      const found = (process.env.PATH ?? '').split(delimiter).find((one) => existsSync(join(one, tool)))!;
      cpSync(join(found, tool), join(bin, tool), { dereference: true });
      return bin;
    }

    function run(dir: string, installation: string, ...args: string[]) {
      const rc = join(dir, 'terraformrc');
      writeFileSync(rc, `provider_installation {\n  ${installation}\n}\n`);
      return spawnSync(tool, args, {
        cwd: dir,
        encoding: 'utf8',
        env: {
          PATH: pathWithoutNode(),
          HOME: dir,
          TMPDIR: dir,
          CHECKPOINT_DISABLE: '1',
          TF_CLI_CONFIG_FILE: rc,
          ...service.env,
        },
      });
    }

    function stack(): string {
      const dir = mkdtempSync(join(folder, 'stack-'));
      writeFileSync(
        join(dir, 'main.tf'),
        'terraform {\n  required_providers {\n    ksm = { source = "ksm-iac/ksm" }\n  }\n}\nresource "ksm_application" "first" { name = "first" }\n',
      );
      return dir;
    }

    test('is compared with its sums as the docs say, with no Node on the PATH', () => {
      const [, snippet] = /## Looking at a release[\s\S]*?```sh\n([\s\S]*?)```/.exec(
        readFileSync(join(root, 'docs/release.md'), 'utf8'),
      )!;
      const [sums] = snippet!.split('\n');
      const bin = pathWithoutNode();
      const tool = (process.env.PATH ?? '')
        .split(delimiter)
        .map((one) => join(one, 'sha256sum'))
        .find((one) => existsSync(one))!;
      cpSync(tool, join(bin, 'sha256sum'), { dereference: true });
      const said = spawnSync('/bin/sh', ['-c', sums!], { cwd: artefacts, encoding: 'utf8', env: { PATH: bin } });
      expect([said.status, said.stdout]).toEqual([0, expect.stringContaining(`_${thisPlatform()}.zip: OK`)]);
    });

    test('is verified whole', async () => {
      expect(await problemsOf(artefacts, { unsigned: true })).toEqual([]);
    });

    test('is the same to the bit when it is made again', () => {
      const again = join(folder, 'again');
      expect(release('--out', again, ...options).status).toBe(0);
      const list = `${PREFIX}_SHA256SUMS`;
      expect(readFileSync(join(again, list), 'utf8')).toBe(readFileSync(join(artefacts, list), 'utf8'));
    });

    test('reads no .env and no bunfig.toml of the module that it is started in', () => {
      const files = unzipSync(readFileSync(join(artefacts, `${PREFIX}_${thisPlatform()}.zip`)));
      const dir = mkdtempSync(join(folder, 'module-'));
      const program = join(dir, 'provider');
      writeFileSync(program, files[`terraform-provider-ksm_v${VERSION}`]!, { mode: 0o755 });
      writeFileSync(join(dir, 'preload.js'), 'console.log("preloaded")');
      writeFileSync(join(dir, 'bunfig.toml'), 'preload = ["./preload.js"]\n');
      writeFileSync(join(dir, '.env'), 'TF_PLUGIN_MAGIC_COOKIE=x\n');
      const said = spawnSync(program, ['--version'], { cwd: dir, encoding: 'utf8', env: { PATH: '' } });
      expect(said).toMatchObject({ status: 0, stdout: `${VERSION}\n`, stderr: '' });
    });

    test('applies the first stack from an unpacked mirror, with no Node on the PATH, and goes with it', async () => {
      const dir = stack();
      const home = join(dir, 'provider');
      const installed = await runCli(['provider', 'install', '--dir', home, '--archives', artefacts]);
      expect(installed).toMatchObject({ code: 0, stderr: expect.stringContaining('the executables of') });
      const mirror = `filesystem_mirror {\n    path = ${JSON.stringify(join(home, 'mirror'))}\n  }`;
      for (const args of [['init'], ['apply', '-auto-approve'], ['destroy', '-auto-approve']]) {
        const { status, stderr } = run(dir, mirror, ...args, '-no-color', '-input=false');
        expect([args[0], status, stderr]).toEqual([args[0], 0, '']);
      }
    });

    test('is installed from the packed folder itself, and locks for other platforms', () => {
      const dir = stack();
      const packed = join(dir, 'mirror/registry.terraform.io/ksm-iac/ksm');
      cpSync(artefacts, packed, { recursive: true });
      // Of another platform: its archive is for the lock alone.
      cpSync(join(packed, `${PREFIX}_${thisPlatform()}.zip`), join(packed, `${PREFIX}_darwin_arm64.zip`));
      const mirror = join(dir, 'mirror');
      const installation = `filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }`;
      expect(run(dir, installation, 'init', '-no-color').status).toBe(0);
      const platforms = [thisPlatform(), 'darwin_arm64'].map((platform) => `-platform=${platform}`);
      const locked = run(dir, installation, 'providers', 'lock', `-fs-mirror=${mirror}`, ...platforms, '-no-color');
      expect([locked.status, locked.stderr]).toEqual([0, '']);
      expect(readFileSync(join(dir, '.terraform.lock.hcl'), 'utf8')).toContain('h1:');
    });

    test('is installed from a network mirror', async () => {
      const dir = stack();
      const mirror = join(dir, 'served');
      const written = await runCli([
        'provider',
        'mirror',
        mirror,
        '--archives',
        artefacts,
        '--platform',
        thisPlatform(),
      ]);
      expect(written).toMatchObject({ code: 0, stdout: expect.stringMatching(/^h1:.*\nzh:/) });
      const authority = await createAuthority(Date.now());
      const { certificate, key } = await createServerCertificate(authority, ['localhost', '127.0.0.1'], Date.now());
      const server = createServer({ cert: certificate, key }, (request, reply) => {
        const file = join(mirror, decodeURIComponent(request.url!.replace('/mirror/', '')));
        if (!existsSync(file)) {
          reply.writeHead(404).end();
          return;
        }
        reply.setHeader('content-type', file.endsWith('.json') ? 'application/json' : 'application/zip');
        reply.end(readFileSync(file));
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const { port } = server.address() as AddressInfo;
      writeFileSync(join(dir, 'ca.pem'), authority.certificate);
      const rc = join(dir, 'terraformrc');
      writeFileSync(
        rc,
        `provider_installation {\n  network_mirror {\n    url = "https://localhost:${port}/mirror/"\n  }\n}\n`,
      );
      const child = await new Promise<{ status: number | null; said: string }>((done) => {
        const { spawn } = require('node:child_process') as typeof import('node:child_process');
        const init = spawn(tool, ['init', '-no-color'], {
          cwd: dir,
          env: {
            PATH: pathWithoutNode(),
            HOME: dir,
            TF_CLI_CONFIG_FILE: rc,
            SSL_CERT_FILE: join(dir, 'ca.pem'),
            CHECKPOINT_DISABLE: '1',
          },
        });
        let said = '';
        for (const stream of [init.stdout, init.stderr]) stream.on('data', (data) => (said += data));
        init.on('close', (status) => done({ status, said }));
      });
      server.close();
      expect([child.status, child.said]).toEqual([0, expect.stringContaining('Installed ksm-iac/ksm')]);
    });
  });
});
