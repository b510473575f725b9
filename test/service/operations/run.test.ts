import { RUN_LEASE_SECONDS } from '../../../contract/limits';
import { type Api, newKey, newRun, problemCode, startApi } from '../http/api';

let api: Api;
let application: string;
beforeEach(async () => {
  api = await startApi();
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } });
  application = `/v1/applications/${id}`;
});
afterEach(() => api.close());

const make = (run: string | undefined, noun: 'devices' | 'gateways' = 'devices') =>
  api.expect(201, 'POST', `${application}/${noun}`, { body: { name: 'x' }, run });
const settle = (run: string, held: string[]) => api.expect(200, 'POST', `/v1/runs/${run}/settle`, { body: { held } });
const exists = async ({ clientId }: { clientId: string }, noun = 'devices') =>
  (await api.call('GET', `${application}/${noun}/${clientId}`)).status === 200;

test('settling revokes the devices and gateways that the run made and does not hold, and nothing else', async () => {
  const run = newRun();
  const held = await make(run);
  const lost = await make(run);
  const lostGateway = await make(run, 'gateways');
  const ofAnother = await make(newRun());
  const ofTheCli = await make(undefined);
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'made by the run' }, run });

  const settled = await settle(run, [held.id]);
  expect(settled).toEqual({ id: run, state: 'settled', revoked: expect.arrayContaining([lost.id, lostGateway.id]) });
  expect(settled.revoked).toHaveLength(2);
  expect(await exists(held)).toBe(true);
  expect(await exists(lost)).toBe(false);
  expect(await exists(lostGateway, 'gateways')).toBe(false);
  expect(await exists(ofAnother)).toBe(true);
  expect(await exists(ofTheCli)).toBe(true);
  await api.expect(200, 'GET', `/v1/applications/${id}`);
});

test('settling again answers the same', async () => {
  const run = newRun();
  const lost = await make(run);
  const first = await settle(run, []);
  expect(first.revoked).toEqual([lost.id]);
  expect(await settle(run, [])).toEqual(first);
});

test('a settled run makes nothing more, and still reads', async () => {
  const run = newRun();
  await make(run);
  await settle(run, []);
  expect(problemCode(await api.call('POST', `${application}/devices`, { body: { name: 'late' }, run }))).toBe(
    'run_settled',
  );
  await api.expect(200, 'GET', application, { run });
  expect(await api.expect(200, 'PUT', `/v1/runs/${run}`, { body: { held: [] } })).toMatchObject({ state: 'settled' });
});

test('a create that is retried after the settle does not come back', async () => {
  const run = newRun();
  const call = { body: { name: 'x' }, run, key: newKey() };
  await api.expect(201, 'POST', `${application}/devices`, call);
  await settle(run, []);
  expect(problemCode(await api.call('POST', `${application}/devices`, call))).toBe('run_settled');
});

test('what a renewal holds is not revoked', async () => {
  const run = newRun();
  const device = await make(run);
  const renewed = await api.expect(200, 'PUT', `/v1/runs/${run}`, { body: { held: [device.id] } });
  expect(renewed).toEqual({
    id: run,
    state: 'active',
    leaseSeconds: RUN_LEASE_SECONDS,
    expiresAt: new Date(api.clock.now() + RUN_LEASE_SECONDS * 1000).toISOString(),
  });
  expect((await settle(run, [])).revoked).toEqual([]);
});

test('what was redeemed is not revoked', async () => {
  const run = newRun();
  const device = await make(run);
  const [applicationId = '', clientId = ''] = device.id.split('/');
  const client = await api.vault.redemption.find(clientId);
  await api.vault.redemption.bind(client!, Buffer.alloc(65, 4), '127.0.0.1', api.operations.redemptions.bound);
  expect(applicationId).not.toBe('');
  expect(await api.database.db.selectFrom('run_items').selectAll().execute()).toEqual([]);
  expect((await settle(run, [])).revoked).toEqual([]);
  const { items } = await api.expect(200, 'GET', '/v1/audit-events');
  expect(items).toContainEqual(
    expect.objectContaining({ action: 'client_device.bind', target: device.id, name: 'x', principal: clientId }),
  );
});

test('what a later run reads by its id is held; what its own run or an earlier one reads is not', async () => {
  const earlier = newRun();
  await api.expect(200, 'GET', application, { run: earlier });
  api.passMinutes(1);
  const run = newRun();
  const read = await make(run);
  const unread = await make(run);
  const path = ({ clientId }: { clientId: string }) => `${application}/devices/${clientId}`;
  await api.expect(200, 'GET', path(unread), { run });
  await api.expect(200, 'GET', path(unread), { run: earlier });
  api.passMinutes(1);
  await api.expect(200, 'GET', path(read), { run: newRun() });
  expect((await settle(run, [])).revoked).toEqual([unread.id]);
});

test('a run belongs to the token that began it', async () => {
  const run = newRun();
  await make(run);
  const token = await api.newToken('write');
  const body = { held: [] };
  expect(problemCode(await api.call('GET', application, { run, token }))).toBe('forbidden');
  expect(problemCode(await api.call('PUT', `/v1/runs/${run}`, { body, token }))).toBe('forbidden');
  expect(problemCode(await api.call('POST', `/v1/runs/${run}/settle`, { body, token }))).toBe('forbidden');
});

test('a run that nobody has named cannot be settled', async () => {
  const answer = await api.call('POST', `/v1/runs/${newRun()}/settle`, { body: { held: [] } });
  expect(problemCode(answer)).toBe('run_not_found');
});

test('a run that made no request before it settles is settled', async () => {
  const run = newRun();
  const settled = await api.expect(200, 'POST', `/v1/runs/${run}/settle`, { body: { held: [] }, run });
  expect(settled).toEqual({ id: run, state: 'settled', revoked: [] });
});

test('requests keep the lease fresh, and a start gives every live run a whole one', async () => {
  const run = newRun();
  const expiresAt = async () =>
    (await api.database.db.selectFrom('runs').select('expires_at').where('id', '=', run).executeTakeFirstOrThrow())
      .expires_at;
  await api.expect(200, 'GET', application, { run });
  const lease = RUN_LEASE_SECONDS * 1000;
  expect(await expiresAt()).toBe(api.clock.now() + lease);
  api.passMinutes(1);
  await api.expect(200, 'GET', application, { run });
  expect(await expiresAt()).toBe(api.clock.now() + lease);
  api.passMinutes(60);
  await api.operations.runs.extendLeases();
  expect(await expiresAt()).toBe(api.clock.now() + lease);
});

test('what is deleted within the run is not there to revoke', async () => {
  const run = newRun();
  const { clientId } = await make(run);
  expect((await api.call('DELETE', `${application}/devices/${clientId}`, { run })).status).toBe(204);
  await make(run);
  expect((await api.call('DELETE', `${application}?force=true`, { run })).status).toBe(204);
  expect((await settle(run, [])).revoked).toEqual([]);
});

test('a held list may be as long as the limit', async () => {
  const run = newRun();
  const device = await make(run);
  const held = Array.from({ length: 9_999 }, (_, index) => `AAAAAAAAAAAAAAAAAAAAAA/${String(index).padStart(86, 'A')}`);
  const long = await api.call('PUT', `/v1/runs/${run}`, { body: { held: [...held, device.id] } });
  expect([long.status, long.text.length > 0]).toEqual([200, true]);
  expect((await settle(run, [])).revoked).toEqual([]);
});

test('a run is forgotten a week after it began, unless it lives or made what nobody is known to hold', async () => {
  const DAY_MINUTES = 24 * 60;
  const [settled, read, unsettled, alive] = [newRun(), newRun(), newRun(), newRun()];
  const held = await make(settled);
  await settle(settled, [held.id]);
  await api.expect(200, 'GET', application, { run: read });
  const lost = await make(unsettled);
  await api.expect(200, 'GET', application, { run: alive });
  const runs = async () => {
    await api.operations.purge();
    return new Set((await api.database.db.selectFrom('runs').select('id').execute()).map(({ id }) => id));
  };

  api.passMinutes(7 * DAY_MINUTES - 1);
  expect(await runs()).toEqual(new Set([settled, read, unsettled, alive]));
  await api.expect(200, 'GET', application, { run: alive });
  api.passMinutes(1);
  expect(await runs()).toEqual(new Set([unsettled, alive]));
  expect(await exists(held)).toBe(true);
  // A restart gives every run a lease once more.
  await api.operations.runs.extendLeases();
  expect((await settle(unsettled, [])).revoked).toEqual([lost.id]);
  api.passMinutes(RUN_LEASE_SECONDS / 60);
  expect(await runs()).toEqual(new Set());
});
