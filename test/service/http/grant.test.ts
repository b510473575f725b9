import { fillVault } from '../vault/temporary-vault';
import { type Api, problemCode, startApi } from './api';

let api: Api;
let secrets: Awaited<ReturnType<typeof fillVault>>;
let grants: string;
let applicationId: string;
beforeAll(async () => {
  api = await startApi();
  secrets = await fillVault(api.vault);
  applicationId = (await api.expect(201, 'POST', '/v1/applications', { body: { name: 'payments' } })).id;
  grants = `/v1/applications/${applicationId}/grants`;
});
afterAll(() => api.close());

test('putting a grant creates it, repeats it and changes it', async () => {
  const path = `${grants}/${secrets.folder}`;
  const created = await api.expect(201, 'PUT', path, { body: {} });
  expect(created).toMatchObject({
    id: `${applicationId}/${secrets.folder}`,
    secretUid: secrets.folder,
    kind: 'folder',
    title: 'Databases',
    editable: false,
  });
  expect(await api.expect(200, 'PUT', path, { body: { editable: false } })).toEqual(created);
  const widened = await api.expect(200, 'PUT', path, { body: { editable: true, kind: 'folder' } });
  expect(widened).toEqual({ ...created, editable: true });
  expect(created.generation).toMatch(/^[\w-]{22}$/);
  expect(await api.expect(200, 'GET', path)).toEqual(widened);
  expect(await api.expect(200, 'GET', grants)).toEqual({ items: [widened] });
  expect((await api.call('DELETE', path)).status).toBe(204);
  expect(problemCode(await api.call('GET', path))).toBe('grant_not_found');
  expect(problemCode(await api.call('DELETE', path))).toBe('grant_not_found');
});

test('creating only adopts the same grant and refuses another one', async () => {
  const path = `${grants}/${secrets.loneRecord}`;
  const headers = { 'if-none-match': '*' };
  await api.expect(201, 'PUT', path, { body: { editable: true }, headers });
  await api.expect(200, 'PUT', path, { body: { editable: true }, headers });
  const refused = await api.call('PUT', path, { body: { editable: false }, headers });
  expect(problemCode(refused)).toBe('grant_exists');
  expect(refused.json.existingId).toBe(`${applicationId}/${secrets.loneRecord}`);
  expect(problemCode(await api.call('PUT', path, { body: {}, headers: { 'if-none-match': '"x"' } }))).toBe(
    'invalid_request',
  );
});

test('what is no such secret is refused by its code', async () => {
  const nothing = `${grants}/AAAAAAAAAAAAAAAAAAAAAA`;
  expect(problemCode(await api.call('PUT', nothing, { body: {} }))).toBe('secret_not_found');
  expect(problemCode(await api.call('PUT', `${grants}/${secrets.record}`, { body: { kind: 'folder' } }))).toBe(
    'not_a_folder',
  );
  expect(problemCode(await api.call('PUT', `${grants}/${secrets.folder}`, { body: { kind: 'record' } }))).toBe(
    'not_a_record',
  );
  const elsewhere = `/v1/applications/AAAAAAAAAAAAAAAAAAAAAA/grants/${secrets.folder}`;
  expect(problemCode(await api.call('PUT', elsewhere, { body: {} }))).toBe('application_not_found');
  expect(problemCode(await api.call('GET', elsewhere))).toBe('grant_not_found');
});
