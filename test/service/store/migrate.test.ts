import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../service/store/database';
import { migrations } from '../../../service/store/migrations/list';
import type { Migration } from '../../../service/store/migrations/migration';

const folder = mkdtempSync(join(tmpdir(), 'ksm-migrate-'));
afterAll(() => rmSync(folder, { recursive: true }));
const open = async (file: string, list: readonly Migration[]) =>
  openDatabase({ file: join(folder, file), migrations: list });

const extra: Migration = {
  name: '9999_extra',
  async up(db, types) {
    await db.schema.createTable('extra').addColumn('name', types.text).execute();
  },
};
const broken: Migration = {
  name: '9999_broken',
  async up(db, types) {
    await db.schema.createTable('half').addColumn('name', types.text).execute();
    throw new Error('disk on fire');
  },
};

test('every migration file is in the list, in order and under its own name', () => {
  const files = readdirSync(join(__dirname, '../../../service/store/migrations')).filter((name) =>
    /^\d{4}_/.test(name),
  );
  expect(migrations.map(({ name }) => `${name}.ts`)).toEqual(files.sort());
});

test('a database of an older version is brought up and keeps what it holds', async () => {
  const before = await open('older.db', migrations);
  await before.db
    .insertInto('settings')
    .values({ name: 'master_key_check', value: Buffer.from('kept') })
    .execute();
  await before.close();
  const after = await open('older.db', [...migrations, extra]);
  expect(await after.db.selectFrom('settings').selectAll().execute()).toEqual([
    { name: 'master_key_check', value: Buffer.from('kept') },
  ]);
  await after.close();
});

test('a database of a newer version is refused with both versions and the cure, and nothing is lost', async () => {
  const newer = await open('newer.db', [...migrations, extra]);
  await newer.close();
  await expect(open('newer.db', migrations)).rejects.toMatchObject({
    code: 'database_newer',
    message: expect.stringMatching(
      new RegExp(`version ${migrations.length + 1} .*up to ${migrations.length}:.*Start a ksm-iac at least as new`),
    ),
  });
  const again = await open('newer.db', [...migrations, extra]);
  await again.close();
});

test('a database with other steps than this build is refused', async () => {
  const other = await open('other.db', [...migrations, extra]);
  await other.close();
  await expect(open('other.db', [...migrations, broken])).rejects.toMatchObject({ code: 'database_foreign' });
});

test('a migration that fails leaves the version before, and the next start tries it again', async () => {
  const before = await open('broken.db', migrations);
  await before.close();
  await expect(open('broken.db', [...migrations, broken])).rejects.toMatchObject({
    code: 'database_unavailable',
    message: expect.stringContaining('disk on fire'),
  });
  const after = await open('broken.db', [...migrations, { ...broken, up: extra.up }]);
  await after.close();
});

test("a driver's tables have versions of their own, whatever the service's are", async () => {
  const own: Migration = {
    name: '0001_own',
    async up(db, types) {
      await db.schema.createTable('other_things').addColumn('name', types.text).execute();
    },
  };
  const first = await open('driver.db', migrations);
  await first.migrateDriver('other', [own]);
  await first.migrateDriver('other', [own]);
  await first.close();
  const second = await open('driver.db', [...migrations, extra]);
  await second.migrateDriver('other', [own, { ...extra, name: '0002_more', up: async () => undefined }]);
  await expect(second.migrateDriver('other', [own])).rejects.toMatchObject({ code: 'database_newer' });
  await second.close();
});
