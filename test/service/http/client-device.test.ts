import { type Api, problemCode, startApi } from './api';

let api: Api;
let application: string;
beforeAll(async () => {
  api = await startApi();
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } });
  application = `/v1/applications/${id}`;
});
afterAll(() => api.close());

test('a client device is created with its defaults; that reply alone carries its token', async () => {
  const created = await api.call('POST', `${application}/devices`, { body: { name: 'ci "runner" ${x}' } });
  expect(created.status).toBe(201);
  const { oneTimeToken, initialization, config, sealedOneTimeToken, sealedConfig, ...device } = created.json;
  expect(oneTimeToken).toMatch(/^\w[\w-]{42}$/);
  expect(initialization).toBe('token');
  expect([config, sealedOneTimeToken, sealedConfig]).toEqual([null, null, null]);
  expect(device).toMatchObject({
    name: 'ci "runner" ${x}',
    hostname: '127.0.0.1:8443',
    status: 'pending',
    lapsed: null,
    ipLock: true,
    accessExpiresAt: null,
    tokenExpiresAt: new Date(api.clock.now() + 60 * 60_000).toISOString(),
  });
  const path = `${application}/devices/${device.clientId}`;
  expect(created.headers.location).toBe(path);
  const read = await api.call('GET', path);
  expect(read.json).toEqual(device);
  expect(read.text).not.toContain(oneTimeToken);
  expect(await api.expect(200, 'GET', `${application}/devices`)).toEqual({ items: [device] });
  expect((await api.call('DELETE', path)).status).toBe(204);
  expect(problemCode(await api.call('GET', path))).toBe('device_not_found');
  expect(problemCode(await api.call('DELETE', path))).toBe('device_not_found');
});

test('what is given is what the device gets', async () => {
  const body = {
    name: 'd',
    ipLock: false,
    tokenExpiresInMinutes: 1440,
    accessExpiresInMinutes: 10,
    initialization: 'token',
  };
  expect(await api.expect(201, 'POST', `${application}/devices`, { body })).toMatchObject({
    ipLock: false,
    tokenExpiresAt: new Date(api.clock.now() + 1440 * 60_000).toISOString(),
    accessExpiresAt: new Date(api.clock.now() + 10 * 60_000).toISOString(),
  });
});

test('a gateway is created, read, listed and removed; a rename waits until it has initialised', async () => {
  const created = await api.call('POST', `${application}/gateways`, { body: { name: 'gw' } });
  expect(created.status).toBe(201);
  const { oneTimeToken, initialization, config, sealedOneTimeToken, sealedConfig, ...gateway } = created.json;
  expect([config, sealedOneTimeToken, sealedConfig]).toEqual([null, null, null]);
  expect(oneTimeToken).toMatch(/^[\w-]{43}$/);
  expect(initialization).toBe('token');
  expect(gateway).toMatchObject({ name: 'gw', status: 'pending', gatewayUid: null });
  const path = `${application}/gateways/${gateway.clientId}`;
  expect(created.headers.location).toBe(path);
  expect(await api.expect(200, 'GET', path)).toEqual(gateway);
  expect(await api.expect(200, 'GET', `${application}/gateways`)).toEqual({ items: [gateway] });
  const renamed = await api.call('PATCH', path, { body: { name: 'gw2' } });
  expect(problemCode(renamed)).toBe('gateway_not_initialized');
  expect((await api.call('DELETE', path)).status).toBe(204);
  expect(problemCode(await api.call('GET', path))).toBe('gateway_not_found');
});

test('a device is no gateway, and a gateway no device', async () => {
  const device = await api.expect(201, 'POST', `${application}/devices`, { body: { name: 'x' } });
  expect(problemCode(await api.call('GET', `${application}/gateways/${device.clientId}`))).toBe('gateway_not_found');
});

test('no reply is kept by anything on the way: they carry tokens', async () => {
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'not to be kept' } });
  const created = await api.call('POST', `/v1/applications/${id}/devices`, { body: { name: 'runner' } });
  expect(created.json.oneTimeToken).toBeDefined();
  for (const reply of [created, await api.call('GET', '/v1/nothing'), await api.call('GET', '/metrics')]) {
    expect(reply.headers['cache-control']).toBe('no-store');
  }
});

test('a refused deletion names a hundred of what stands in its way, and how many there are', async () => {
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'crowded' } });
  for (let device = 0; device < 103; device++) {
    await api.expect(201, 'POST', `/v1/applications/${id}/devices`, { body: { name: `runner ${device}` } });
  }
  const answer = await api.call('DELETE', `/v1/applications/${id}`);
  expect(answer.json).toMatchObject({ code: 'application_not_empty', dependentsTotal: 103 });
  expect(answer.json.dependents).toHaveLength(100);
});
