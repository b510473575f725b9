/** What of a refusal is in the audit events, the log and the metrics. */

import { TestDevice } from '../device-api/test-device';
import { type Api, startApi } from './api';

let api: Api;
let id: string;
beforeEach(async () => {
  api = await startApi();
  id = (await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } })).id;
});
afterEach(() => api.close());

const make = (noun: 'devices' | 'gateways', more: object = {}) =>
  api.expect(201, 'POST', `/v1/applications/${id}/${noun}`, { body: { name: 'x', ...more } });

/** A device that speaks to the app's own route. */
const device = (oneTimeToken: string) => {
  const handle: TestDevice['api']['handle'] = async ({ verb, headers, body, ip }) => {
    const reply = await api.app.http.inject({
      method: 'POST',
      url: `/api/rest/sm/v1/${verb}`,
      remoteAddress: ip,
      headers: { ...headers, 'content-type': 'application/octet-stream' },
      payload: body,
    });
    return { status: reply.statusCode, contentType: String(reply.headers['content-type']), body: reply.rawPayload };
  };
  return new TestDevice({ handle }, api.vault, oneTimeToken);
};
const refusals = async () =>
  (await api.events()).filter(({ outcome }) => outcome === 'refused').map(({ action, reason }) => [action, reason]);
const lines = () =>
  api
    .log()
    .split('\n')
    .filter((line) => line.includes('"request"'))
    .map((line) => JSON.parse(line));
const counted = async (api_: string, code: string) => {
  const { text } = await api.call('GET', '/metrics');
  return Number(new RegExp(`^ksm_iac_refusals_total{api="${api_}",code="${code}"} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
};

test.each([
  ['devices', 'client_device.bind', 'client_device.access'],
  ['gateways', 'gateway.bind', 'gateway.access'],
] as const)(
  'of the %s refused redemptions and reads are noted, of each action one a minute',
  async (noun, bind, access) => {
    const made = await make(noun, { tokenExpiresInMinutes: 30 });
    const owner = device(made.oneTimeToken);
    const thief = device('other');
    Object.assign(thief, { clientId: made.clientId });
    const badly = {
      signature: (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.of(bytes.at(-1)! ^ 1)]),
    };
    const late = device((await make(noun, { tokenExpiresInMinutes: 1 })).oneTimeToken);
    expect((await owner.bind()).status).toBe(200);
    expect((await thief.bind()).status).toBe(403);
    expect((await thief.bind()).status).toBe(403);
    expect((await owner.send(badly)).status).toBe(403);
    expect((await owner.send({ verb: 'delete_secret' })).status).toBe(501);
    const [used, wrong] = [expect.stringContaining('redeemed already'), 'Signature is invalid'];
    expect(await refusals()).toEqual([
      [access, wrong],
      [bind, used],
    ]);
    expect((await api.events(`?action=${bind}&limit=1`))[0]).toMatchObject({
      actor: 'device',
      principal: made.clientId,
      target: made.id,
      outcome: 'refused',
    });
    api.passMinutes(1.01);
    expect((await owner.send({ verb: 'delete_secret' })).status).toBe(501);
    expect((await late.bind()).status).toBe(403);
    expect(await refusals()).toEqual([
      [bind, expect.stringContaining('token expired at')],
      [access, expect.stringContaining('does not support delete_secret')],
      [access, wrong],
      [bind, used],
    ]);
    expect(await counted('device', 'access_denied')).toBe(4);
    expect(await counted('device', 'not_supported')).toBe(2);
    expect(lines().find(({ code }) => code === 'not_supported')).toMatchObject({
      route: '/api/rest/sm/v1/:verb',
      status: 501,
      clientId: made.clientId,
      reason: expect.stringContaining('does not support delete_secret'),
    });
  },
);

test('a client that there is not is counted and logged by a hash, never by what it says that it is', async () => {
  const stranger = device('unknown');
  Object.assign(stranger, { clientId: Buffer.from(`${'CANARY'.repeat(10)}C1y2`).toString('base64url') });
  const { status, json } = await stranger.bind();
  expect([status, json.error]).toEqual([403, 'access_denied']);
  expect(await refusals()).toEqual([]);
  const line = lines().find(({ code }) => code === 'access_denied');
  expect(line).toMatchObject({
    unknownClient: expect.stringMatching(/^[0-9a-f]{12}$/),
    reason: expect.stringContaining('no such client device'),
  });
  expect(line).not.toHaveProperty('clientId');
  expect(api.log()).not.toContain(stranger.clientId);
  expect(await counted('device', 'access_denied')).toBe(1);
});

test('what cannot be read is counted, and nothing of it is in the log or a label', async () => {
  expect((await device('x').send({ verb: 'CANARY' })).status).toBe(404);
  expect((await device('x').send({ body: () => Buffer.from('CANARY') })).status).toBe(400);
  expect([await counted('device', 'not_found'), await counted('device', 'bad_request')]).toEqual([1, 1]);
  expect(api.log() + (await api.call('GET', '/metrics')).text).not.toContain('CANARY');
});

test('a refusal of the API has the code of its problem in the log and in the metric', async () => {
  await api.expect(404, 'GET', '/v1/applications/AAAAAAAAAAAAAAAAAAAAAA');
  await api.expect(403, 'GET', '/v1/audit-events');
  await api.expect(404, 'GET', '/v1/CANARY');
  expect(lines().map(({ code }) => code)).toEqual(
    expect.arrayContaining(['application_not_found', 'forbidden', 'route_not_found']),
  );
  for (const code of ['application_not_found', 'forbidden', 'route_not_found']) {
    expect([code, await counted('v1', code)]).toEqual([code, 1]);
  }
  expect(lines()[0]).not.toHaveProperty('code');
});
