/** The files of deploy/, as far as a machine without containers can tell: their commands are run as they stand. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { ensureBundles } from '../support/bundles';
import { startCli } from '../support/cli';
import { eventually, Running } from '../support/process';

jest.setTimeout(240_000);

const root = resolve(__dirname, '../..');
const read = (name: string) => readFileSync(join(root, 'deploy', name), 'utf8');

let folder: string;
const running: Running[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-iac-deploy-'));
});
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

/** What the Dockerfile and docs/service.md put into /opt/ksm-iac. */
function install(): string {
  const opt = join(folder, 'opt');
  mkdirSync(join(opt, 'bin'), { recursive: true });
  cpSync(ensureBundles().cli, join(opt, 'bin/ksm-iac.cjs'));
  cpSync(join(root, 'node_modules/@libsql'), join(opt, 'node_modules/@libsql'), { recursive: true });
  return opt;
}

function makeKey(mode: number): string {
  const key = join(folder, 'credentials/master.key');
  mkdirSync(join(folder, 'credentials'));
  execFileSync('openssl', ['rand', '-out', key, '32']);
  chmodSync(key, mode);
  return key;
}

const ready = async (dataDir: string, service: Running) =>
  eventually(
    'the service',
    () => {
      if (service.child.exitCode !== null) throw new Error(`It did not start:\n${service.stderr}`);
      return existsSync(join(dataDir, 'service.json'));
    },
    () => service.stderr,
  );

const status = (dataDir: string) => startCli(['service', 'status', '--data', dataDir]).ended;

/** The command of a unit, as systemd would pass it on: `%%` and `$$` stand for one of them. */
function commandOf(unit: string, variables: Record<string, string>): string[] {
  const [, line = ''] = /^ExecStart=(.*)$/m.exec(read(unit)) ?? [];
  expect(line).not.toBe('');
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word!);
  return words.flatMap((word) => {
    // A variable that stands alone is split into words, and none is no word.
    const alone = /^\$([A-Z]+)$/.exec(word)?.[1];
    if (alone) return (variables[alone] ?? '').split(' ').filter((part) => part !== '');
    return [
      word
        .replace(/(?<!\$)\$\{([A-Z_]+)\}/g, (_, name) => variables[name]!)
        .replaceAll('%%', '%')
        .replaceAll('$$', '$'),
    ];
  });
}

const placed = (text: string, opt: string, data: string) =>
  text
    .replaceAll('/usr/bin/node', process.execPath)
    .replaceAll('/opt/ksm-iac', opt)
    .replaceAll('/var/lib/ksm-iac', data)
    .replaceAll('/var/backups/ksm-iac', join(folder, 'backups'));

test('the unit starts, reloads and stops a service with a key that systemd shows it; the backup unit backs it up', async () => {
  const opt = install();
  const data = join(folder, 'data');
  // The mode that an access list on a credential shows.
  const key = makeKey(0o440);
  const variables = {
    CREDENTIALS_DIRECTORY: join(folder, 'credentials'),
    LISTEN: '127.0.0.1:0',
    ADVERTISE: 'ksm.example.com:8443',
  };
  const env = { PATH: process.env.PATH, ...variables };
  const [command = '', ...args] = commandOf('ksm-iac.service', variables).map((word) => placed(word, opt, data));
  const service = new Running(command, args, { env });
  running.push(service);
  await ready(data, service);
  expect(existsSync(join(data, 'master.key'))).toBe(false);
  expect(JSON.parse(readFileSync(join(data, 'service.json'), 'utf8')).deviceApi.hostname).toBe('ksm.example.com:8443');
  service.kill('SIGHUP');
  await eventually('the reload', () => service.stderr.includes('reading the certificate again'));

  mkdirSync(join(folder, 'backups'));
  const [shell = '', ...line] = commandOf('ksm-iac-backup.service', variables).map((word) => placed(word, opt, data));
  expect(await new Running(shell, line, { env }).ended).toMatchObject({ code: 0 });
  const [backup = ''] = readdirSync(join(folder, 'backups'));
  expect(backup).toMatch(/^vault-\w+\.ksmbackup$/);
  const restored = ['restore', join(folder, 'backups', backup), '--data', join(folder, 'restored')];
  chmodSync(key, 0o400);
  expect(await startCli([...restored, '--master-key-file', key]).ended).toMatchObject({ code: 0 });

  service.kill('SIGTERM');
  expect((await service.ended).code).toBe(0);
});

test('a credential that is missing is not made, and one that others may read is refused elsewhere', async () => {
  const start = (key: string) => {
    const args = ['--data', join(folder, 'data'), '--listen', '127.0.0.1:0', '--master-key-file', key];
    return startCli(['service', 'start', ...args], {
      env: { ...process.env, CREDENTIALS_DIRECTORY: '/run/credentials/x' },
    }).ended;
  };
  expect(await start(join(folder, 'none'))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/none is missing\. Make one .*openssl rand/),
  });
  expect(await start(makeKey(0o440))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Others than its owner may read the master key'),
  });
});

const hasVerify = spawnSync('systemd-analyze', ['--version']).status === 0;
(hasVerify ? test : test.skip)('systemd itself has nothing to say against the units', () => {
  const units = ['ksm-iac.service', 'ksm-iac-backup.service', 'ksm-iac-backup.timer'];
  for (const unit of units) writeFileSync(join(folder, unit), read(unit).replaceAll('/usr/bin/node', process.execPath));
  const files = units.map((unit) => join(folder, unit));
  const {
    status: code,
    stdout,
    stderr,
  } = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], { encoding: 'utf8' });
  // It also reads the units that are on this machine: what it says of those is not ours.
  const ours = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('ksm-iac'));
  expect({ code, ours }).toEqual({ code: 0, ours: [] });
});

test('the unit lets no core be dumped, gives up nothing to others, and gives a stop more time than it takes', () => {
  const unit = read('ksm-iac.service');
  for (const line of [
    'LimitCORE=0',
    'NoNewPrivileges=yes',
    'CapabilityBoundingSet=',
    'ProtectSystem=strict',
    'UMask=0077',
    'StateDirectoryMode=0700',
  ]) {
    expect(unit.split('\n')).toContain(line);
  }
  expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(10);
});

interface Instruction {
  readonly name: string;
  readonly text: string;
}

function dockerfile(): Instruction[] {
  const lines = read('Dockerfile')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '');
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', text = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
      expect([line, name]).not.toEqual([line, '']);
      return { name, text };
    });
}

const last = (name: string) =>
  dockerfile()
    .filter((instruction) => instruction.name === name)
    .at(-1)!.text;

test('the image runs as nobody, from its entry point, and its health check tells a running service from a stopped one', async () => {
  expect(last('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  expect(dockerfile().filter(({ name, text }) => name === 'FROM' && !/:\d/.test(text))).toEqual([]);
  const opt = install();
  const data = join(folder, 'data');
  const run = (words: string[]) => {
    const [command, ...args] = words.map((word) =>
      word.replace(/^\/data$/, data).replace('0.0.0.0:8443', '127.0.0.1:0'),
    );
    expect(command).toBe('ksm-iac');
    return new Running(join(opt, 'bin/ksm-iac.cjs'), args, { env: { PATH: process.env.PATH, HOME: '/nonexistent' } });
  };
  const service = run([...JSON.parse(last('ENTRYPOINT')), ...JSON.parse(last('CMD'))]);
  running.push(service);
  await ready(data, service);
  const [, health = ''] = /CMD (\[.*\])$/.exec(last('HEALTHCHECK')) ?? [];
  expect(await run(JSON.parse(health)).ended).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ready at https:/),
  });
  service.kill(last('STOPSIGNAL') as NodeJS.Signals);
  expect((await service.ended).code).toBe(0);
  expect(await run(JSON.parse(health)).ended).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('No service runs'),
  });
});

test('what the image copies is there, and what must not be in it is left out of its context', () => {
  const copied = dockerfile().find(({ name, text }) => name === 'RUN' && text.includes('@libsql'))!.text;
  ensureBundles();
  for (const path of ['dist/bin/ksm-iac.cjs', 'dist/bin/terraform-provider-ksm.cjs', 'node_modules/@libsql']) {
    expect(copied).toContain(path);
    expect([path, existsSync(join(root, path))]).toEqual([path, true]);
  }
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(last('RUN') === copied || dockerfile().some(({ text }) => text.includes('npm run bundle'))).toBe(true);
  expect(scripts.bundle).toBeDefined();
  const ignored = read('Dockerfile.dockerignore').split('\n');
  for (const path of ['.git', 'node_modules', 'dist', '**/*.key', '**/*.tfstate*']) expect(ignored).toContain(path);
});

test('the compose file starts the same service with a secret key, on a read-only root', async () => {
  const { services, secrets, volumes } = parse(read('compose.yaml'));
  const service = services['ksm-iac'];
  expect(service).toMatchObject({
    build: { dockerfile: 'deploy/Dockerfile' },
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    ulimits: { core: 0 },
    secrets: Object.keys(secrets),
    volumes: Object.keys(volumes).map((name) => `${name}:${last('VOLUME')}`),
    ports: [`${last('EXPOSE')}:${last('EXPOSE')}`],
  });
  expect(Number.parseInt(service.stop_grace_period, 10)).toBeGreaterThan(10);
  expect(existsSync(resolve(root, 'deploy', service.build.context, service.build.dockerfile))).toBe(true);

  const data = join(folder, 'data');
  const key = makeKey(0o400);
  const args = (service.command as string[]).map((word) =>
    word
      .replace(/^\$\{ADVERTISE:\?.*\}$/, 'ksm.example.com:8443')
      .replace('/run/secrets/master.key', key)
      .replace(/^\/data$/, data)
      .replace('0.0.0.0:8443', '127.0.0.1:0'),
  );
  const started = startCli(args);
  running.push(started);
  await ready(data, started);
  expect((await status(data)).code).toBe(0);
});
