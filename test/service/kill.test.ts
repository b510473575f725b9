import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sql } from 'kysely';
import type { ServiceAddress } from '../../service/main';
import { openDatabase } from '../../service/store/database';
import { eventually } from '../support/process';
import { newKey, newRun } from './http/api';
import { ask, start, temporaryFolder } from './running-service';

const ROUNDS = 4;
const CALLS_AT_ONCE = 8;

async function serve(dataDir: string): Promise<{ address: ServiceAddress; child: ChildProcess }> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'serve.ts'), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return { address: JSON.parse(line) as ServiceAddress, child };
}

test('a service that is killed at any moment has kept what it answered, and makes the rest once when it is asked again', async () => {
  const { folder, remove } = temporaryFolder();
  const data = join(folder, 'data');
  try {
    const first = await start(data);
    const { id } = (await ask(first, 'POST', '/v1/applications', { body: '{"name":"payments"}' })).json;
    await first.stop();
    const devices = `/v1/applications/${id}/devices`;

    const answered = new Map<string, string>();
    const unanswered: { body: string; headers: Record<string, string>; name: string }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { address, child } = await serve(data);
      const run = newRun();
      let alive = true;
      const load = async (worker: number) => {
        for (let index = 0; alive; index++) {
          const name = `${round}-${worker}-${index}`;
          const call = {
            body: JSON.stringify({ name }),
            headers: { 'idempotency-key': newKey(), 'ksm-run': run },
            name,
          };
          const reply = await ask(address, 'POST', devices, call).catch(() => undefined);
          if (reply?.status === 201) {
            answered.set(name, reply.json.clientId);
          } else {
            unanswered.push(call);
            return;
          }
        }
      };
      const before = answered.size;
      const loads = Array.from({ length: CALLS_AT_ONCE }, (_, worker) => load(worker));
      await eventually('the first answer', () => answered.size > before);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 300));
      child.kill('SIGKILL');
      await once(child, 'exit');
      alive = false;
      await Promise.all(loads);
    }
    expect(answered.size).toBeGreaterThan(0);
    expect(unanswered.length).toBeGreaterThan(0);

    const last = await start(data);
    for (const { name, ...call } of unanswered) {
      const reply = await ask(last, 'POST', devices, call);
      expect([name, reply.status]).toEqual([name, 201]);
      answered.set(name, reply.json.clientId);
    }
    const { items } = (await ask(last, 'GET', devices)).json as { items: { name: string; clientId: string }[] };
    expect(new Map(items.map(({ name, clientId }) => [name, clientId]))).toEqual(answered);
    expect(items).toHaveLength(answered.size);
    await last.stop();

    const database = await openDatabase({ file: join(data, 'service.db') });
    const count = async (table: 'run_items' | 'idempotency') =>
      (await database.db.selectFrom(table).selectAll().execute()).length;
    const created = await database.db
      .selectFrom('audit_events')
      .selectAll()
      .where('action', '=', 'client_device.create')
      .execute();
    expect(await sql`pragma integrity_check`.execute(database.db)).toMatchObject({ rows: [{ integrity_check: 'ok' }] });
    expect((await sql`pragma foreign_key_check`.execute(database.db)).rows).toEqual([]);
    expect([created.length, await count('run_items'), await count('idempotency')]).toEqual(
      Array(3).fill(answered.size),
    );
    await database.close();
  } finally {
    remove();
  }
}, 60_000);
