import { type Api, embeddedTest, newRun, startApi } from '../http/api';
import { fillVault } from '../vault/temporary-vault';

let api: Api;
let application: string;
let run: string;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  run = newRun();
  const made = await api.expect(201, 'POST', '/v1/applications', { run, body: { name: `application of ${run}` } });
  application = `/v1/applications/${made.id}`;
});

/** What is noted of the run: as long as there is something, the run is never dropped. */
const noted = async () => {
  const rows = await api.database.db.selectFrom('run_items').select('kind').where('run_id', '=', run).execute();
  return rows.map(({ kind }) => kind).sort();
};

test.each([
  ['devices', 'client_device'],
  ['gateways', 'gateway'],
])('of %s that are removed the run keeps nothing', async (noun, kind) => {
  const { clientId } = await api.expect(201, 'POST', `${application}/${noun}`, { run, body: { name: 'x' } });
  expect(await noted()).toEqual(['application', kind]);
  await api.expect(204, 'DELETE', `${application}/${noun}/${clientId}`, { run });
  expect(await noted()).toEqual(['application']);
});

embeddedTest('of a removed grant, and of one whose secret was deleted, the run keeps nothing', async () => {
  const { folder, loneRecord } = await fillVault(api.vault);
  for (const uid of [folder, loneRecord]) {
    await api.expect(201, 'PUT', `${application}/grants/${uid}`, { run, body: {} });
  }
  expect(await noted()).toEqual(['application', 'grant', 'grant']);
  await api.expect(204, 'DELETE', `${application}/grants/${folder}`, { run });
  await api.expect(204, 'DELETE', `/v1/vault/records/${loneRecord}`);
  expect(await noted()).toEqual(['application']);
});

test('of an application the run keeps neither it nor what was in it', async () => {
  await api.expect(201, 'POST', `${application}/devices`, { run, body: { name: 'x' } });
  await api.expect(204, 'DELETE', `${application}?force=true`, { run });
  expect(await noted()).toEqual([]);
});
