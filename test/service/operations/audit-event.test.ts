import { type Api, newKey, newRun, startApi } from '../http/api';
import { fillVault } from '../vault/temporary-vault';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

test('every change leaves one event that says what, who, in which run and request; refusals and reads leave none', async () => {
  const { folder } = await fillVault(api.vault);
  const run = newRun();
  const created = await api.call('POST', '/v1/applications', { body: { name: 'payments' }, run });
  const path = `/v1/applications/${created.json.id}`;
  await api.call('POST', '/v1/applications', { body: { name: 'payments' }, run });
  await api.expect(200, 'PATCH', path, { body: { name: 'billing' } });
  await api.expect(201, 'PUT', `${path}/grants/${folder}`, { body: {} });
  await api.expect(200, 'PUT', `${path}/grants/${folder}`, { body: {} });
  await api.expect(200, 'PUT', `${path}/grants/${folder}`, { body: { editable: true } });
  const key = newKey();
  const device = await api.expect(201, 'POST', `${path}/devices`, { body: { name: 'd' }, key });
  await api.expect(201, 'POST', `${path}/devices`, { body: { name: 'd' }, key });
  const gateway = await api.expect(201, 'POST', `${path}/gateways`, { body: { name: 'g' }, run });
  await api.expect(200, 'POST', `/v1/runs/${run}/settle`, { body: { held: [] } });
  await api.expect(200, 'GET', path);
  await api.call('DELETE', `${path}/devices/${device.clientId}`);
  await api.call('DELETE', `${path}/grants/${folder}`);
  await api.call('DELETE', path);

  const { items } = await api.expect(200, 'GET', '/v1/audit-events');
  expect(
    items
      .map((event: { action: string; target: string; name: string }) => [event.action, event.target, event.name])
      .reverse(),
  ).toEqual([
    ['application.create', created.json.id, 'payments'],
    ['application.update', created.json.id, 'billing'],
    ['grant.create', `${created.json.id}/${folder}`, 'Databases'],
    ['grant.update', `${created.json.id}/${folder}`, 'Databases'],
    ['client_device.create', device.id, 'd'],
    ['gateway.create', gateway.id, 'g'],
    ['gateway.revoke', gateway.id, 'g'],
    ['client_device.delete', device.id, 'd'],
    ['grant.delete', `${created.json.id}/${folder}`, 'Databases'],
    ['application.delete', created.json.id, 'billing'],
  ]);
  expect(items.at(-1)).toEqual({
    id: expect.any(Number),
    at: new Date(api.clock.now()).toISOString(),
    action: 'application.create',
    target: created.json.id,
    name: 'payments',
    principal: 'test write',
    runId: run,
    requestId: created.headers['x-request-id'],
  });
});

test('events are paged, newest first', async () => {
  for (let index = 0; index < 5; index++) {
    await api.expect(201, 'POST', '/v1/applications', { body: { name: `a${index}` } });
  }
  const first = await api.expect(200, 'GET', '/v1/audit-events?limit=3');
  const second = await api.expect(200, 'GET', `/v1/audit-events?limit=3&cursor=${first.nextCursor}`);
  const names = [...first.items, ...second.items].map(({ name }: { name: string }) => name);
  expect(names).toEqual(['a4', 'a3', 'a2', 'a1', 'a0']);
  expect(second.nextCursor).toBeUndefined();
  expect((await api.call('GET', '/v1/audit-events?cursor=x')).json.errors[0].field).toBe('query/cursor');
});

test('no token, key or password is in the log at any level, in events, metrics or errors', async () => {
  const key = newKey();
  const secret = 'canary-password-in-a-record';
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' }, key: newKey() });
  const device = await api.expect(201, 'POST', `/v1/applications/${id}/devices`, { body: { name: 'd' }, key });
  const reused = await api.call('POST', `/v1/applications/${id}/devices`, { body: { name: 'e' }, key });
  const data = { title: 'x', type: 'login', fields: [{ type: 'password', value: [secret] }] };
  await api.expect(201, 'POST', '/v1/vault/records', { body: { data } });
  const wrong = await api.call('POST', '/v1/vault/records', { body: { data: { ...data, fields: [secret] } } });
  const broken = await api.call('POST', '/v1/vault/records', { body: `{"data": ${secret}` });
  const events = await api.call('GET', '/v1/audit-events');
  const metrics = await api.call('GET', '/metrics');
  await api.database.close();
  const failed = await api.call('POST', `/v1/applications/${id}/devices`, { body: { name: 'd' }, key: newKey() });
  expect(failed.status).toBe(500);

  const said = [api.log(), ...[reused, wrong, broken, events, metrics, failed].map(({ text }) => text)].join('\n');
  expect(api.log()).toContain('/v1/applications/:applicationId/devices');
  for (const canary of [api.token, key, device.oneTimeToken!, secret]) {
    expect(said).not.toContain(canary);
  }
});
