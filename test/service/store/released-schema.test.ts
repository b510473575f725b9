import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { openDatabase } from '../../../service/store/database';
import { migrations } from '../../../service/store/migrations/list';

/** Migrations that somebody's database may have run: what they make never changes. */
const RELEASED = ['0001_vault', '0002_service'];

test('the released migrations make what they always made, to the column and the index', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ksm-schema-'));
  const released = migrations.slice(0, RELEASED.length);
  expect(released.map(({ name }) => name)).toEqual(RELEASED);
  const database = await openDatabase({ file: join(folder, 'vault.db'), migrations: released });
  try {
    const { rows } = await sql<{ sql: string }>`
      SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name`.execute(database.db);
    const made = rows.map((row) => `${row.sql};\n`).join('');
    expect(made).toBe(readFileSync(join(__dirname, 'released-schema.sql'), 'utf8'));
  } finally {
    await database.close();
    rmSync(folder, { recursive: true });
  }
});
