import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { securePrivateFiles } from '../../../service/host/data-folder-modes';
import { ask, start, type Temporary, temporaryFolder } from '../running-service';

let temporary: Temporary;
let data: string;
beforeEach(() => {
  temporary = temporaryFolder();
  data = join(temporary.folder, 'data');
});
afterEach(() => temporary.remove());

const mode = (...path: string[]) => (statSync(join(data, ...path)).mode & 0o7777).toString(8);
const stopped = async () => (await start(data)).stop();

test('whatever the umask, only certificates can be read by others', async () => {
  const before = process.umask(0);
  try {
    const readyFile = join(temporary.folder, 'ready.json');
    const service = await start(data, { readyFile });
    await ask(service, 'POST', '/v1/applications', { body: '{"name":"payments"}' });
    const open = (readdirSync(data, { recursive: true }) as string[]).filter((file) => !mode(file).endsWith('00'));
    expect(open.sort()).toEqual(['tls/ca.crt', 'tls/server.crt']);
    expect([mode(), mode('tls'), statSync(readyFile).mode & 0o777]).toEqual(['700', '700', 0o600]);
    await service.stop();
  } finally {
    process.umask(before);
  }
});

test.each(['service.db', 'lock.db'])('%s that others may read is made private', async (file) => {
  await stopped();
  chmodSync(join(data, file), 0o666);
  const service = await start(data);
  expect(mode(file)).toBe('600');
  expect(mode('service.db-wal')).toBe('600');
  await service.stop();
});

test('a journal and a note that a killed service left, and a copy made readable, are made private', () => {
  mkdirSync(data);
  const files = ['service.db', 'service.db-wal', 'service.db-shm', 'lock.db', 'service.json'];
  for (const file of files) {
    writeFileSync(join(data, file), '');
    chmodSync(join(data, file), 0o640);
  }
  expect(securePrivateFiles(data)).toEqual(files.map((file) => ({ file: join(data, file), mode: '640' })));
  expect(files.map((file) => mode(file))).toEqual(files.map(() => '600'));
  expect(securePrivateFiles(data)).toEqual([]);
});

test.each(['admin.token', 'tls/ca.key', 'tls/server.key', 'master.key'])(
  '%s that others may read is refused with the cure, and works after it',
  async (name) => {
    await stopped();
    const file = join(data, name);
    chmodSync(file, 0o644);
    await expect(start(data)).rejects.toMatchObject({
      code: expect.stringMatching(/^(data_folder_exposed|master_key_invalid)$/),
      message: expect.stringContaining(`chmod 600 '${file}'`),
    });
    expect(mode(name)).toBe('644');
    chmodSync(file, 0o600);
    await stopped();
  },
);

test('a folder that others may write is closed to them; one as /tmp is, and one others may only read, stay', async () => {
  await stopped();
  chmodSync(data, 0o777);
  chmodSync(join(data, 'tls'), 0o770);
  await stopped();
  expect([mode(), mode('tls')]).toEqual(['755', '750']);
  for (const other of [0o1777, 0o755]) {
    chmodSync(data, other);
    expect(securePrivateFiles(data)).toEqual([]);
    expect(mode()).toBe(other.toString(8));
  }
});
