/** One state belongs to one vault. */
import { type RealService, realService } from './real-service';
import { type Stored, Terraform } from './terraform';

const FIRST = 'AAAAAAAAAAAAAAAAAAAAAA';
const SECOND = 'BBBBBBBBBBBBBBBBBBBBBA';

let first: RealService;
let second: RealService;
beforeAll(async () => {
  first = await realService({ vaultId: FIRST });
  second = await realService({ vaultId: SECOND });
});
afterAll(() => Promise.all([first.close(), second.close()]));

const at = ({ endpoint, token }: RealService, change: Record<string, string> = {}) =>
  new Terraform({ endpoint, token, ...change });
const recreating = (service: RealService) => at(service, { vault_change: 'recreate' });
const own = (stored: Stored) => JSON.parse(new TextDecoder().decode(stored.private)).own;
let names = 0;
const newName = () => `app ${names++}`;

async function stack(): Promise<{ name: string; app: Stored; device: Stored; grant: Stored; gateway: Stored }> {
  const terraform = at(first);
  const name = newName();
  const app = await terraform.apply('ksm_application', { name });
  const application_id = app.state.id!;
  return {
    name,
    app,
    device: await terraform.apply('ksm_client_device', { application_id, name: 'ci' }),
    grant: await terraform.apply('ksm_record_grant', { application_id, record_uid: first.uids.loneRecord }),
    gateway: await terraform.apply('ksm_gateway', { application_id, name: 'gw' }),
  };
}

test('what is made, refreshed or imported notes the vault it is in', async () => {
  const { name: _, ...stored } = await stack();
  for (const one of Object.values(stored)) {
    expect(own(one)).toMatchObject({ vaultId: FIRST });
    const imported = await at(first).import(one.typeName, String(one.state.id));
    expect(own(imported)).toMatchObject({ vaultId: FIRST });
  }
});

test('a refresh, a change and a destruction in another vault are refused with both ids and every way out', async () => {
  const { name, ...stored } = await stack();
  for (const one of Object.values(stored)) {
    const refused = at(second).refresh(one);
    await expect(refused).rejects.toThrow(/This is another vault/);
    await expect(refused).rejects.toThrow(FIRST);
    await expect(refused).rejects.toThrow(SECOND);
    for (const cure of ['vault_change = "recreate"', 'KSM_IAC_VAULT_CHANGE=recreate', 'terraform state rm']) {
      await expect(refused).rejects.toThrow(cure);
    }
    await expect(at(second).destroy(one)).rejects.toThrow(/This is another vault/);
  }
  const { app } = stored;
  const update = at(second).process((server) =>
    server.applyResource({
      ...app,
      prior: app.state,
      planned: { ...app.state, name: `${name} 2` },
      config: { ...app.state, name: `${name} 2` },
    }),
  );
  expect(await update).toMatchObject({ state: app.state, diagnostics: [{ summary: 'This is another vault' }] });
  expect(await at(first).refresh(app)).toEqual(app);
});

test('with "recreate" everything is gone, in one warning, and a destruction asks nothing', async () => {
  const { name, ...stored } = await stack();
  const terraform = recreating(second);
  await terraform.process(async (server) => {
    for (const one of Object.values(stored)) expect(await terraform.refreshIn(server, one)).toBeUndefined();
  });
  expect(terraform.diagnostics.map(({ summary }) => summary)).toEqual(['Another vault: everything is made anew']);
  expect(terraform.diagnostics[0]?.detail).toContain(FIRST);
  const before = second.requests.length;
  for (const one of Object.values(stored)) await recreating(second).destroy(one);
  expect(second.requests.slice(before).filter((line) => line !== 'GET /v1/info')).toEqual([]);
  const remade = await recreating(second).apply('ksm_application', { name }, stored.app);
  expect(own(remade)).toMatchObject({ vaultId: SECOND });
  // Nothing happened in the first one.
  for (const one of Object.values(stored)) expect((await at(first).refresh(one))?.state).toEqual(one.state);
});

test('the environment may say "recreate"', async () => {
  const { app } = await stack();
  const { endpoint, token } = second;
  expect(await new Terraform({ endpoint, token }, { KSM_IAC_VAULT_CHANGE: 'recreate' }).refresh(app)).toBeUndefined();
  await expect(
    new Terraform({ endpoint, token, vault_change: 'refuse' }, { KSM_IAC_VAULT_CHANGE: 'recreate' }).refresh(app),
  ).rejects.toThrow(/This is another vault/);
});

test('a state of before takes the vault at its first refresh', async () => {
  const { app } = await stack();
  const old = { ...app, private: new Uint8Array(0) };
  const refreshed = (await at(first).refresh(old))!;
  expect(own(refreshed)).toMatchObject({ vaultId: FIRST });
  await expect(at(second).refresh(refreshed)).rejects.toThrow(/This is another vault/);
});
