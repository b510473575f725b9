import fs, {
  chmodSync,
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
import { inspect } from 'node:util';
import fc from 'fast-check';
import { type Database, openDatabase } from '../../../service/store/database';
import { type MasterKey, openMasterKey } from '../../../service/store/master-key';
import { SealError, seal, unseal } from '../../../service/store/sealing';

let folder: string;
let file: string;
let database: Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-key-'));
  file = join(folder, 'master.key');
  database = await openDatabase({ file: join(folder, 'vault.db') });
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const place = { table: 'applications', column: 'app_key', id: 'a' };
const open = (environment?: string): Promise<MasterKey> => openMasterKey({ database, file, environment });

test('the first start makes a key that its owner alone may read, and the next start opens with it', async () => {
  const sealed = (await open()).seal(Buffer.from('text'), place);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await open()).unseal(sealed, place).toString()).toBe('text');
  expect(readdirSync(folder).filter((name) => name.startsWith('master.key'))).toEqual(['master.key']);
});

test('a key in the environment goes before the file, and no file is made', async () => {
  const key = Buffer.alloc(32, 7).toString('base64');
  const sealed = (await open(key)).seal(Buffer.from('text'), place);
  expect((await open(key)).unseal(sealed, place).toString()).toBe('text');
  expect(readdirSync(folder)).not.toContain('master.key');
});

test('a key that is not the one of the database is refused with the cure, and without the key', async () => {
  await open();
  const other = Buffer.alloc(32, 9).toString('base64');
  const refusal = await open(other).catch((error: Error) => error);
  expect(refusal).toMatchObject({ code: 'master_key_wrong', message: expect.stringContaining('KSM_IAC_MASTER_KEY') });
  expect(inspect(refusal)).not.toContain(other);
});

test('a database that was made with a key never gets another one when the file is gone', async () => {
  await open();
  rmSync(file);
  await expect(open()).rejects.toMatchObject({ code: 'master_key_missing', message: expect.stringContaining(file) });
  expect(readdirSync(folder)).not.toContain('master.key');
});

test('a key file that others may read is refused', async () => {
  await open();
  chmodSync(file, 0o644);
  await expect(open()).rejects.toMatchObject({
    code: 'master_key_invalid',
    message: expect.stringContaining('chmod 600'),
  });
});

test('a key file that cannot be read or made is named with the cause and the cure', async () => {
  mkdirSync(file, { mode: 0o700 });
  await expect(open()).rejects.toMatchObject({
    code: 'master_key_unavailable',
    message: expect.stringMatching(/master\.key cannot be read: EISDIR.*KSM_IAC_MASTER_KEY/),
  });
  await expect(openMasterKey({ database, file: join(folder, 'missing', 'master.key') })).rejects.toMatchObject({
    code: 'master_key_unavailable',
    message: expect.stringContaining('cannot be made: ENOENT'),
  });
});

test('a key of another length is refused', async () => {
  await expect(open('c2hvcnQ=')).rejects.toMatchObject({
    code: 'master_key_invalid',
    message: expect.stringContaining('5 bytes'),
  });
  writeFileSync(file, 'short', { mode: 0o600 });
  await expect(open()).rejects.toMatchObject({ code: 'master_key_invalid' });
  expect(readFileSync(file, 'utf8')).toBe('short');
});

test('sealed bytes open at their own place alone', async () => {
  const key = await open();
  const sealed = key.seal(Buffer.from('text'), place);
  expect(() => key.unseal(sealed, { ...place, id: 'b' })).toThrow(SealError);
});

test('a printed key shows nothing of it', async () => {
  const key = await open();
  expect(inspect(key, { depth: 9, showHidden: true })).not.toContain(readFileSync(file).toString('hex').slice(0, 8));
});

test('what was sealed opens unchanged, and not after any bit of it changed', () => {
  const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
  fc.assert(
    fc.property(bytes(32), fc.uint8Array(), fc.uint8Array(), fc.nat(), (key, text, context, at) => {
      const sealed = seal(key, text, context);
      expect(sealed).toHaveLength(12 + text.length + 16);
      expect(unseal(key, sealed, context)).toEqual(Buffer.from(text));
      sealed[at % sealed.length]! ^= 1;
      expect(() => unseal(key, sealed, context)).toThrow(SealError);
    }),
  );
});

test('a new key and its name in the folder are on the disk before the database relies on it', async () => {
  const order: string[] = [];
  const fsync = fs.fsyncSync;
  const spy = jest.spyOn(fs, 'fsyncSync').mockImplementation((descriptor) => {
    const status = fs.fstatSync(descriptor);
    order.push(
      status.isDirectory() ? `folder, ${status.ino === statSync(folder).ino}` : `file of ${status.size} bytes`,
    );
    order.push(`named: ${existsSync(file)}`);
    fsync(descriptor);
  });
  try {
    await open();
  } finally {
    spy.mockRestore();
  }
  expect(order).toEqual(['file of 32 bytes', 'named: false', 'folder, true', 'named: true']);
});
