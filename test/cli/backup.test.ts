import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceAddress } from '../../service/main';
import { remoteDevice } from '../service/device-api/remote-device';
import { ask } from '../service/running-service';
import { login } from '../service/vault/temporary-vault';
import { runCli, startCli } from '../support/cli';
import { eventually, type Running } from '../support/process';

jest.setTimeout(240_000);

let folder: string;
let data: string;
let file: string;
let key: string;
const running: Running[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-iac-backup-'));
  [data, file, key] = ['data', 'backup', 'kept.key'].map((name) => join(folder, name)) as [string, string, string];
});
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

const environment = { ...process.env, KSM_IAC_MASTER_KEY: undefined };
const run = (args: readonly string[], masterKey?: string) =>
  runCli(args, { env: { ...environment, ...(masterKey === undefined ? {} : { KSM_IAC_MASTER_KEY: masterKey }) } });
const backup = (...args: string[]) => run(['backup', file, '--data', data, ...args]);
const restore = (to: string, ...args: string[]) => run(['restore', file, '--data', to, ...args]);
const good = { code: 0, stdout: '' };

async function serve(dataDir: string, masterKey?: string): Promise<{ address: ServiceAddress; service: Running }> {
  const readyFile = join(folder, `ready-${randomBytes(4).toString('hex')}.json`);
  const env = { ...environment, ...(masterKey === undefined ? {} : { KSM_IAC_MASTER_KEY: masterKey }) };
  const args = ['service', 'start', '--data', dataDir, '--listen', '127.0.0.1:0', '--ready-file', readyFile];
  const service = startCli(args, { env });
  running.push(service);
  const address = await eventually(
    'the service',
    () => {
      if (service.child.exitCode !== null) throw new Error(`The service did not start:\n${service.stderr}`);
      return existsSync(readyFile) && (JSON.parse(readFileSync(readyFile, 'utf8')) as ServiceAddress);
    },
    () => service.stderr,
  );
  return { address, service };
}

async function end(service: Running, signal: NodeJS.Signals): Promise<void> {
  service.child.kill(signal);
  await service.ended;
}

async function made(address: ServiceAddress, path: string, body: object) {
  const reply = await ask(address, 'POST', path, { body: JSON.stringify(body) });
  expect(reply.status).toBe(201);
  return reply.json;
}

const vaultId = async (address: ServiceAddress) => (await ask(address, 'GET', '/v1/info')).json.vaultId as string;

/** What a stopped folder with one application holds, with its key kept elsewhere. */
async function stopped(): Promise<void> {
  const { address, service } = await serve(data);
  await made(address, '/v1/applications', { name: 'payments' });
  await end(service, 'SIGTERM');
  copyFileSync(join(data, 'master.key'), key);
}

async function names(dataDir: string, masterKey?: string): Promise<string[]> {
  const { address, service } = await serve(dataDir, masterKey);
  const { items } = (await ask(address, 'GET', '/v1/applications')).json as { items: { name: string }[] };
  await end(service, 'SIGTERM');
  return items.map(({ name }) => name);
}

test('backups of a service that is being written to hold what it had answered before; restored, its devices redeem and read', async () => {
  const { address, service } = await serve(data);
  const secret = await made(address, '/v1/vault/folders', { name: 'shared' });
  await made(address, '/v1/vault/records', { folderUid: secret.uid, data: login('database', 'canary-password') });
  const { id } = await made(address, '/v1/applications', { name: 'payments' });
  const path = `/v1/applications/${id}`;
  const granted = await ask(address, 'PUT', `${path}/grants/${secret.uid}`, { body: '{"editable":false}' });
  expect(granted.status).toBe(201);
  const first = await made(address, `${path}/devices`, { name: 'redeemed', ipLock: false });
  let at = address;
  const bound = remoteDevice(() => at, first.oneTimeToken);
  expect((await bound.bind()).status).toBe(200);

  const answered: { clientId: string; oneTimeToken: string }[] = [];
  let alive = true;
  const load = async (worker: number) => {
    for (let index = 0; alive; index++) {
      answered.push(await made(address, `${path}/devices`, { name: `${worker}-${index}`, ipLock: false }));
    }
  };
  const loads = [0, 1, 2].map(load);
  let known: typeof answered = [];
  for (let round = 1; round <= 3; round++) {
    await eventually('another answer', () => answered.length >= round * 4);
    known = [...answered];
    // The second and the third replace the one before.
    expect(await backup()).toEqual(expect.objectContaining(good));
  }
  alive = false;
  await Promise.all(loads);
  await end(service, 'SIGKILL');
  copyFileSync(join(data, 'master.key'), key);

  expect(statSync(file).mode & 0o777).toBe(0o600);
  const bytes = readFileSync(file);
  for (const secretBytes of [readFileSync(key), readFileSync(join(data, 'admin.token')).subarray(0, -1)]) {
    expect(bytes.includes(secretBytes)).toBe(false);
  }
  expect(bytes.includes('SQLite format 3')).toBe(false);

  const elsewhere = join(folder, 'elsewhere');
  expect(await restore(elsewhere, '--master-key-file', key)).toEqual(expect.objectContaining(good));
  for (const name of ['service.db', 'master.key', 'admin.token', 'tls/ca.key', 'tls/server.key']) {
    expect([name, statSync(join(elsewhere, name)).mode & 0o777]).toEqual([name, 0o600]);
  }
  expect(readFileSync(join(elsewhere, 'tls/ca.crt'))).toEqual(readFileSync(join(data, 'tls/ca.crt')));
  expect(await run(['vault', 'check', '--data', elsewhere])).toMatchObject({ code: 0 });

  const restored = await serve(elsewhere);
  at = restored.address;
  const { items } = (await ask(at, 'GET', `${path}/devices`)).json as { items: { clientId: string }[] };
  const there = new Set(items.map(({ clientId }) => clientId));
  expect(known.filter(({ clientId }) => !there.has(clientId))).toEqual([]);
  // The one that had redeemed still reads; those that had not still redeem, once.
  expect((await bound.send()).status).toBe(200);
  for (const { oneTimeToken } of known.slice(0, 3)) {
    const device = remoteDevice(() => at, oneTimeToken);
    const reply = await device.bind();
    expect(reply.status).toBe(200);
    expect((reply.json.folders as unknown[]).length).toBe(1);
    expect((await remoteDevice(() => at, oneTimeToken).bind()).status).toBe(403);
  }
  expect(await vaultId(at)).toBe(await vaultId((await serve(data)).address));
});

test('the key comes from the folder, from a file, or from KSM_IAC_MASTER_KEY, which a restore leaves in the environment', async () => {
  await stopped();
  const text = readFileSync(key).toString('base64');
  rmSync(join(data, 'master.key'));
  expect(await backup()).toMatchObject({ code: 1, stderr: expect.stringContaining('master.key is missing') });
  expect(await backup('--master-key-file', key)).toMatchObject(good);
  expect(await run(['backup', file, '--data', data], text)).toMatchObject(good);

  const [byEnvironment, byFile] = [join(folder, 'by-environment'), join(folder, 'by-file')];
  expect(await run(['restore', file, '--data', byEnvironment], text)).toMatchObject(good);
  expect(existsSync(join(byEnvironment, 'master.key'))).toBe(false);
  expect(await names(byEnvironment, text)).toEqual(['payments']);
  expect(await restore(byFile, '--master-key-file', key)).toMatchObject(good);
  expect(readFileSync(join(byFile, 'master.key'))).toEqual(readFileSync(key));
  expect(await names(byFile)).toEqual(['payments']);
  // And from the folder itself, over what came after the backup.
  expect(await restore(byFile)).toMatchObject(good);
  expect(await names(byFile)).toEqual(['payments']);
});

test('--new-vault-id makes a clone that is another vault, with an address of its own', async () => {
  await stopped();
  expect(await backup()).toMatchObject(good);
  const clone = join(folder, 'clone');
  expect(await restore(clone, '--master-key-file', key, '--new-vault-id')).toMatchObject(good);
  const [first, second] = [await serve(data), await serve(clone)];
  expect(await vaultId(first.address)).not.toBe(await vaultId(second.address));
});

test('what is not the folder of the backup goes: the journal of a killed service, its certificates, its note', async () => {
  await stopped();
  const empty = join(folder, 'empty');
  const { address, service } = await serve(empty);
  await made(address, '/v1/applications', { name: 'not payments' });
  await end(service, 'SIGKILL');
  expect(statSync(join(empty, 'service.db-wal')).size).toBeGreaterThan(0);
  rmSync(join(data, 'tls'), { recursive: true });
  expect(await backup()).toMatchObject(good);
  rmSync(join(empty, 'master.key'));
  expect(await restore(empty, '--master-key-file', key)).toMatchObject(good);
  expect(readdirSync(empty).sort()).toEqual(
    ['admin.token', 'backup-lock.db', 'lock.db', 'master.key', 'service.db', 'tls'].sort(),
  );
  expect(readdirSync(join(empty, 'tls'))).toEqual([]);
  expect(await names(empty)).toEqual(['payments']);
});

describe('what cannot be is refused in words with exit code 1, and nothing is touched:', () => {
  beforeEach(async () => {
    await stopped();
    expect(await backup()).toMatchObject(good);
  });
  const refused = (sentence: RegExp) => ({ code: 1, stdout: '', stderr: expect.stringMatching(sentence) });
  const content = () => readFileSync(join(data, 'service.db'));

  test('a restore into the folder of a running service', async () => {
    const { address } = await serve(data);
    await made(address, '/v1/applications', { name: 'later' });
    expect(await restore(data)).toMatchObject(
      refused(/^error: Another service at https:.* runs on the data folder .*Stop that one first/),
    );
    expect((await ask(address, 'GET', '/v1/applications')).json.items).toHaveLength(2);
  });

  test('another master key, for a backup and for a restore', async () => {
    const other = join(folder, 'other.key');
    writeFileSync(other, randomBytes(32), { mode: 0o600 });
    const before = readFileSync(file);
    expect(await backup('--master-key-file', other)).toMatchObject(
      refused(/^error: The master key is not the one that .*no backup was written/),
    );
    expect(readFileSync(file)).toEqual(before);
    const fresh = join(folder, 'fresh');
    expect(await restore(fresh, '--master-key-file', other)).toMatchObject(
      refused(/^error: The backup .* was made with another master key\. Give the one/),
    );
    expect(existsSync(join(fresh, 'master.key'))).toBe(false);
    // A folder whose key is another's keeps it.
    writeFileSync(join(data, 'master.key'), randomBytes(32));
    expect(await restore(data, '--master-key-file', key)).toMatchObject(
      refused(/master\.key is another master key than .*Move it away/),
    );
  });

  test.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, -1), /is damaged or not whole/],
    ['cut off in its first line', (bytes: Buffer) => bytes.subarray(0, 20), /is no backup of this program/],
    [
      'changed',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1)! ^ 1])]),
      /is damaged or not whole/,
    ],
    [
      'of a changed first line',
      (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('"version":"', '"version":"9'), 'latin1'),
      /is damaged or not whole/,
    ],
    ['empty', () => Buffer.alloc(0), /is no backup of this program/],
    ['a database', () => content(), /is no backup of this program/],
  ])('a file that is %s', async (_, change, sentence) => {
    const before = content();
    writeFileSync(file, change(readFileSync(file)));
    expect(await restore(data)).toMatchObject(refused(sentence));
    expect(content()).toEqual(before);
    expect(await names(data)).toEqual(['payments']);
  });

  test('no file, a folder in its place, a place that is not there, a folder without a database', async () => {
    expect(await run(['restore', join(folder, 'none'), '--data', data])).toMatchObject(
      refused(/^error: The backup none cannot be read: ENOENT/),
    );
    expect(await run(['backup', folder, '--data', data])).toMatchObject(
      refused(/^error: The backup .* cannot be written: EISDIR/),
    );
    expect(await run(['backup', join(folder, 'no', 'b'), '--data', data])).toMatchObject(
      refused(/^error: The backup b cannot be written: ENOENT/),
    );
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    expect(await run(['backup', file, '--data', empty])).toMatchObject(
      refused(/^error: There is no database in the data folder/),
    );
    expect(readdirSync(empty)).toEqual([]);
  });

  test('a file that is something else as the target', async () => {
    const own = join(folder, 'vault.json');
    writeFileSync(own, '{"records":[]}');
    expect(await run(['backup', own, '--data', data])).toMatchObject(
      refused(/exists and is no backup of this program, so it was left alone/),
    );
    expect(readFileSync(own, 'utf8')).toBe('{"records":[]}');
  });
});

test('a backup that is killed leaves the one before whole, and the next one clears away what it left', async () => {
  const { address, service } = await serve(data);
  for (let index = 0; index < 20; index++) {
    await made(address, '/v1/vault/records', {
      data: login(`large ${index}`, randomBytes(300_000).toString('base64')),
    });
  }
  expect(await backup()).toMatchObject(good);
  const whole = readFileSync(file);
  const copy = join(data, 'backup-copy.db');
  await eventually('a copy that a kill has left', async () => {
    const killed = startCli(['backup', file, '--data', data], { env: environment });
    while (!existsSync(copy) && killed.child.exitCode === null) await new Promise((resolve) => setImmediate(resolve));
    killed.child.kill('SIGKILL');
    await killed.ended;
    return existsSync(copy);
  });
  expect(statSync(copy).mode & 0o777).toBe(0o600);
  expect(readFileSync(file)).toEqual(whole);
  // As a kill while it wrote the file itself would.
  writeFileSync(`${file}.0123456789ab`, 'half');
  expect(await backup()).toMatchObject(good);
  expect([existsSync(copy), existsSync(`${file}.0123456789ab`)]).toEqual([false, false]);
  await end(service, 'SIGTERM');
  writeFileSync(copy, 'left behind');
  writeFileSync(join(data, 'restore-draft.db'), 'left behind');
  expect(await restore(data)).toMatchObject(good);
  expect(readdirSync(data).filter((name) => /copy|draft/.test(name))).toEqual([]);
});
