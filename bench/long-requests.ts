/**
 * How long one request stops all others, at its longest, in an application with 50,000 devices: the service's app in
 * this process, on a real vault, and the longest time that the event loop had no turn.
 */
import { randomBytes } from 'node:crypto';
import { TestDevice } from '../test/service/device-api/test-device';
import { type Api, startApi } from '../test/service/http/api';
import { type Figure, milliseconds } from './private/figure';

const DEVICES = 50_000;
const RECORDS = 10_000;
const ROWS_A_STATEMENT = 500;

export async function benchLongRequests(runs: number): Promise<Figure[]> {
  process.stderr.write('the longest requests ');
  const stops = new Map<string, number[]>();
  const starts: number[] = [];
  const memory: number[] = [];
  for (let run = 0; run < runs; run++) {
    const api = await startApi();
    try {
      for (const [name, work] of await requests(api)) {
        const known = stops.get(name) ?? [];
        stops.set(name, [...known, await longestStop(work)]);
        process.stderr.write('.');
      }
      memory.push(process.memoryUsage().rss / 1e6);
      const filled = await application(api, 'filled');
      await fill(api, filled, runId());
      starts.push(await milliseconds(() => api.restart()));
    } finally {
      await api.close();
    }
  }
  process.stderr.write('\n');
  const title = (name: string) => `longest stop of others by ${name}`;
  return [
    ...[...stops].map(([name, ours]) => ({ name: title(name), baseline: '–', unit: 'ms' as const, ours, theirs: [] })),
    { name: 'memory of the process after all of them', baseline: '–', unit: 'MB', ours: memory, theirs: [] },
    { name: `start with ${DEVICES} devices of a run that lives`, baseline: '–', unit: 'ms', ours: starts, theirs: [] },
  ];
}

const runId = () => randomBytes(16).toString('base64url');

const application = async (api: Api, name: string) =>
  (await api.expect(201, 'POST', '/v1/applications', { body: { name } })).id as string;

async function requests(api: Api): Promise<[string, () => Promise<unknown>][]> {
  const [plain, settled, lapsed] = [
    await application(api, 'plain'),
    await application(api, 'settled'),
    await application(api, 'lapsed'),
  ];
  const [settledRun, lapsedRun] = [runId(), runId()];
  await fill(api, plain);
  await fill(api, settled, settledRun);
  const device = await deviceOfMany(api);
  const path = (id: string) => `/v1/applications/${id}`;
  return [
    [`a snapshot of ${DEVICES} devices`, () => api.app.http.inject(withToken(api, `${path(plain)}?include=devices`))],
    [`a list of ${DEVICES} devices`, () => api.app.http.inject(withToken(api, `${path(plain)}/devices`))],
    ['a deletion that is refused', () => api.call('DELETE', path(plain))],
    ['a deletion by force', () => api.call('DELETE', `${path(plain)}?force=true`)],
    ['its removal afterwards', () => api.operations.tick()],
    [
      `a settle of ${DEVICES} devices`,
      () => api.expect(200, 'POST', `/v1/runs/${settledRun}/settle`, { body: { held: [] } }),
    ],
    ['a deletion of what is dead', () => api.expect(204, 'DELETE', path(settled))],
    [
      'the lapse of a run',
      async () => {
        await fill(api, lapsed, lapsedRun);
        api.passMinutes(3);
        return longestStop(() => api.operations.tick());
      },
    ],
    ['a list of orphans', () => api.expect(200, 'GET', '/v1/orphans?limit=100')],
    ['orphans that are revoked', () => api.expect(200, 'POST', '/v1/orphans/revoke', { body: {} })],
    [`get_secret of ${RECORDS} records (30 MB)`, () => device.ask()],
  ];
}

const withToken = ({ token }: Api, url: string) => ({ url, headers: { authorization: `Bearer ${token}` } });

/** As if they had been made one by one, by the run if it is given. */
async function fill(api: Api, id: string, run?: string): Promise<void> {
  await api.expect(201, 'POST', `/v1/applications/${id}/devices`, { body: { name: 'x' }, ...(run && { run }) });
  const { database } = api;
  const { position: _position, ...row } = await database.db
    .selectFrom('client_devices')
    .selectAll()
    .where('application_uid', '=', id)
    .executeTakeFirstOrThrow();
  const item = await database.db
    .selectFrom('run_items')
    .selectAll()
    .where('item_id', '=', `${id}/${row.client_id}`)
    .executeTakeFirst();
  await database.transaction(async () => {
    for (let made = 1; made < DEVICES; made += ROWS_A_STATEMENT) {
      const ids = Array.from({ length: ROWS_A_STATEMENT }, () => `A${randomBytes(64).toString('base64url').slice(1)}`);
      const rows = ids.map((client_id) => ({ ...row, client_id, name: `device ${client_id.slice(0, 8)}` }));
      await database.db.insertInto('client_devices').values(rows).execute();
      if (!item) continue;
      const items = ids.map((client_id) => ({ ...item, item_id: `${id}/${client_id}` }));
      await database.db.insertInto('run_items').values(items).execute();
    }
  });
}

async function deviceOfMany(api: Api): Promise<{ ask(): Promise<unknown> }> {
  const { content } = api.vault;
  const folderUid = (await content.putFolder({ name: 'many' })).folder.uid;
  await api.database.transaction(async () => {
    for (let number = 0; number < RECORDS; number++) {
      const fields = [{ type: 'password', value: ['x'.repeat(2_000)] }];
      await content.putRecord({ folderUid, data: { title: `record ${number}`, type: 'login', fields } });
    }
  });
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'reads' } });
  await api.expect(201, 'PUT', `/v1/applications/${id}/grants/${folderUid}`, { body: { editable: false } });
  const { oneTimeToken } = await api.expect(201, 'POST', `/v1/applications/${id}/devices`, { body: { name: 'd' } });
  // What the device does with the reply is not the service's.
  const handle: Api['deviceApi']['handle'] = async (request) => {
    await api.deviceApi.handle(request);
    throw new Answered();
  };
  const device = new TestDevice({ handle }, api.vault, oneTimeToken);
  return {
    ask: () =>
      device.bind().catch((error) => {
        if (!(error instanceof Answered)) throw error;
      }),
  };
}

class Answered extends Error {}

/** In milliseconds. What the work measures itself is taken. */
async function longestStop(work: () => Promise<unknown>): Promise<number> {
  let [longest, last, running] = [0, performance.now(), true];
  const watch = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (running) setImmediate(watch);
  };
  watch();
  const own = await work();
  await new Promise(setImmediate);
  running = false;
  return typeof own === 'number' ? own : longest;
}
