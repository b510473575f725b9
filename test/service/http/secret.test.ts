import { SECRETS_MAX_UIDS } from '../../../contract/limits';
import { fillVault } from '../vault/temporary-vault';
import { type Api, embeddedTest, problemCode, startApi } from './api';

const MISSING = 'AAAAAAAAAAAAAAAAAAAAAA';

let api: Api;
let secrets: Awaited<ReturnType<typeof fillVault>>;
beforeAll(async () => {
  api = await startApi();
  secrets = await fillVault(api.vault);
});
afterAll(() => api.close());

const databases = () => ({
  uid: secrets.folder,
  kind: 'folder',
  folderKind: 'classic',
  name: 'Databases',
  path: 'Databases',
});
const lone = () => ({ uid: secrets.loneRecord, kind: 'record', folderKind: null, name: 'Lone', path: 'Lone' });
const unknown = (uid: string) => ({ uid, kind: 'unknown', folderKind: null, name: null, path: null });
const list = async (query: string, token?: string) =>
  (await api.expect(200, 'GET', `/v1/secrets?${query}`, token ? { token } : {})).items;
const uids = async (query: string, token?: string) => (await list(query, token)).map(({ uid }: { uid: string }) => uid);

test('a UID is told to be a folder, a record or unknown', async () => {
  expect(await api.expect(200, 'GET', `/v1/secrets/${secrets.folder}`)).toEqual(databases());
  expect(await api.expect(200, 'GET', `/v1/secrets/${secrets.loneRecord}`)).toEqual(lone());
  expect(await api.expect(200, 'GET', `/v1/secrets/${MISSING}`)).toEqual(unknown(MISSING));
});

test('records of one title are told apart by where they are', async () => {
  const { record, innerRecord, loneRecord } = secrets;
  const paths = (await list(`uid=${record}&uid=${innerRecord}&uid=${loneRecord}`)).map(
    ({ path }: { path: string }) => path,
  );
  expect(paths).toEqual(['Databases/In folder', 'Databases/Production/In subfolder', 'Lone']);
});

test('of many UIDs each is answered, in their order; one alone is a list of one', async () => {
  expect(await list(`uid=${secrets.loneRecord}&uid=${MISSING}&uid=${secrets.folder}`)).toEqual([
    lone(),
    unknown(MISSING),
    databases(),
  ]);
  expect(await list(`uid=${secrets.folder}`)).toEqual([databases()]);
});

test('a hundred UIDs are looked up at once, and one more is refused', async () => {
  const asked = (count: number) => Array.from({ length: count }, () => `uid=${MISSING}`).join('&');
  expect(await list(asked(SECRETS_MAX_UIDS))).toHaveLength(SECRETS_MAX_UIDS);
  const refused = await api.call('GET', `/v1/secrets?${asked(SECRETS_MAX_UIDS + 1)}`);
  expect(problemCode(refused)).toBe('invalid_request');
  expect(refused.json.errors[0].field).toBe('query/uid');
});

test('they are found by name and kind, and UIDs stand alone', async () => {
  expect(await list('name=Lone')).toEqual([lone()]);
  expect(await list('name=Lone&kind=folder')).toEqual([]);
  expect(await uids('kind=folder')).toEqual([secrets.folder, secrets.otherFolder]);
  const refused = await api.call('GET', `/v1/secrets?uid=${MISSING}&name=Lone`);
  expect([problemCode(refused), refused.json.errors[0].field]).toEqual(['invalid_request', 'query/uid']);
  expect(problemCode(await api.call('GET', '/v1/secrets?kind=unknown'))).toBe('invalid_request');
});

test('shared folders are listed in pages and found by name', async () => {
  expect(await api.expect(200, 'GET', '/v1/shared-folders?name=Databases')).toEqual({ items: [databases()] });
  const first = await api.expect(200, 'GET', '/v1/shared-folders?limit=1');
  expect(first).toEqual({ items: [databases()], nextCursor: expect.any(String) });
  const second = await api.expect(200, 'GET', `/v1/shared-folders?limit=1&cursor=${first.nextCursor}`);
  expect(second.items).toMatchObject([{ uid: secrets.otherFolder, kind: 'folder' }]);
  expect(second).not.toHaveProperty('nextCursor');
});

test('a token that is limited to secrets sees those alone, paged without a gap, and others are unknown to it', async () => {
  const limits = { applications: null, secrets: [secrets.otherFolder, secrets.loneRecord], allowEdit: false };
  const token = await api.newToken('read', { name: 'limited', limits });
  expect(await uids('', token)).toEqual([secrets.otherFolder, secrets.loneRecord]);
  expect(await uids('name=Databases', token)).toEqual([]);
  const first = await api.expect(200, 'GET', '/v1/secrets?limit=1', { token });
  const second = await api.expect(200, 'GET', `/v1/secrets?limit=1&cursor=${first.nextCursor}`, { token });
  // Where a record lies would tell what other secrets are called.
  const loneOfLimited = { ...lone(), path: null };
  expect(second).toEqual({ items: [loneOfLimited] });
  expect(await list(`uid=${secrets.folder}&uid=${secrets.loneRecord}`, token)).toEqual([
    unknown(secrets.folder),
    loneOfLimited,
  ]);
  expect(await api.expect(200, 'GET', `/v1/secrets/${secrets.folder}`, { token })).toEqual(unknown(secrets.folder));
  expect(await api.expect(200, 'GET', '/v1/shared-folders?name=Databases', { token })).toEqual({ items: [] });
});

embeddedTest('a search by name finds the new name after a change, and no more the old one', async () => {
  const { folder } = await api.expect(201, 'POST', '/v1/vault/folders', { body: { name: 'before' } }).then((made) => ({
    folder: made.uid,
  }));
  await api.expect(200, 'POST', '/v1/vault/folders', { body: { uid: folder, name: 'after' } });
  expect([await uids('name=before'), await uids('name=after')]).toEqual([[], [folder]]);
  const data = (title: string) => ({ title, type: 'login', fields: [] });
  const { uid } = await api.expect(201, 'POST', '/v1/vault/records', { body: { data: data('old title') } });
  await api.expect(200, 'POST', '/v1/vault/records', { body: { uid, data: data('new title') } });
  expect([await uids('name=old%20title'), await uids('name=new%20title')]).toEqual([[], [uid]]);
});
