/**
 * What goes wrong around Keeper Commander, in the whole service on the real package: what whoever asks is told, and that
 * asking again leaves one device with a token that works. docs/commander.md says the same to operators.
 */

import { createCommanderClient } from '../../../../service/vault/commander/client';
import { createCommanderVault } from '../../../../service/vault/commander/commander';
import { systemClock } from '../../../../service/world/clock';
import { Commander, type CommanderSettings, describeCommander } from '../../../commander/commander';
import { Line, type LineFault } from '../../../commander/line';
import { type Answer, type Api, newKey, problemCode, startApi } from '../../http/api';
import type { TemporaryVault } from '../temporary-vault';
import { anyCall } from '../vault-suite';

const CREATION = /client add/;
const RESULT = /^GET .*\/result\//;

describeCommander('around Keeper Commander', () => {
  let commander: Commander;
  let line: Line;
  let api: Api;
  let id: string;

  async function open(settings: CommanderSettings = {}, options: { vaultPatienceMs?: number } = {}) {
    commander = await Commander.start({ gateway_cache_seconds: 0, ...settings });
    line = await Line.to(commander.port);
    await serve(options);
    id = (await insist('/v1/applications', { name: 'payments' }, newKey())).json.id;
  }
  /** Asks again as long as it is told to. */
  async function insist(at: string, body: object, key: string): Promise<Answer> {
    for (;;) {
      const answer = await api.call('POST', at, { body, key });
      if (answer.status !== 409) return answer;
    }
  }
  /** With the key that Commander has now. */
  const vaultOn = ({ database, clock }: Pick<TemporaryVault, 'database' | 'clock'>) =>
    createCommanderVault({ url: line.url, apiKey: commander.apiKey, database, clock });
  async function serve(options: { vaultPatienceMs?: number } = {}) {
    api = await startApi({ vaultOn, startedAt: Date.now(), ...options });
  }
  async function close() {
    await api.close();
    await line.close();
    await commander.stop();
  }

  const path = () => `/v1/applications/${id}/devices`;
  const create = (key: string): Promise<Answer> => api.call('POST', path(), { body: { name: 'ci' }, key });
  const orphans = async () => (await api.expect(200, 'GET', '/v1/orphans')).items;
  const clients = async () => (await commander.applications()).find(({ uid }) => uid === id)!.clients;

  /** Keeper has made a device, whoever knows of it. */
  async function made() {
    while ((await clients()).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** What happens when the result of the creation is asked for, and Keeper has made the device. */
  function failResult(fault: Omit<LineFault, 'matches' | 'reaches'>) {
    const { meanwhile = async () => undefined } = fault;
    const whenMade = async () => {
      await made();
      await meanwhile();
    };
    const begin = async () => line.fail({ reaches: true, ...fault, matches: RESULT, meanwhile: whenMade });
    line.fail({ matches: CREATION, reaches: true, passes: true, meanwhile: begin });
  }

  /** The one that the caller has works, and of the others each is suspected. */
  async function requireOne({ status, json, text }: Answer): Promise<string[]> {
    expect([status, text]).toEqual([201, expect.any(String)]);
    const { client } = await commander.control('redeem', { token: json.oneTimeToken });
    expect(client).toBe(json.clientId);
    const others = (await clients()).filter((known) => known.id !== client).map((known) => `${id}/${known.id}`);
    expect((await orphans()).map((orphan: { id: string }) => orphan.id).sort()).toEqual(others.sort());
    return others;
  }

  describe('as it stands, on a line that fails', () => {
    beforeAll(() => open(), 240_000);
    afterAll(close);
    beforeEach(async () => {
      line.heal();
      await commander.control('clear');
      await api.close();
      await serve();
      id = (await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } })).id;
    });

    test.each<[string, LineFault, string, number]>([
      ['before Commander had it', { matches: CREATION, reaches: false }, 'operation_in_progress', 0],
      ['when Commander had it', { matches: CREATION, reaches: true }, 'operation_in_progress', 1],
      [
        'by a page of a proxy, before Commander had it',
        { matches: CREATION, reaches: false, page: { status: 502 } },
        'operation_in_progress',
        0,
      ],
      [
        'by a page of a proxy, when Commander had it',
        { matches: CREATION, reaches: true, page: { status: 504 } },
        'operation_in_progress',
        1,
      ],
      [
        'by a proxy that wants a log-in',
        { matches: CREATION, reaches: false, page: { status: 403 } },
        'vault_unavailable',
        0,
      ],
    ])('a creation whose connection ends %s is read back, and made again', async (_case, fault, code, left) => {
      line.fail(fault);
      const key = newKey();
      const first = await create(key);
      expect(problemCode(first)).toBe(code);
      if (fault.page) expect(first.json.detail).toContain(`a proxy before it (status ${fault.page.status})`);
      expect(await requireOne(await create(key))).toHaveLength(left);
    });

    test.each<[string, Omit<LineFault, 'matches' | 'reaches'>]>([
      ['the connection ends', { count: 2 }],
      ['a proxy answers for a while', { page: { status: 502 }, count: 4 }],
      ['a proxy answers with success', { page: { status: 200 }, count: 2 }],
    ])('a result that is lost is fetched once more: %s', async (_case, fault) => {
      failResult(fault);
      expect(await requireOne(await create(newKey()))).toEqual([]);
    });

    test('a read through a proxy that fails is unavailable in words, and changes nothing', async () => {
      line.fail({ matches: /sync-down/, reaches: false, page: { status: 503 }, count: 2 });
      api.passMinutes(1);
      const read = await api.call('GET', `/v1/applications/${id}`);
      expect([problemCode(read), read.json.detail]).toEqual([
        'vault_unavailable',
        expect.stringContaining('a proxy before it (status 503)'),
      ]);
      line.heal();
      await api.expect(200, 'GET', `/v1/applications/${id}`);
    });

    test.each<[string, object | undefined, RegExp]>([
      ['a deletion', undefined, /client remove/],
      ['a name', { name: 'billing' }, /app update/],
    ])('%s whose reply is lost is done once', async (_case, body, matches) => {
      const device = await create(newKey());
      line.fail({ matches, reaches: true });
      const key = newKey();
      const ask = () =>
        body
          ? api.call('PATCH', `/v1/applications/${id}`, { body, key })
          : api.call('DELETE', `${path()}/${device.json.clientId}`, { key });
      expect(problemCode(await ask())).toBe('operation_in_progress');
      expect((await ask()).status).toBeLessThan(300);
      const action = body ? 'application.update' : 'client_device.delete';
      expect(await api.events(`?action=${action}`)).toHaveLength(1);
      expect((await clients()).length).toBe(body ? 1 : 0);
    });

    test('the key is rotated while a command runs: that is said, and with the new one it is read back', async () => {
      failResult({ passes: true, meanwhile: () => commander.rotateKey() });
      const key = newKey();
      expect(problemCode(await create(key))).toBe('operation_in_progress');
      const refused = await create(key);
      expect([problemCode(refused), refused.json.detail]).toEqual([
        'vault_unavailable',
        expect.stringContaining('KSM_IAC_COMMANDER_API_KEY'),
      ]);
      await api.restart();
      expect(await requireOne(await create(key))).toHaveLength(1);
    });

    test('the service and Commander are restarted together: what was made is suspected, and made again', async () => {
      failResult({ passes: true, meanwhile: () => commander.restart() });
      const key = newKey();
      expect(problemCode(await create(key))).toBe('operation_in_progress');
      await api.restart();
      await api.operations.tick();
      expect(await orphans()).toHaveLength(1);
      expect(await requireOne(await create(key))).toHaveLength(1);
    });

    test('a full queue is waited for, and nothing is lost or done twice', async () => {
      await commander.control('latency', { ms: 30 });
      const statuses = await Promise.all(Array.from({ length: 140 }, () => commander.submit('sync-down')));
      expect(statuses).toContain(503);
      const made = await Promise.all([create(newKey()), create(newKey())]);
      expect(made.map(({ status }) => status)).toEqual([201, 201]);
      expect(await clients()).toHaveLength(2);
    });

    test('the store is lost: what is in Keeper is nobody’s, and nothing of it is touched', async () => {
      const device = await create(newKey());
      await api.close();
      await serve();
      const [taken] = [await api.call('POST', '/v1/applications', { body: { name: 'payments' } })];
      expect([problemCode(taken), taken.json.existingId]).toEqual(['application_exists', id]);
      const known = (await api.expect(200, 'GET', path())).items;
      expect(known).toMatchObject([{ id: device.json.id, tokenExpiresAt: null, lapsed: null, status: 'pending' }]);
      api.passMinutes(60 * 24 * 30);
      await api.operations.tick();
      expect([await orphans(), await clients()]).toEqual([[], [expect.objectContaining({ id: device.json.clientId })]]);
    });
  });

  describe('set up in another way', () => {
    afterEach(close);

    test('a token that looks like an error to Commander is handed out all the same', async () => {
      const secrets = ['error', 'empty'].map((word) => word.padEnd(43, 'A'));
      await open({ one_time_secrets: secrets });
      for (const secret of secrets) {
        const made = await create(newKey());
        expect(made.json.oneTimeToken).toBe(`EU:${secret}`);
        expect((await commander.control('redeem', { token: made.json.oneTimeToken })).client).toBe(made.json.clientId);
      }
    }, 240_000);

    test('a rate limit that it is told of is never met, and one that it is not told of is kept once it was', async () => {
      await open({ rate_limiting: '20 per 2 seconds' });
      const at = { url: line.url, apiKey: commander.apiKey, database: api.database, clock: systemClock };
      const windowOver = () => new Promise((resolve) => setTimeout(resolve, 2_000));
      const vaultOf = async (options: { requestsPerMinute?: number }) =>
        (await createCommanderVault({ ...at, ...options })).during(anyCall());
      let made = 0;
      /** Three commands each. */
      const refusals = async ({ applications }: Awaited<ReturnType<typeof vaultOf>>) => {
        line.statuses.length = 0;
        for (let count = 0; count < 7; count++) await applications.create({ name: `${made++}` });
        return line.statuses.filter((status) => status === 429).length;
      };
      await windowOver();
      expect(await refusals(await vaultOf({ requestsPerMinute: 600 }))).toBe(0);
      await windowOver();
      const learning = await vaultOf({});
      expect(await refusals(learning)).toBeGreaterThan(0);
      await windowOver();
      expect(await refusals(learning)).toBe(0);
    }, 240_000);

    test('Commander has the next read before it has ended one, never more, and nothing beside a change', async () => {
      await open();
      const uids: string[] = await commander.control('fill', { applications: 6, devices: 1 });
      api.passMinutes(1);
      await commander.control('latency', { ms: 150 });
      const before = line.queued.length;
      const reads = (some: string[]) => some.map((uid) => api.expect(200, 'GET', `/v1/applications/${uid}`));
      await Promise.all([...reads(uids.slice(0, 4)), create(newKey()), ...reads(uids.slice(4))]);
      const commands = await Promise.all(line.queued.slice(before).map((request) => commander.queued(request)));
      commands.forEach(({ text, handedInAt }, index) => {
        const [last, earlier] = [commands[index - 1], commands[index - 2]];
        const isBeside = (other: typeof last) => other !== undefined && handedInAt < other.completedAt;
        expect([text, isBeside(earlier)]).toEqual([text, false]);
        if (/client add/.test(`${text} ${last?.text}`)) expect([text, isBeside(last)]).toEqual([text, false]);
      });
      const beside = commands.filter(({ handedInAt }, index) => handedInAt < (commands[index - 1]?.completedAt ?? 0));
      expect(beside.length).toBeGreaterThanOrEqual(3);
    }, 240_000);

    test('a session that expires under many reads at once is renewed, and each is answered', async () => {
      await open();
      const uids: string[] = await commander.control('fill', { applications: 8, devices: 1 });
      api.passMinutes(1);
      // Whatever is read first: the account, then each of the applications.
      for (const round of [uids.slice(0, 4), uids.slice(4)]) {
        await commander.control('end_session');
        await Promise.all(round.map((uid) => api.expect(200, 'GET', `/v1/applications/${uid}`)));
      }
      const client = createCommanderClient({ url: line.url, apiKey: commander.apiKey, clock: systemClock });
      await client.look(anyCall(), 'sync-down');
      await commander.control('end_session');
      // The second logs in, and would be taken for one that nobody logged in for.
      const asked = ['pam gateway list --format=json --verbose', 'sync-down', 'sync-down'];
      const replies = await Promise.all(asked.map((text) => client.look(anyCall(), text)));
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    }, 240_000);

    test('Keeper throttles within a command: who waits is told so, who asks again joins it, and nothing is done twice', async () => {
      await open({ throttle_scale: 0.03 }, { vaultPatienceMs: 800 });
      await commander.control('fail', { endpoint: 'vault/app_client_add', kind: 'error', code: 'throttled', count: 2 });
      const key = newKey();
      const creating = create(key);
      const read = api.call('GET', '/v1/secrets');
      // 60 s, and 60 again, as far as Commander knows.
      expect(problemCode(await creating)).toBe('operation_in_progress');
      const busy = await read;
      expect([problemCode(busy), busy.headers['retry-after']]).toEqual(['vault_busy', '5']);
      expect(await requireOne(await insist(path(), { name: 'ci' }, key))).toEqual([]);

      // Four times: then Commander gives up, and says that it was throttled.
      await commander.control('fail', { endpoint: 'vault/app_client_add', kind: 'error', code: 'throttled', count: 4 });
      expect((await insist(path(), { name: 'ci' }, newKey())).status).toBe(201);
      expect(await clients()).toHaveLength(2);
    }, 240_000);

    test('without a queue nothing proves that a command has ended: it is read back when it must have', async () => {
      await open({ queue_enabled: 'n' });
      await commander.control('latency', { ms: 300 });
      line.fail({ matches: CREATION, reaches: 'runs on' });
      const key = newKey();
      expect(problemCode(await create(key))).toBe('operation_in_progress');
      expect(await clients()).toEqual([]);
      await commander.control('latency', { ms: 0 });
      api.passMinutes(14.9);
      await api.operations.tick();
      const early = await create(key);
      expect([problemCode(early), early.json.detail, early.headers['retry-after']]).toEqual([
        'operation_in_progress',
        expect.stringContaining('read back in 6 s'),
        '6',
      ]);
      // It is read all the same, and what is in other applications is changed.
      await api.expect(200, 'GET', path());
      await api.expect(201, 'POST', '/v1/applications', { body: { name: 'billing' } });
      // The service's clock leaps, Commander's does not: on a busy machine the command would run on still.
      await made();
      api.passMinutes(0.2);
      expect(await requireOne(await create(key))).toHaveLength(1);
    }, 240_000);
  });
});
