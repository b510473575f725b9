import { ACTIVE_RUNS_MAX, RUN_LEASE_SECONDS } from '../../../contract/limits';
import { type Api, newKey, newRun, problemCode, startApi } from '../http/api';

let api: Api;
let application: string;
let applicationId: string;
beforeEach(async () => {
  api = await startApi();
  applicationId = (await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } })).id;
  application = `/v1/applications/${applicationId}`;
});
afterEach(() => api.close());

const make = (run: string | undefined, noun: 'devices' | 'gateways' = 'devices', more: object = {}) =>
  api.expect(201, 'POST', `${application}/${noun}`, { body: { name: 'x', ...more }, run });
const settle = (run: string, held: string[], more: object = {}) =>
  api.expect(200, 'POST', `/v1/runs/${run}/settle`, { body: { held, ...more } });
const renew = (run: string, held: string[], token = api.token) =>
  api.expect(200, 'PUT', `/v1/runs/${run}`, { body: { held }, token });
const exists = async ({ clientId }: { clientId: string }, noun = 'devices') =>
  (await api.call('GET', `${application}/${noun}/${clientId}`)).status === 200;
const lapse = async () => {
  api.passMinutes(RUN_LEASE_SECONDS / 60);
  await api.operations.tick();
};
const stateOf = async ({ id }: { id: string }) =>
  (await api.database.db.selectFrom('run_items').select('state').where('item_id', '=', id).executeTakeFirst())?.state;

test('settling revokes what the run made and does not hold, and nothing else', async () => {
  const run = newRun();
  const held = await make(run);
  const lost = await make(run);
  const lostGateway = await make(run, 'gateways');
  const ofAnother = await make(newRun());
  const ofTheCli = await make(undefined);
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'made by the run' }, run });

  const settled = await settle(run, [held.id]);
  expect(settled).toEqual({ id: run, state: 'settled', revoked: expect.any(Array), revokedTotal: 3 });
  expect(new Set(settled.revoked)).toEqual(new Set([lost.id, lostGateway.id, id]));
  const check = async () => {
    expect(await exists(held)).toBe(true);
    expect(await exists(lost)).toBe(false);
    expect(await exists(lostGateway, 'gateways')).toBe(false);
    expect(await exists(ofAnother)).toBe(true);
    expect(await exists(ofTheCli)).toBe(true);
    expect(problemCode(await api.call('GET', `/v1/applications/${id}`))).toBe('application_not_found');
  };
  await check();
  await api.operations.tick();
  await check();
  expect(await stateOf(held)).toBe('unclaimed');
});

test('settling again answers the same, also when the rows are gone', async () => {
  const run = newRun();
  const lost = await make(run);
  const first = await settle(run, []);
  expect(first.revoked).toEqual([lost.id]);
  expect(await settle(run, [lost.id])).toEqual(first);
  await api.operations.tick();
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
  expect(await renew(run, [])).toMatchObject({ state: 'settled' });
});

test('a creation that comes after the settle of a run that was never named is refused', async () => {
  const run = newRun();
  expect(await settle(run, [])).toEqual({ id: run, state: 'settled', revoked: [], revokedTotal: 0 });
  expect(problemCode(await api.call('POST', `${application}/devices`, { body: { name: 'late' }, run }))).toBe(
    'run_settled',
  );
});

test('a create that is retried after the settle does not come back', async () => {
  const run = newRun();
  const call = { body: { name: 'x' }, run, key: newKey() };
  await api.expect(201, 'POST', `${application}/devices`, call);
  await settle(run, []);
  expect(problemCode(await api.call('POST', `${application}/devices`, call))).toBe('run_settled');
});

test('what a renewal names as answered is not revoked', async () => {
  const run = newRun();
  const device = await make(run);
  const renewed = await renew(run, [device.id]);
  expect(renewed).toEqual({
    id: run,
    state: 'active',
    leaseSeconds: RUN_LEASE_SECONDS,
    expiresAt: new Date(api.clock.now() + RUN_LEASE_SECONDS * 1000).toISOString(),
  });
  expect((await settle(run, [])).revoked).toEqual([]);
});

test('what was redeemed is not revoked, and what died is not redeemed', async () => {
  const run = newRun();
  const [device, dead] = [await make(run), await make(run)];
  const { find, bind } = api.vault.redemption;
  const { bound } = api.operations.redemptions;
  await bind((await find(device.clientId))!, Buffer.alloc(65, 4), '127.0.0.1', bound);
  expect(await stateOf(device)).toBeUndefined();
  expect((await settle(run, [])).revoked).toEqual([dead.id]);
  await expect(bind((await find(dead.clientId))!, Buffer.alloc(65, 4), '127.0.0.1', bound)).rejects.toMatchObject({
    code: 'device_not_found',
  });
  const { items } = await api.expect(200, 'GET', '/v1/audit-events', { token: await api.newToken('admin') });
  expect(items).toContainEqual(
    expect.objectContaining({ action: 'client_device.bind', target: device.id, name: 'x', principal: device.clientId }),
  );
});

test('what a later run of the principal read from a state is held, also while the run that made it lives', async () => {
  const run = newRun();
  const [read, unread] = [await make(run), await make(run)];
  await renew(newRun(), [read.id, 'AAAAAAAAAAAAAAAAAAAAAA', `AAAAAAAAAAAAAAAAAAAAAA/${'A'.repeat(86)}`]);
  expect((await settle(run, [])).revoked).toEqual([unread.id]);
  expect(await exists(read)).toBe(true);
});

test('what another principal read never weighs against the settle of the run, and counts when that run lapses', async () => {
  const reader = await api.newToken('read');
  const settled = newRun();
  const first = await make(settled);
  await renew(newRun(), [first.id], reader);
  await api.call('POST', `/v1/runs/${newRun()}/settle`, { body: { held: [first.id] }, token: reader });
  expect((await settle(settled, [])).revoked).toEqual([first.id]);

  const lapsing = newRun();
  const [second, third] = [await make(lapsing), await make(lapsing)];
  await renew(newRun(), [second.id], reader);
  await lapse();
  expect([await stateOf(second), await stateOf(third)]).toEqual([undefined, 'unsure']);
  await renew(newRun(), [third.id], reader);
  expect(await stateOf(third)).toBeUndefined();
});

test('ids outside the limits of a token are passed over', async () => {
  const run = newRun();
  const device = await make(run);
  await lapse();
  const limits = { applications: ['other-*'], secrets: null, allowEdit: false };
  await renew(newRun(), [device.id, applicationId], await api.newToken('read', { name: 'limited', limits }));
  expect(await stateOf(device)).toBe('unsure');
});

test('a run belongs to the principal that began it', async () => {
  const run = newRun();
  await make(run);
  const token = await api.newToken('admin');
  const body = { held: [] };
  expect(problemCode(await api.call('GET', application, { run, token }))).toBe('forbidden');
  expect(problemCode(await api.call('PUT', `/v1/runs/${run}`, { body, token }))).toBe('forbidden');
  expect(problemCode(await api.call('POST', `/v1/runs/${run}/settle`, { body, token }))).toBe('forbidden');
});

test('reads make no run, and no principal has more than a thousand at a time', async () => {
  const runs = async () => (await api.database.db.selectFrom('runs').select('id').execute()).length;
  await api.expect(200, 'GET', application, { run: newRun() });
  expect(await runs()).toBe(0);
  const first = newRun();
  await renew(first, []);
  for (let count = 1; count < ACTIVE_RUNS_MAX; count++) await settle(newRun(), []);
  const refused = await api.call('PUT', `/v1/runs/${newRun()}`, { body: { held: [] } });
  expect([problemCode(refused), refused.headers['retry-after']]).toEqual(['rate_limited', '20']);
  expect(await runs()).toBe(ACTIVE_RUNS_MAX);
  await renew(first, []);
  await renew(newRun(), [], await api.newToken('read'));
  await lapse();
  await renew(newRun(), []);
}, 240_000);

test('changes and renewals keep the lease fresh', async () => {
  const run = newRun();
  await make(run);
  for (let minute = 0; minute < 5; minute++) {
    api.passMinutes(1.9);
    await api.operations.tick();
    await (minute % 2 ? renew(run, []) : make(run));
  }
  expect(await renew(run, [])).toMatchObject({ state: 'active' });
  await lapse();
  expect(await renew(run, [])).toMatchObject({ state: 'lapsed' });
});

test('nobody ends or prolongs a lease by setting the clock of the machine', async () => {
  const run = newRun();
  await make(run);
  api.setClock(600);
  await api.operations.tick();
  const { expiresAt, state } = await renew(run, []);
  expect([state, expiresAt]).toEqual(['active', new Date(api.clock.now() + RUN_LEASE_SECONDS * 1000).toISOString()]);
  api.setClock(-1200);
  await lapse();
  expect((await renew(run, [])).state).toBe('lapsed');
});

test('the time that the service was down does not count, and what had lapsed before does not come back', async () => {
  const [early, late] = [newRun(), newRun()];
  await make(early);
  await api.operations.tick();
  api.passMinutes(1.5);
  await make(late);
  await api.operations.tick();
  await api.restart(60);
  await api.operations.tick();
  expect([(await renew(late, [])).state]).toEqual(['active']);
  api.passMinutes(0.6);
  await api.operations.tick();
  expect([(await renew(early, [])).state, (await renew(late, [])).state]).toEqual(['lapsed', 'active']);
  await lapse();
  await api.restart(60);
  await api.operations.tick();
  expect((await renew(late, [])).state).toBe('lapsed');
});

test('a lease that had run out when the service went down lapses at its start', async () => {
  const run = newRun();
  await make(run);
  api.passMinutes(RUN_LEASE_SECONDS / 60 + 1);
  await api.operations.close();
  await api.restart();
  await api.operations.tick();
  expect((await renew(run, [])).state).toBe('lapsed');
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
  await renew(run, [...held, device.id]);
  expect((await settle(run, [])).revoked).toEqual([]);
});

test('a run that settles late is as well informed as one that settles in time', async () => {
  const run = newRun();
  const [held, lost, read] = [await make(run), await make(run), await make(run)];
  await lapse();
  await renew(newRun(), [read.id]);
  expect([await stateOf(held), await stateOf(lost)]).toEqual(['unsure', 'unsure']);
  expect((await settle(run, [held.id])).revoked).toEqual([lost.id]);
  await api.operations.tick();
  expect([await exists(held), await exists(lost), await exists(read)]).toEqual([true, false, true]);
  expect(await stateOf(held)).toBe('unclaimed');
});

test('a provider that lost Terraform revokes what it never answered, and leaves the rest unsure', async () => {
  const run = newRun();
  const [answered, held, lost] = [await make(run), await make(run), await make(run)];
  await renew(run, [answered.id]);
  expect((await settle(run, [held.id], { lost: true })).revoked).toEqual([lost.id]);
  await api.operations.tick();
  expect([await stateOf(answered), await stateOf(held)]).toEqual(['unsure', 'unsure']);
  expect(await exists(lost)).toBe(false);
});

test('an ended run is forgotten after a week, one that made nothing after an hour; never while something is in doubt', async () => {
  const [revoked, empty, unclaimed, alive] = [newRun(), newRun(), newRun(), newRun()];
  await make(revoked);
  await settle(revoked, []);
  await settle(empty, []);
  const device = await make(unclaimed);
  await settle(unclaimed, [device.id]);
  await renew(alive, []);
  const runs = async () => {
    await api.operations.tick();
    await api.operations.purge();
    return new Set((await api.database.db.selectFrom('runs').select('id').execute()).map(({ id }) => id));
  };
  expect(await runs()).toEqual(new Set([revoked, empty, unclaimed, alive]));
  api.passMinutes(60);
  expect(await runs()).toEqual(new Set([revoked, unclaimed, alive]));
  api.passMinutes(7 * 24 * 60);
  expect(await runs()).toEqual(new Set([unclaimed]));
  await renew(newRun(), [device.id]);
  expect(await runs()).not.toContain(unclaimed);
});
