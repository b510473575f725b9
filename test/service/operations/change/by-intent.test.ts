/** Every change of a vault over a network, with everything that goes wrong between intent, vault and outcome. */

import { clientIdOf } from '../../../../contract/one-time-token';
import { createOperations } from '../../../../service/operations/operations';
import { type Answer, type Api, newKey, newRun, problemCode, standingOn, startApi } from '../../http/api';
import type { Fault, RemoteVault } from '../../vault/remote-vault';
import { fillVault } from '../../vault/temporary-vault';

standingOn.vault = 'remote';

let api: Api;
let remote: RemoteVault;
let content: Awaited<ReturnType<typeof fillVault>>;
let id: string;
beforeEach(async () => {
  api = await startApi();
  remote = api.remote!;
  content = await fillVault(api.vault);
  id = (await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } })).id;
});
afterEach(() => api.close());

interface Scenario {
  readonly step: string;
  readonly action: string;
  prepare?(): Promise<string>;
  ask(prepared: string): [method: string, path: string, body?: object];
  /** How often the effect is there. */
  count(prepared: string): Promise<number>;
}

const base = () => `/v1/applications/${id}`;
const clients = (kind: 'devices' | 'gateways') => async () =>
  (await api.vault[kind].list(id)).filter(({ name }) => name === 'new').length;
const make = (kind: 'devices' | 'gateways') => async () =>
  (await api.expect(201, 'POST', `${base()}/${kind}`, { body: { name: 'old' } })).clientId as string;
const gone = (kind: 'devices' | 'gateways') => async (clientId: string) =>
  Number((await api.vault[kind].list(id)).every((client) => client.clientId !== clientId));

const SCENARIOS: Scenario[] = [
  {
    step: 'application.create',
    action: 'application.create',
    ask: () => ['POST', '/v1/applications', { name: 'new' }],
    count: async () => (await api.vault.applications.list({ limit: 99, name: 'new' })).items.length,
  },
  {
    step: 'application.rename',
    action: 'application.update',
    ask: () => ['PATCH', base(), { name: 'new' }],
    count: async () => (await api.vault.applications.list({ limit: 99, name: 'new' })).items.length,
  },
  {
    step: 'application.remove',
    action: 'application.delete',
    ask: () => ['DELETE', base()],
    count: async () => 1 - (await api.vault.applications.list({ limit: 99, name: 'payments' })).items.length,
  },
  {
    step: 'grant.put',
    action: 'grant.create',
    ask: () => ['PUT', `${base()}/grants/${content.folder}`, { editable: true }],
    count: async () => (await api.vault.grants.list(id)).length,
  },
  {
    step: 'grant.remove',
    action: 'grant.delete',
    async prepare() {
      await api.expect(201, 'PUT', `${base()}/grants/${content.folder}`, { body: { editable: true } });
      return content.folder;
    },
    ask: (uid) => ['DELETE', `${base()}/grants/${uid}`],
    count: async () => 1 - (await api.vault.grants.list(id)).length,
  },
  {
    step: 'client_device.create',
    action: 'client_device.create',
    ask: () => ['POST', `${base()}/devices`, { name: 'new' }],
    count: clients('devices'),
  },
  {
    step: 'client_device.remove',
    action: 'client_device.delete',
    prepare: make('devices'),
    ask: (clientId) => ['DELETE', `${base()}/devices/${clientId}`],
    count: gone('devices'),
  },
  {
    step: 'gateway.create',
    action: 'gateway.create',
    ask: () => ['POST', `${base()}/gateways`, { name: 'new' }],
    count: clients('gateways'),
  },
  {
    step: 'gateway.rename',
    action: 'gateway.update',
    async prepare() {
      const { clientId, oneTimeToken } = await api.expect(201, 'POST', `${base()}/gateways`, { body: { name: 'old' } });
      await redeem(oneTimeToken);
      return clientId;
    },
    ask: (clientId) => ['PATCH', `${base()}/gateways/${clientId}`, { name: 'new' }],
    count: clients('gateways'),
  },
  {
    step: 'gateway.remove',
    action: 'gateway.delete',
    prepare: make('gateways'),
    ask: (clientId) => ['DELETE', `${base()}/gateways/${clientId}`],
    count: gone('gateways'),
  },
];

async function redeem(oneTimeToken: string): Promise<void> {
  const client = await api.vault.redemption.find(clientIdOf(Buffer.from(oneTimeToken, 'base64url')));
  await api.vault.redemption.bind(client!, Buffer.alloc(65, 4), '127.0.0.1', async () => undefined);
}

/** The next change has this fault, and none after it. */
function failOnce(fault: Fault): void {
  remote.fault = () => {
    remote.fault = () => undefined;
    return fault;
  };
}

const intents = () => api.database.db.selectFrom('intents').selectAll().execute();
const events = async (action: string) => (await api.events()).filter((event) => event.action === action).length;

describe.each(SCENARIOS)('$step', (scenario) => {
  let prepared: string;
  let ask: (more?: { key?: string; run?: string }) => Promise<Answer>;
  let before: number;
  beforeEach(async () => {
    prepared = (await scenario.prepare?.()) ?? '';
    const [method, path, body] = scenario.ask(prepared);
    ask = (more) => api.call(method, path, { ...(body && { body }), ...more });
    before = await events(scenario.action);
  });

  const requireDoneOnce = async () => {
    expect({
      effects: await scenario.count(prepared),
      events: (await events(scenario.action)) - before,
      intents: await intents(),
    }).toEqual({ effects: 1, events: 1, intents: [] });
  };

  test('what was not sent leaves nothing, and is done when it is asked again', async () => {
    failOnce('refused');
    const key = newKey();
    expect(problemCode(await ask({ key }))).toBe('vault_unavailable');
    expect([await scenario.count(prepared), await intents()]).toEqual([0, []]);
    expect((await ask({ key })).status).toBeLessThan(300);
    await requireDoneOnce();
  });

  test.each(['lost-before', 'lost-after'] as const)(
    '%s: the same key gets its answer, and it is done once',
    async (fault) => {
      failOnce(fault);
      const key = newKey();
      const first = await ask({ key });
      expect([problemCode(first), first.headers['retry-after']]).toEqual(['operation_in_progress', '2']);
      expect(await intents()).toHaveLength(1);
      const second = await ask({ key });
      expect(second.status).toBeLessThan(300);
      await requireDoneOnce();
      const third = await ask({ key });
      expect([third.status, third.text]).toEqual([second.status, second.text]);
      await requireDoneOnce();
    },
  );

  test.each(['crash-before', 'crash-after'] as const)(
    '%s, and a restart: the same key gets its answer',
    async (fault) => {
      failOnce(fault);
      const key = newKey();
      abandon(ask({ key }));
      await until(
        async () =>
          (await intents()).length === 1 && (fault === 'crash-before' || (await scenario.count(prepared)) === 1),
      );
      await api.restart();
      expect((await ask({ key })).status).toBeLessThan(300);
      await requireDoneOnce();
    },
  );

  test.each(['crash-before', 'crash-after'] as const)(
    '%s, and nobody asks again: it is settled by itself',
    async (fault) => {
      failOnce(fault);
      const run = newRun();
      abandon(ask({ key: newKey(), run }));
      await until(
        async () =>
          (await intents()).length === 1 && (fault === 'crash-before' || (await scenario.count(prepared)) === 1),
      );
      await api.restart();
      await api.operations.tick();
      const done = fault === 'crash-after' ? 1 : 0;
      expect([await scenario.count(prepared), (await events(scenario.action)) - before]).toEqual([done, done]);
      expect((await intents()).filter(({ item_id }) => item_id === null)).toEqual([]);
      // The reply that nobody asked for is forgotten with its run.
      await api.expect(200, 'POST', `/v1/runs/${run}/settle`, { body: { held: [] } });
      await api.operations.purge();
      await api.operations.tick();
      expect(await intents()).toEqual([]);
      if (scenario.step.endsWith('.create')) expect(await scenario.count(prepared)).toBe(0);
    },
  );

  test('as long as the vault does not answer it stays open, and nothing else is done there', async () => {
    failOnce('lost-after');
    const key = newKey();
    expect(problemCode(await ask({ key }))).toBe('operation_in_progress');
    remote.down = true;
    expect(problemCode(await ask({ key }))).toBe('vault_unavailable');
    await api.operations.tick();
    expect(await intents()).toHaveLength(1);
    remote.down = false;
    expect((await ask({ key })).status).toBeLessThan(300);
    await requireDoneOnce();
  });
});

/** Its process ends before it is answered. */
function abandon(asked: Promise<unknown>): void {
  asked.catch(() => undefined);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

test.each(['devices', 'gateways'] as const)(
  '%s: a credential that was lost with the reply is ended, and the same key gets another',
  async (kind) => {
    failOnce('lost-after');
    const key = newKey();
    const body = { name: 'new' };
    expect(problemCode(await api.call('POST', `${base()}/${kind}`, { body, key }))).toBe('operation_in_progress');
    const [lost] = await api.vault[kind].list(id);
    remote.loseCredentials();
    const made = await api.expect(201, 'POST', `${base()}/${kind}`, { body, key });
    expect((await api.vault[kind].list(id)).map(({ clientId }) => clientId)).toEqual([made.clientId]);
    expect(made.clientId).not.toBe(lost!.clientId);
    const action = kind === 'devices' ? 'client_device.revoke' : 'gateway.revoke';
    const [event] = (await api.events()).filter((some) => some.action === action);
    expect([event?.target, event?.reason]).toEqual([lost!.id, expect.stringContaining('lost')]);
  },
);

test('a credential that is lost after its outcome was settled is ended too when its caller asks again', async () => {
  failOnce('crash-after');
  const [key, run, body] = [newKey(), newRun(), { name: 'new' }];
  abandon(api.call('POST', `${base()}/devices`, { body, key, run }));
  await until(async () => (await api.vault.devices.list(id)).length === 1);
  await api.restart();
  await api.operations.tick();
  const [lost] = await api.vault.devices.list(id);
  remote.loseCredentials();
  const made = await api.expect(201, 'POST', `${base()}/devices`, { body, key, run });
  expect((await api.vault.devices.list(id)).map(({ clientId }) => clientId)).toEqual([made.clientId]);
  expect(made.clientId).not.toBe(lost!.clientId);
});

test('a device whose caller had neither a key nor a run is ended as soon as it is found: nobody can ask for its token', async () => {
  failOnce('lost-after');
  expect(problemCode(await api.call('POST', `${base()}/devices`, { body: { name: 'new' } }))).toBe('vault_unavailable');
  expect(await api.vault.devices.list(id)).toHaveLength(1);
  await api.operations.tick();
  expect([await api.vault.devices.list(id), await intents()]).toEqual([[], []]);
});

test('a device that was made for a caller without a run that never asks again is ended: nobody got its token', async () => {
  failOnce('crash-after');
  abandon(api.call('POST', `${base()}/devices`, { body: { name: 'new' }, key: newKey() }));
  await until(async () => (await api.vault.devices.list(id)).length === 1);
  await api.restart();
  await api.operations.tick();
  api.passMinutes(14.9);
  await api.operations.tick();
  expect(await api.vault.devices.list(id)).toHaveLength(1);
  api.passMinutes(0.2);
  await api.operations.purge();
  await api.operations.tick();
  expect([await api.vault.devices.list(id), await intents()]).toEqual([[], []]);
  const [event] = (await api.events()).filter(({ action }) => action === 'client_device.revoke');
  expect(event?.reason).toContain('nobody has it');
});

/** A device whose reply was lost and of which the vault knows nothing any more; another was made for the same key. */
async function suspectDevice(more: object = {}) {
  failOnce('lost-after');
  const key = newKey();
  const body = { name: 'new', ...more };
  expect(problemCode(await api.call('POST', `${base()}/devices`, { body, key }))).toBe('operation_in_progress');
  const lost = (await api.vault.devices.list(id)).find(({ name }) => name === body.name);
  remote.forget();
  const made = await api.expect(201, 'POST', `${base()}/devices`, { body, key });
  return { lost: lost!, made };
}
const orphans = async (query = '') => (await api.expect(200, 'GET', `/v1/orphans${query}`)).items;
const left = async () => (await api.vault.devices.list(id)).map(({ clientId }) => clientId);

test('what nobody can tell is suspected: audited, counted, listed with its end, and what was asked is done anew', async () => {
  const { lost } = await suspectDevice();
  const [event] = (await api.events()).filter(({ action }) => action === 'operation.suspected');
  const reason = expect.stringContaining('client_device.create');
  expect(event).toMatchObject({ target: lost.id, name: 'new', actor: 'token', principal: 'test write', reason });
  expect(await intents()).toEqual([]);
  const orphan = { id: lost.id, kind: 'client_device', state: 'suspected', name: 'new', applicationId: id };
  const facts = { applicationName: 'payments', principal: 'test write', runId: null };
  expect(await orphans()).toEqual([{ ...orphan, ...facts, createdAt: lost.createdAt, endsAt: lost.tokenExpiresAt }]);
  expect([await orphans('?state=suspected'), await orphans('?state=unsure')]).toEqual([await orphans(), []]);
  expect((await api.call('GET', '/metrics')).text).toContain('ksm_iac_orphans_suspected 1');
  const limits = { applications: ['other-*'], secrets: null, allowEdit: false };
  const token = await api.newToken('read', { name: 'limited', limits });
  expect((await api.expect(200, 'GET', '/v1/orphans', { token })).items).toEqual([]);
});

test('a suspected device is removed by its full id when its token has certainly ended, and by nobody before', async () => {
  const { lost, made } = await suspectDevice();
  await api.expect(200, 'POST', '/v1/orphans/revoke', { body: {} });
  await api.expect(200, 'POST', '/v1/orphans/revoke', { body: { applicationId: id } });
  api.passMinutes(60.9);
  await api.operations.tick();
  expect((await left()).sort()).toEqual([lost.clientId, made.clientId].sort());
  api.passMinutes(0.2);
  await api.operations.tick();
  expect([await left(), await orphans()]).toEqual([[made.clientId], []]);
  const [event] = (await api.events()).filter(({ action }) => action === 'client_device.end');
  expect(event).toMatchObject({ target: lost.id, name: 'new', actor: 'system' });
});

test('one that somebody has used does not end by itself: it is listed until it is revoked by its id', async () => {
  const { lost, made } = await suspectDevice();
  const client = await api.vault.redemption.find(lost.clientId);
  await api.vault.redemption.bind(client!, Buffer.alloc(65, 4), '127.0.0.1', async () => undefined);
  api.passMinutes(60 * 25);
  await api.operations.tick();
  expect(await orphans()).toEqual([expect.objectContaining({ id: lost.id, endsAt: null })]);
  const revoked = await api.expect(200, 'POST', '/v1/orphans/revoke', { body: { ids: [lost.id, made.id] } });
  expect(revoked).toMatchObject({ revoked: [lost.id], revokedTotal: 1, kept: [{ id: made.id }] });
  expect([await left(), await orphans()]).toEqual([[made.clientId], []]);
});

test('one that a state is seen to hold is no leftover any more', async () => {
  const { lost } = await suspectDevice();
  const snapshot = await api.expect(200, 'GET', `${base()}?include=devices`);
  expect(snapshot.devices).toContainEqual(expect.objectContaining({ id: lost.id, held: false }));
  const limits = { applications: ['other-*'], secrets: null, allowEdit: false };
  const stranger = await api.newToken('read', { name: 'limited', limits });
  const hold = (token: string) => api.expect(200, 'PUT', `/v1/runs/${newRun()}`, { body: { held: [lost.id] }, token });
  await hold(stranger);
  expect(await orphans()).toHaveLength(1);
  await hold(api.token);
  api.passMinutes(60 * 25);
  await api.operations.tick();
  expect(await orphans()).toEqual([]);
  expect(await left()).toContain(lost.clientId);
});

test('an application with a suspected device is not deleted, and the refusal names how that ends', async () => {
  const { lost, made } = await suspectDevice();
  await api.expect(204, 'DELETE', `${base()}/devices/${made.clientId}`);
  const refused = await api.call('DELETE', base());
  expect(problemCode(refused)).toBe('application_not_empty');
  expect(refused.json.detail).toContain(`ksm-iac orphans revoke ${lost.id}`);
  await api.expect(200, 'POST', '/v1/orphans/revoke', { body: { ids: [lost.id] } });
  await api.expect(204, 'DELETE', base());
});

test('an application with nothing but a suspected device is not adopted, and the refusal names how that ends', async () => {
  const run = newRun();
  const { id: own } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'own' }, run });
  id = own;
  const { lost, made } = await suspectDevice();
  await api.expect(204, 'DELETE', `${base()}/devices/${made.clientId}`);
  api.passMinutes(3);
  await api.operations.tick();
  const refused = await api.call('POST', '/v1/applications', { body: { name: 'own' }, run: newRun() });
  expect(problemCode(refused)).toBe('application_exists');
  expect(refused.json.detail).toContain(`ksm-iac orphans revoke ${lost.id}`);
});

test('a suspected gateway is listed until its token has ended, and then audited: by its id nothing can be removed', async () => {
  failOnce('lost-after');
  const key = newKey();
  const ask = () => api.call('POST', `${base()}/gateways`, { body: { name: 'site' }, key });
  expect(problemCode(await ask())).toBe('operation_in_progress');
  remote.forget();
  expect((await ask()).status).toBe(201);
  const [orphan] = await orphans();
  expect(orphan).toMatchObject({ kind: 'gateway', state: 'suspected', name: 'site', applicationId: id });
  const { kept } = await api.expect(200, 'POST', '/v1/orphans/revoke', { body: { ids: [orphan.id] } });
  expect(kept).toEqual([{ id: orphan.id, reason: expect.stringContaining('lists no such gateway') }]);
  api.passMinutes(1);
  await api.operations.tick();
  expect(await orphans()).toEqual([]);
  expect(await api.vault.gateways.list(id)).toHaveLength(2);
  const [event] = (await api.events()).filter(({ action }) => action === 'gateway.end');
  expect(event).toMatchObject({ target: orphan.id, name: 'site', actor: 'system' });
});

test('orphans of all kinds are paged in one order', async () => {
  const run = newRun();
  const made: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    const body = { name };
    made.push((await api.expect(201, 'POST', `${base()}/devices`, { body, run })).id);
  }
  api.passMinutes(3);
  await api.operations.tick();
  const { lost } = await suspectDevice();
  const all = [...made, lost.id].sort();
  expect((await orphans()).map((orphan: { id: string }) => orphan.id)).toEqual(all);
  for (const limit of [1, 2, 3]) {
    const paged: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await api.expect(200, 'GET', `/v1/orphans?limit=${limit}${cursor && `&cursor=${cursor}`}`);
      paged.push(...page.items.map((orphan: { id: string }) => orphan.id));
      if (page.nextCursor === undefined) break;
      cursor = page.nextCursor;
    }
    expect([limit, paged]).toEqual([limit, all]);
  }
});

test('a creation whose outcome comes after its run was settled is dead, and answers run_settled', async () => {
  const run = newRun();
  remote.latency = 150;
  const creating = api.call('POST', `${base()}/devices`, { body: { name: 'new' }, run });
  await until(async () => (await intents()).length === 1);
  await api.expect(200, 'POST', `/v1/runs/${run}/settle`, { body: { held: [] } });
  expect(problemCode(await creating)).toBe('run_settled');
  expect((await api.expect(200, 'GET', `${base()}/devices`)).items).toEqual([]);
  remote.latency = 1;
  await api.operations.tick();
  expect(await api.vault.devices.list(id)).toEqual([]);
});

test('whoever waits too long is told so; the work goes on, and who asks again with the key joins it', async () => {
  await api.close();
  api = await startApi({ vaultPatienceMs: 60 });
  remote = api.remote!;
  id = (await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } })).id;
  remote.latency = 200;
  const [key, body] = [newKey(), { name: 'new' }];
  expect(problemCode(await api.call('POST', `${base()}/devices`, { body, key }))).toBe('operation_in_progress');
  const deleting = await api.call('PATCH', base(), { body: { name: 'billing' } });
  expect([problemCode(deleting), deleting.headers['retry-after']]).toEqual(['vault_busy', '2']);
  let answer = await api.call('POST', `${base()}/devices`, { body, key });
  while (answer.status === 409) answer = await api.call('POST', `${base()}/devices`, { body, key });
  expect(answer.status).toBe(201);
  expect(await api.vault.devices.list(id)).toHaveLength(1);
  expect(problemCode(await api.call('POST', `${base()}/devices`, { body: { name: 'other' }, key }))).toBe(
    'idempotency_key_reused',
  );
  await until(async () => (await api.vault.applications.get(id)).name === 'billing');
});

test('another process that works on an application keeps this one away, until it is heard of no more', async () => {
  const { vaultId, version, database, masterKey, clock } = { ...api, vaultId: 'x', version: '1' };
  const other = createOperations({ vault: remote, database, masterKey, clock, version, vaultId });
  const authenticated = await other.apiTokens.authenticate(api.token);
  failOnce('crash-after');
  const input = { applicationId: id, name: 'new', ipLock: false, tokenExpiresInMinutes: 60, ephemeral: false };
  abandon(other.devices.create({ ...authenticated, requestId: 'r' }, input));
  await until(async () => (await api.vault.devices.list(id)).length === 1);
  const rename = () => api.call('PATCH', base(), { body: { name: 'billing' } });
  expect(problemCode(await rename())).toBe('operation_in_progress');
  await other.tick();
  api.passMinutes(0.4);
  await other.tick();
  api.passMinutes(0.4);
  expect(problemCode(await rename())).toBe('operation_in_progress');
  api.passMinutes(0.2);
  expect((await rename()).status).toBe(200);
  expect((await api.events()).filter(({ action }) => action === 'client_device.create')).toHaveLength(1);
});

test('neither names of secrets nor keys are in the intents on the disk', async () => {
  const key = newKey();
  await api.expect(201, 'PUT', `${base()}/grants/${content.folder}`, { body: { editable: true } });
  failOnce('crash-after');
  abandon(api.call('DELETE', `${base()}/grants/${content.folder}`, { key }));
  await until(async () => (await api.vault.grants.list(id)).length === 0);
  const bytes = (await intents()).map((row) => Object.values(row).map(String).join()).join();
  expect(bytes).not.toContain('Databases');
  expect(bytes).not.toContain(key);
});

test('readiness says that the vault does not answer, and in which words', async () => {
  expect((await api.call('GET', '/readyz')).status).toBe(200);
  await api.restart();
  remote.down = true;
  const answer = await api.call('GET', '/readyz');
  expect([answer.status, problemCode(answer)]).toEqual([503, 'vault_unavailable']);
});
