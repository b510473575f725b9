/** What a reply that Keeper Commander lost may have left, in the whole service on the real package. */

import { createCommanderVault } from '../../../../service/vault/commander/commander';
import { Commander, describeCommander } from '../../../commander/commander';
import { type Api, newKey, newRun, problemCode, startApi } from '../../http/api';

describeCommander('what a lost reply may have left', () => {
  let commander: Commander;
  let api: Api;
  let id: string;
  beforeAll(async () => {
    commander = await Commander.start({ gateway_cache_seconds: 0 });
  }, 240_000);
  afterAll(() => commander.stop());
  beforeEach(async () => {
    await commander.control('clear');
    const vaultOn = ({ database, clock }: Pick<Api, 'database' | 'clock'>) =>
      createCommanderVault({ url: commander.url, apiKey: commander.apiKey, database, clock });
    api = await startApi({ vaultOn, startedAt: Date.now() });
    id = (await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } })).id;
  });
  afterEach(() => api.close());

  const clients = async () => (await commander.applications())[0]!.clients.map((client) => client.id);
  const orphans = async () => (await api.expect(200, 'GET', '/v1/orphans')).items;
  const suspected = async () => (await orphans()).filter(({ state }: { state: string }) => state === 'suspected');
  const later = async (minutes: number) => {
    await commander.control('pass_minutes', { minutes });
    api.passMinutes(minutes);
    await api.operations.tick();
  };
  const path = (noun: string) => `/v1/applications/${id}/${noun}`;

  /** Keeper makes it, and the reply is lost on the way to Commander. The same call, asked again, makes another. */
  async function lose(noun: 'devices' | 'gateways', body: object, endpoint = 'vault/app_client_add') {
    const [key, run] = [newKey(), newRun()];
    await commander.control('fail', { endpoint, kind: 'after' });
    const ask = () => api.call('POST', path(noun), { body, key, run });
    expect(problemCode(await ask())).toBe('operation_in_progress');
    const again = await ask();
    expect([again.status, again.text]).toEqual([201, expect.any(String)]);
    await api.expect(200, 'POST', `/v1/runs/${run}/settle`, { body: { held: [again.json.id] } });
    const made = again.json as { id: string; clientId: string; oneTimeToken: string };
    const [lost] = (await clients()).filter((client) => client !== made.clientId);
    return { made, lost: `${id}/${lost}` };
  }

  test('a device is suspected until its token has ended unredeemed, also over a restart, and then removed', async () => {
    const { made, lost } = await lose('devices', { name: 'ci' });
    await api.restart();
    const end = new Date(api.clock.now() + 3_600_000).toISOString();
    const orphan = { id: lost, state: 'suspected', kind: 'client_device', name: 'ci', endsAt: end };
    expect(await suspected()).toEqual([expect.objectContaining(orphan)]);
    await later(60.9);
    expect(await clients()).toHaveLength(2);
    await later(0.2);
    expect(await clients()).toEqual([made.clientId]);
    const [event] = await api.events('?action=client_device.end');
    expect(event).toMatchObject({ target: lost, name: 'ci' });
  });

  test('where another made one of the same name meanwhile, none goes while any token that Keeper gives is alive', async () => {
    const [key, body] = [newKey(), { name: 'ci' }];
    await commander.control('fail', { endpoint: 'vault/app_client_add', kind: 'after' });
    const ask = () => api.call('POST', path('devices'), { body, key });
    expect(problemCode(await ask())).toBe('operation_in_progress');
    const line = `secrets-manager client add --app=${id} --name=ci --first-access-expires-in-min=1440 --return-tokens`;
    const { message: token } = (await commander.command(line)).body;
    expect((await ask()).status).toBe(201);
    expect(await suspected()).toHaveLength(2);
    await later(62);
    expect(await clients()).toHaveLength(3);
    const { client } = await commander.control('redeem', { token });
    await later(1440);
    // What was redeemed is somebody's.
    expect(await orphans()).toEqual([expect.objectContaining({ id: `${id}/${client}`, endsAt: null })]);
    expect(await clients()).toHaveLength(2);
  });

  test('a configuration shows as used: it is listed until it is revoked by its id, and keeps its application', async () => {
    const { made, lost } = await lose('devices', { name: 'ci', ipLock: false, initialization: 'config' }, 'get_secret');
    expect(await suspected()).toEqual([expect.objectContaining({ id: lost })]);
    await api.expect(204, 'DELETE', `${path('devices')}/${made.clientId}`);
    const refused = await api.call('DELETE', `/v1/applications/${id}`);
    expect(problemCode(refused)).toBe('application_not_empty');
    expect(refused.json.detail).toContain(`ksm-iac orphans revoke ${lost}`);
    const { revoked } = await api.expect(200, 'POST', '/v1/orphans/revoke', { body: { ids: [lost] } });
    expect([revoked, await clients(), await suspected()]).toEqual([[lost], [], []]);
    await api.expect(204, 'DELETE', `/v1/applications/${id}`);
  });

  test('a gateway is listed nowhere by Keeper: it is reported, with its end, and removed by nobody', async () => {
    const { made } = await lose('gateways', { name: 'site' });
    const [orphan] = await suspected();
    expect(orphan).toMatchObject({ kind: 'gateway', name: 'site', endsAt: expect.any(String) });
    const { gateway } = await commander.control('redeem', { token: made.oneTimeToken });
    await later(62);
    expect(await suspected()).toEqual([]);
    expect((await api.events('?action=gateway.end')).map(({ target }) => target)).toEqual([orphan.id]);
    expect((await api.expect(200, 'GET', path('gateways'))).items).toMatchObject([
      { clientId: made.clientId, gatewayUid: gateway },
    ]);
  });

  /** A device and a gateway each: redeemed at Keeper, of which nobody tells the service, and not. */
  async function leave(run: string) {
    const made: Record<string, { id: string; clientId: string; oneTimeToken: string }> = {};
    for (const [name, noun] of [
      ['used', 'devices'],
      ['unused', 'devices'],
      ['used site', 'gateways'],
      ['unused site', 'gateways'],
    ] as const) {
      made[name] = await api.expect(201, 'POST', path(noun), { body: { name }, run });
      if (name.startsWith('used')) await commander.control('redeem', { token: made[name]!.oneTimeToken });
    }
    const { used, unused } = made;
    return { made, used: [used!.clientId, made['used site']!.clientId], unused: [unused!.id, made['unused site']!.id] };
  }

  test('what a lapsed run left goes with its token, unless it was redeemed at Keeper: then somebody has it', async () => {
    const { used, unused } = await leave(newRun());
    await later(3);
    expect((await orphans()).map((orphan: { id: string }) => orphan.id)).toEqual([...unused].sort());
    await later(57.5);
    // A minute and five for clocks that differ.
    expect(await clients()).toHaveLength(4);
    await later(5);
    expect((await clients()).sort()).toEqual([...used].sort());
    await api.restart();
    await later(1440);
    expect([(await clients()).sort(), await orphans()]).toEqual([[...used].sort(), []]);
  });

  test('orphans revoke leaves alone what was redeemed at Keeper', async () => {
    const { used, unused, made } = await leave(newRun());
    await later(3);
    const all = await api.expect(200, 'POST', '/v1/orphans/revoke', { body: {} });
    expect(all.revoked.sort()).toEqual([...unused].sort());
    const ids = [made.used!.id];
    const byId = await api.expect(200, 'POST', '/v1/orphans/revoke', { body: { ids } });
    expect(byId.kept).toEqual([{ id: ids[0], reason: expect.stringContaining('somebody has it') }]);
    expect((await clients()).sort()).toEqual([...used].sort());
  });

  test('a configuration of a lapsed run that was used after Commander had bound it never ends by itself', async () => {
    const run = newRun();
    const body = { name: 'ci', ipLock: false, initialization: 'config' };
    const [first, second] = [
      await api.expect(201, 'POST', path('devices'), { body, run }),
      await api.expect(201, 'POST', path('devices'), { body, run }),
    ];
    await later(3);
    await commander.control('access', { client: second.clientId });
    await later(60 * 24 * 7);
    expect(await clients()).toEqual([second.clientId]);
    expect((await api.events('?action=client_device.end')).map(({ target }) => target)).toEqual([first.id]);
  });
});
