import { type Api, problemCode, startApi } from './api';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

test('an application is created, read, renamed and deleted', async () => {
  const created = await api.call('POST', '/v1/applications', { body: { name: 'payments' } });
  expect(created.status).toBe(201);
  expect(created.json).toEqual({
    id: expect.stringMatching(/^[\w-]{22}$/),
    name: 'payments',
    createdAt: new Date(api.clock.now()).toISOString(),
  });
  const path = `/v1/applications/${created.json.id}`;
  expect(created.headers.location).toBe(path);
  expect(await api.expect(200, 'GET', path)).toEqual(created.json);
  expect(await api.expect(200, 'PATCH', path, { body: { name: 'billing' } })).toEqual({
    ...created.json,
    name: 'billing',
  });
  const deleted = await api.call('DELETE', path);
  expect({ status: deleted.status, text: deleted.text }).toEqual({ status: 204, text: '' });
  expect(problemCode(await api.call('GET', path))).toBe('application_not_found');
  expect(problemCode(await api.call('DELETE', path))).toBe('application_not_found');
});

test.each([
  'a "quoted" name',
  '$${interpolated} %{for} ${var.x}',
  'back\\slash',
  'émoji 🔐 日本語',
  "'; drop table applications; --",
  '%_',
  ' spaces kept ',
  'x'.repeat(255),
  '🔐'.repeat(255),
])('the name %j comes back unchanged, and is found by itself alone', async (name) => {
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name } });
  expect((await api.expect(200, 'GET', `/v1/applications/${id}`)).name).toBe(name);
  const { items } = await api.expect(200, 'GET', `/v1/applications?name=${encodeURIComponent(name)}`);
  expect(items.map((item: { id: string }) => item.id)).toEqual([id]);
});

test('a name that is taken is a conflict with the id to import', async () => {
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'taken' } });
  const answer = await api.call('POST', '/v1/applications', { body: { name: 'Taken' } });
  expect(problemCode(answer)).toBe('application_exists');
  expect(answer.json.existingId).toBe(id);
});

test('pages follow each other without a gap or a repetition', async () => {
  for (let index = 0; index < 5; index++) {
    await api.expect(201, 'POST', '/v1/applications', { body: { name: `page ${index}` } });
  }
  const all = (await api.expect(200, 'GET', '/v1/applications?limit=1000')).items;
  const paged = [];
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await api.expect(200, 'GET', `/v1/applications?limit=2${query}`);
    expect(page.items.length).toBeLessThanOrEqual(2);
    paged.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(paged).toEqual(all);
  expect(all.length).toBeGreaterThanOrEqual(5);
});

test('a cursor that no page gave is refused', async () => {
  expect(problemCode(await api.call('GET', '/v1/applications?cursor=%F0%9F%98%80'))).toBe('invalid_request');
});

test('an application that is not empty is deleted by force alone, with all that it has', async () => {
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'full' } });
  const path = `/v1/applications/${id}`;
  const device = await api.expect(201, 'POST', `${path}/devices`, { body: { name: 'runner' } });
  const refused = await api.call('DELETE', path);
  expect(problemCode(refused)).toBe('application_not_empty');
  expect(refused.json.dependentsTotal).toBe(1);
  expect(refused.json.dependents).toEqual([{ kind: 'client_device', id: device.id, name: 'runner' }]);
  expect((await api.call('DELETE', `${path}?force=true`)).status).toBe(204);
  expect(problemCode(await api.call('GET', `${path}/devices/${device.clientId}`))).toMatch(/_not_found$/);
});

test('a snapshot has the parts that were asked for, and no token', async () => {
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'snapshot' } });
  const path = `/v1/applications/${id}`;
  const { folder } = (await api.vault.content.putFolder({ name: 'Shared' })) as { folder: { uid: string } };
  const grant = await api.expect(201, 'PUT', `${path}/grants/${folder.uid}`, { body: { editable: true } });
  const created = await api.expect(201, 'POST', `${path}/devices`, { body: { name: 'd' } });
  const { oneTimeToken, initialization, config, sealedOneTimeToken, sealedConfig, ...device } = created;
  await api.expect(201, 'POST', `${path}/gateways`, { body: { name: 'g' } });
  expect(await api.expect(200, 'GET', path)).not.toHaveProperty('devices');
  const snapshot = await api.call('GET', `${path}?include=grants,devices,gateways`);
  expect(snapshot.json.held).toBe(true);
  expect(snapshot.json.grants).toEqual([{ ...grant, held: true }]);
  expect(snapshot.json.devices).toEqual([{ ...device, held: true }]);
  expect(snapshot.json.gateways).toHaveLength(1);
  expect([initialization, config, sealedOneTimeToken, sealedConfig]).toEqual(['token', null, null, null]);
  expect(snapshot.text).not.toContain(oneTimeToken);
  expect(problemCode(await api.call('GET', `${path}?include=tokens`))).toBe('invalid_request');
});
