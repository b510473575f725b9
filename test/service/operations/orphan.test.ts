import { RUN_LEASE_SECONDS } from '../../../contract/limits';
import { type Api, newRun, problemCode, startApi } from '../http/api';

let api: Api;
let admin: string;
beforeEach(async () => {
  api = await startApi();
  admin = await api.newToken('admin');
});
afterEach(() => api.close());

const create = (name: string, run?: string) => api.call('POST', '/v1/applications', { body: { name }, run });
const make = (applicationId: string, run: string | undefined, body: object = {}, noun = 'devices') =>
  api.expect(201, 'POST', `/v1/applications/${applicationId}/${noun}`, { body: { name: 'x', ...body }, run });
const settle = (run: string, held: string[], more: object = {}) =>
  api.expect(200, 'POST', `/v1/runs/${run}/settle`, { body: { held, ...more } });
const lapse = async () => {
  api.passMinutes(RUN_LEASE_SECONDS / 60);
  await api.operations.tick();
};
const orphans = async (query = '', token = api.token) =>
  (await api.expect(200, 'GET', `/v1/orphans${query}`, { token })).items;
const revoke = (body: object, token = api.token) => api.expect(200, 'POST', '/v1/orphans/revoke', { body, token });
const events = async (action: string) =>
  (await api.expect(200, 'GET', `/v1/audit-events?action=${action}`, { token: admin })).items;
const has = async (id: string) => {
  const [applicationId, clientId] = id.split('/');
  const path = `/v1/applications/${applicationId}${clientId ? `/devices/${clientId}` : ''}`;
  return (await api.call('GET', path)).status === 200;
};

test('orphans are the unsure with their end and the unclaimed without one, with names and whose they were', async () => {
  const [lapsed, settled] = [newRun(), newRun()];
  const { id } = (await create('payments', lapsed)).json;
  const unsure = await make(id, lapsed);
  const unclaimed = await make(id, settled, {}, 'gateways');
  await make(id, newRun());
  await settle(settled, [unclaimed.id]);
  api.passMinutes(1);
  await lapse();
  const items = await orphans();
  const common = {
    applicationId: id,
    applicationName: 'payments',
    principal: 'test write',
    createdAt: unsure.createdAt,
  };
  expect(items).toContainEqual({
    ...common,
    id,
    kind: 'application',
    state: 'unsure',
    name: 'payments',
    runId: lapsed,
    endsAt: null,
  });
  expect(items).toContainEqual({
    ...common,
    id: unsure.id,
    kind: 'client_device',
    state: 'unsure',
    name: 'x',
    runId: lapsed,
    endsAt: unsure.tokenExpiresAt,
  });
  expect(items).toContainEqual({
    ...common,
    id: unclaimed.id,
    kind: 'gateway',
    state: 'unclaimed',
    name: 'x',
    runId: settled,
    endsAt: null,
  });
  expect(await orphans('?state=unclaimed')).toHaveLength(1);
  expect(await orphans('?applicationId=AAAAAAAAAAAAAAAAAAAAAA')).toEqual([]);
  const limits = { applications: ['other-*'], secrets: null, allowEdit: false };
  expect(await orphans('', await api.newToken('read', { name: 'limited', limits }))).toEqual([]);
  const pages = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page = await api.expect(200, 'GET', `/v1/orphans?limit=1${cursor && `&cursor=${cursor}`}`);
    pages.push(...page.items);
    cursor = page.nextCursor;
  }
  expect(pages).toEqual(items);
});

test('an unsure token that nobody redeems ends with its expiry, and is audited as the work of the service', async () => {
  const run = newRun();
  const { id } = (await create('payments')).json;
  const unsure = await make(id, run);
  const later = await make(id, run, { tokenExpiresInMinutes: 1440 });
  await lapse();
  expect(await has(unsure.id)).toBe(true);
  api.passMinutes(58);
  await api.operations.tick();
  expect([await has(unsure.id), await has(later.id)]).toEqual([false, true]);
  expect(await events('client_device.end')).toEqual([
    expect.objectContaining({
      actor: 'system',
      target: unsure.id,
      name: 'x',
      reason: expect.stringContaining('expired'),
    }),
  ]);
});

test('what was settled does not end by itself, however long nobody redeems it', async () => {
  const run = newRun();
  const { id } = (await create('payments')).json;
  const device = await make(id, run);
  await settle(run, [device.id]);
  api.passMinutes(60 * 24 * 30);
  await api.operations.tick();
  expect(await has(device.id)).toBe(true);
});

test('orphans revoke ends the unsure, all or by id, and the unclaimed by id alone', async () => {
  const [lapsed, settled] = [newRun(), newRun()];
  const { id } = (await create('payments')).json;
  const other = (await create('billing')).json;
  const [first, second] = [await make(id, lapsed), await make(other.id, lapsed)];
  const unclaimed = await make(id, settled);
  const held = await make(id, undefined);
  await settle(settled, [unclaimed.id]);
  await lapse();
  expect(await revoke({ applicationId: id })).toEqual({ revoked: [first.id], revokedTotal: 1, kept: [] });
  expect(await revoke({})).toEqual({ revoked: [second.id], revokedTotal: 1, kept: [] });
  expect(await has(unclaimed.id)).toBe(true);
  const byId = await revoke({ ids: [unclaimed.id, held.id, first.id] });
  expect(byId).toMatchObject({ revoked: [unclaimed.id], revokedTotal: 1 });
  expect(byId.kept.map((kept: { id: string }) => kept.id)).toEqual([held.id, first.id]);
  expect([await has(held.id), await has(unclaimed.id)]).toEqual([true, false]);
  expect((await events('client_device.revoke')).map(({ principal }: { principal: string }) => principal)).toEqual(
    Array(3).fill('test write'),
  );
  const read = await api.call('POST', '/v1/orphans/revoke', { body: {}, token: await api.newToken('read') });
  expect(problemCode(read)).toBe('forbidden');
});

test('an unsure application goes with what was unsure in it, and stays while something else is in it', async () => {
  const run = newRun();
  const { id } = (await create('payments', run)).json;
  const device = await make(id, run);
  const kept = (await create('billing', run)).json;
  await make(kept.id, undefined);
  await lapse();
  const revoked = await revoke({});
  expect(revoked.revoked).toEqual([device.id, id]);
  expect(revoked.kept).toEqual([{ id: kept.id, reason: expect.stringContaining('something in it') }]);
  expect([await has(id), await has(kept.id)]).toEqual([false, true]);
});

test('a lapsed run leaves its application to the same principal under the same name', async () => {
  const [run, later] = [newRun(), newRun()];
  const { id } = (await create('payments', run)).json;
  const active = await create('payments', later);
  expect([problemCode(active), active.json.existingId]).toEqual(['run_active', id]);
  expect(Number(active.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  expect(Number(active.headers['retry-after'])).toBeLessThanOrEqual(20);
  expect(problemCode(await create('payments', run))).toBe('application_exists');
  await lapse();
  const token = await api.newToken('write', { name: 'another' });
  const another = await api.call('POST', '/v1/applications', { body: { name: 'payments' }, token });
  expect(problemCode(another)).toBe('application_exists');

  const adopted = await create('payments', later);
  expect([adopted.status, adopted.json.id]).toEqual([201, id]);
  expect(await events('application.adopt')).toHaveLength(1);
  expect((await settle(later, [])).revoked).toEqual([id]);
  expect(await has(id)).toBe(false);
});

test('an application with unsure devices is not adopted, and the refusal names both cures', async () => {
  const run = newRun();
  const { id } = (await create('payments', run)).json;
  await make(id, run);
  await lapse();
  const refused = await create('payments', newRun());
  expect([problemCode(refused), refused.json.existingId]).toEqual(['application_exists', id]);
  const command = `ksm-iac orphans revoke --application ${id}`;
  expect(refused.json.detail).toContain(command);
  expect(refused.json.detail).toMatch(/import/i);
  const notEmpty = await api.call('DELETE', `/v1/applications/${id}`);
  expect([problemCode(notEmpty), notEmpty.json.detail.includes(command)]).toEqual(['application_not_empty', true]);
  // Once its token has expired nothing in it is in doubt.
  api.passMinutes(60);
  expect((await create('payments', newRun())).json.id).toBe(id);
});

test('an application that was settled as held is nobody else’s, and one of a lost run may be adopted', async () => {
  const [held, lost] = [newRun(), newRun()];
  const { id } = (await create('payments', held)).json;
  await settle(held, [id]);
  expect(problemCode(await create('payments', newRun()))).toBe('application_exists');
  const other = (await create('billing', lost)).json;
  await settle(lost, [other.id], { lost: true });
  expect((await create('billing', newRun())).json.id).toBe(other.id);
});

test('the name of an application that died is free at once, for a new one and for another that is renamed', async () => {
  const run = newRun();
  const { id } = (await create('payments', run)).json;
  await make(id, run);
  const { id: second } = (await create('billing', run)).json;
  await settle(run, []);
  const again = (await create('Payments')).json;
  expect(again.id).not.toBe(id);
  await api.expect(200, 'PATCH', `/v1/applications/${again.id}`, { body: { name: 'billing' } });
  await api.operations.tick();
  expect((await events('application.revoke')).map(({ target }: { target: string }) => target).sort()).toEqual(
    [id, second].sort(),
  );
  expect(await events('client_device.revoke')).toHaveLength(1);
});

test('an application that was not answered stays where something of others lives in it', async () => {
  const run = newRun();
  const { id } = (await create('payments', run)).json;
  const own = await make(id, run);
  const others = await make(id, newRun());
  expect((await settle(run, [])).revoked).toEqual([own.id]);
  await api.operations.tick();
  expect([await has(id), await has(own.id), await has(others.id)]).toEqual([true, false, true]);
});

test('grants that were not answered go, and one that another run adopted stays', async () => {
  const run = newRun();
  const { id } = (await create('payments')).json;
  const uid = async (name: string) => (await api.vault.content.putFolder({ name })).folder.uid;
  const [lost, adopted, held] = [await uid('a'), await uid('b'), await uid('c')];
  const put = (secret: string, by: string, headers?: Record<string, string>) =>
    api.call('PUT', `/v1/applications/${id}/grants/${secret}`, { body: { editable: false }, run: by, headers });
  for (const secret of [lost, adopted, held]) expect((await put(secret, run)).status).toBe(201);
  expect((await put(adopted, newRun(), { 'if-none-match': '*' })).status).toBe(200);
  expect((await settle(run, [`${id}/${held}`])).revoked).toEqual([`${id}/${lost}`]);
  const grants = async () =>
    (await api.expect(200, 'GET', `/v1/applications/${id}/grants`)).items.map(
      ({ secretUid }: { secretUid: string }) => secretUid,
    );
  expect(await grants()).toEqual([adopted, held]);
  // Wanted again before it is gone, it is made anew.
  expect((await put(lost, newRun(), { 'if-none-match': '*' })).status).toBe(201);
  await api.operations.tick();
  expect((await grants()).sort()).toEqual([adopted, held, lost].sort());
  expect(await events('grant.revoke')).toHaveLength(1);
});

test('an ephemeral device needs a run, is never held, and ends with its run, used or not', async () => {
  const { id } = (await create('payments')).json;
  const body = { name: 'e', ephemeral: true };
  const without = await api.call('POST', `/v1/applications/${id}/devices`, { body });
  expect([problemCode(without), without.json.errors[0].field]).toEqual(['invalid_request', '/ephemeral']);
  const [settled, lapsed] = [newRun(), newRun()];
  const { bound } = api.operations.redemptions;
  const used = async (run: string) => {
    const device = await make(id, run, body);
    const client = await api.vault.redemption.find(device.clientId);
    await api.vault.redemption.bind(client!, Buffer.alloc(65, 4), '127.0.0.1', bound);
    return device;
  };
  const [first, second, third] = [await used(settled), await make(id, settled, body), await used(lapsed)];
  await api.expect(200, 'PUT', `/v1/runs/${newRun()}`, { body: { held: [third.id] } });
  expect((await settle(settled, [first.id, second.id])).revokedTotal).toBe(2);
  expect(await api.operations.redemptions.isDead(first)).toBe(true);
  await lapse();
  expect([await has(first.id), await has(second.id), await has(third.id)]).toEqual([false, false, false]);
  expect(await api.vault.devices.list(id)).toEqual([]);
});

test('a snapshot says what no state is known to hold, and hides what is dead', async () => {
  const [run, later] = [newRun(), newRun()];
  const { id } = (await create('payments', run)).json;
  const [held, dead] = [await make(id, run), await make(id, later)];
  const snapshot = () => api.expect(200, 'GET', `/v1/applications/${id}?include=grants,devices,gateways`);
  await settle(later, []);
  expect(await snapshot()).toMatchObject({ held: false, devices: [{ id: held.id, held: false }] });
  await api.expect(200, 'PUT', `/v1/runs/${newRun()}`, { body: { held: [held.id, id] } });
  expect(await snapshot()).toMatchObject({ held: true, devices: [{ id: held.id, held: true }] });
  expect((await api.expect(200, 'GET', `/v1/applications/${id}/devices`)).items).toHaveLength(1);
  // What is dead keeps no application from being deleted.
  await api.expect(204, 'DELETE', `/v1/applications/${id}/devices/${held.clientId}`);
  expect(dead.id).not.toBe(held.id);
  await api.expect(204, 'DELETE', `/v1/applications/${id}`);
});

test('runs are listed newest first, by state, and with a limited token its own alone', async () => {
  const [first, second] = [newRun(), newRun()];
  const { id } = (await create('payments', first)).json;
  api.passMinutes(1);
  await make(id, second);
  await settle(first, [id]);
  const runs = async (query = '', token = api.token) =>
    (await api.expect(200, 'GET', `/v1/runs${query}`, { token })).items;
  expect((await runs()).map((run: { id: string }) => run.id)).toEqual([second, first]);
  expect(await runs('?state=active')).toEqual([
    {
      id: second,
      state: 'active',
      principal: 'test write',
      createdAt: new Date(api.clock.now()).toISOString(),
      expiresAt: new Date(api.clock.now() + RUN_LEASE_SECONDS * 1000).toISOString(),
      items: 1,
    },
  ]);
  const limits = { applications: ['payments'], secrets: null, allowEdit: false };
  expect(await runs('', await api.newToken('read', { name: 'limited', limits }))).toEqual([]);
  const page = await api.expect(200, 'GET', '/v1/runs?limit=1');
  expect((await runs(`?cursor=${page.nextCursor}`)).map((run: { id: string }) => run.id)).toEqual([first]);
});

test('metrics say how runs end and what they leave', async () => {
  const [run, settled] = [newRun(), newRun()];
  const { id } = (await create('payments')).json;
  await make(id, run);
  await make(id, settled);
  await settle(settled, []);
  await lapse();
  const text = (await api.call('GET', '/metrics')).text;
  for (const line of [
    'ksm_iac_runs{state="lapsed"} 1',
    'ksm_iac_runs{state="settled"} 1',
    'ksm_iac_run_items{state="unsure"} 1',
    'ksm_iac_run_items{state="dead"} 0',
    'ksm_iac_run_lapses_total 1',
    'ksm_iac_run_removals_total{kind="client_device",verb="revoke"} 1',
  ]) {
    expect(text).toContain(line);
  }
});
