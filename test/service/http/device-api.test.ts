import { TestDevice } from '../device-api/test-device';
import { fillVault } from '../vault/temporary-vault';
import { type Api, newRun, startApi } from './api';

let api: Api;
let application: string;
beforeEach(async () => {
  api = await startApi();
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } });
  application = `/v1/applications/${id}`;
});
afterEach(() => api.close());

/** A device that speaks to the app's own route. */
const device = (oneTimeToken: string) =>
  new TestDevice(
    {
      handle: async ({ verb, headers, body, ip }) => {
        const reply = await api.app.http.inject({
          method: 'POST',
          url: `/api/rest/sm/v1/${verb}`,
          remoteAddress: ip,
          headers: { ...headers, 'content-type': 'application/octet-stream' },
          payload: body,
        });
        return { status: reply.statusCode, contentType: String(reply.headers['content-type']), body: reply.rawPayload };
      },
    },
    api.vault,
    oneTimeToken,
  );

const create = async (noun: 'devices' | 'gateways', run?: string) =>
  api.expect(201, 'POST', `${application}/${noun}`, { body: { name: 'runner' }, run });

test('a device redeems its token and reads what was granted; the API then says that it is active', async () => {
  const { folder } = await fillVault(api.vault);
  await api.expect(201, 'PUT', `${application}/grants/${folder}`, { body: {} });
  const created = await create('devices');
  const bound = await device(created.oneTimeToken!).bind();
  expect([bound.status, bound.contentType]).toEqual([200, 'application/octet-stream']);
  expect(bound.json.folders).toMatchObject([{ folderUid: folder }]);
  expect(await api.expect(200, 'GET', `${application}/devices/${created.clientId}`)).toMatchObject({
    status: 'active',
    ipAddress: '10.0.0.1',
    firstAccessAt: new Date(api.clock.now()).toISOString(),
  });
});

test.each(['devices', 'gateways'] as const)(
  'what was redeemed outlives the settle of a run that lost it: %s',
  async (noun) => {
    const run = newRun();
    const { oneTimeToken } = await create(noun, run);
    expect((await device(oneTimeToken).bind()).status).toBe(200);
    const settled = await api.expect(200, 'POST', `/v1/runs/${run}/settle`, { body: { held: [] } });
    expect(settled.revoked).toEqual([]);
  },
);

test('a gateway is renamed once it has initialised', async () => {
  const { oneTimeToken, clientId } = await create('gateways');
  await device(oneTimeToken).bind();
  const path = `${application}/gateways/${clientId}`;
  expect(await api.expect(200, 'PATCH', path, { body: { name: 'new name' } })).toMatchObject({
    name: 'new name',
    gatewayUid: expect.stringMatching(/^[\w-]{22}$/),
  });
});

test('a device that was removed is refused in the words of the SDKs', async () => {
  const { oneTimeToken, clientId } = await create('devices');
  const removed = device(oneTimeToken);
  await removed.bind();
  await api.call('DELETE', `${application}/devices/${clientId}`);
  const reply = await removed.send();
  expect([reply.status, reply.json.error]).toEqual([403, 'access_denied']);
});

test('what no device sends is refused in the same form', async () => {
  const post = (verb: string, payload: Buffer) =>
    api.app.http.inject({
      method: 'POST',
      url: `/api/rest/sm/v1/${verb}`,
      headers: { 'content-type': 'application/octet-stream' },
      payload,
    });
  const large = await post('get_secret', Buffer.alloc(1_048_577));
  expect([large.statusCode, large.json().error]).toEqual([413, 'bad_request']);
  const unknown = await post('get_everything', Buffer.alloc(10));
  expect([unknown.statusCode, unknown.json().error]).toEqual([404, 'not_found']);
  const empty = await post('get_secret', Buffer.alloc(0));
  expect([empty.statusCode, empty.json().error]).toEqual([400, 'bad_request']);
});

test('a device that comes while the service stops is told to try again', async () => {
  const { oneTimeToken } = await create('devices');
  await api.app.drain.begin();
  const reply = await device(oneTimeToken).bind();
  expect([reply.status, reply.json]).toEqual([403, expect.objectContaining({ error: 'throttled', retry_after: 1 })]);
});
