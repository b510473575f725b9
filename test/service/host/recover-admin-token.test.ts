import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { recoverAdminToken } from '../../../service/host/recover-admin-token';
import { ask, start, type Temporary, temporaryFolder } from '../running-service';

let temporary: Temporary;
beforeEach(() => {
  temporary = temporaryFolder();
});
afterEach(() => temporary.remove());

const file = () => join(temporary.folder, 'admin.token');
const text = () => readFileSync(file(), 'utf8').trim();

test('a revoked admin is not made again by a start; recover makes one, revokes what it replaces and is audited', async () => {
  let service = await start(temporary.folder);
  const first = text();
  const { json } = await ask(service, 'GET', '/v1/api-tokens');
  expect(json.items).toMatchObject([{ name: 'admin', scope: 'admin' }]);
  const body = JSON.stringify({ name: 'admin', scope: 'admin' });
  const second = (await ask(service, 'POST', '/v1/api-tokens', { body })).json.token;
  expect((await ask(service, 'DELETE', `/v1/api-tokens/${json.items[0].id}`)).status).toBe(204);
  await service.stop();

  service = await start(temporary.folder);
  expect(text()).toBe(first);
  expect((await ask(service, 'GET', '/v1/info')).status).toBe(401);
  await service.stop();

  expect(await recoverAdminToken({ dataDir: temporary.folder })).toBe(file());
  const recovered = text();
  expect(await recoverAdminToken({ dataDir: temporary.folder })).toBe(file());
  expect(text()).not.toBe(recovered);
  service = await start(temporary.folder);
  const as = (token: string) => ask(service, 'GET', '/v1/info', { headers: { authorization: `Bearer ${token}` } });
  expect([await as(first), await as(recovered), await as(second)].map(({ status }) => status)).toEqual([401, 401, 200]);
  const events = (await ask(service, 'GET', '/v1/audit-events?action=api_token')).json.items;
  expect(events.map(({ action, actor, reason }: Record<string, string>) => [action, actor, reason]).reverse()).toEqual([
    ['api_token.create', 'system', 'the first start'],
    ['api_token.create', 'token', null],
    ['api_token.delete', 'token', null],
    ['api_token.create', 'system', 'ksm-iac token recover'],
    ['api_token.delete', 'system', 'replaced by ksm-iac token recover'],
    ['api_token.create', 'system', 'ksm-iac token recover'],
  ]);
  await expect(recoverAdminToken({ dataDir: temporary.folder })).rejects.toMatchObject({ code: 'data_folder_in_use' });
  await service.stop();
});

test('a lost file makes no start mint another token, and the lost one goes on until recover revokes it', async () => {
  let service = await start(temporary.folder);
  const lost = text();
  await service.stop();
  rmSync(file());
  service = await start(temporary.folder);
  expect(() => text()).toThrow('ENOENT');
  await service.stop();
  await recoverAdminToken({ dataDir: temporary.folder });
  service = await start(temporary.folder);
  expect((await ask(service, 'GET', '/v1/api-tokens')).json.items).toHaveLength(1);
  expect((await ask(service, 'GET', '/v1/info', { headers: { authorization: `Bearer ${lost}` } })).status).toBe(401);
  await service.stop();
});

test('where there is no service nothing is recovered and nothing made', async () => {
  await expect(recoverAdminToken({ dataDir: join(temporary.folder, 'x') })).rejects.toMatchObject({
    code: 'database_missing',
  });
  expect(() => readFileSync(join(temporary.folder, 'x', 'lock.db'))).toThrow('ENOENT');
});
