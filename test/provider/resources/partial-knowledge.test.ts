/** What the vault cannot tell is not gone, what it tells counts, and what is gone is not changed. */
import type { ObjectValue } from '../../../provider/framework';
import { alteredReplies } from './altered-replies';
import { type RealService, realService } from './real-service';
import { type Stored, Terraform } from './terraform';

let service: RealService;
let terraform: Terraform;
let stored: Record<'app' | 'device' | 'gateway' | 'grant', Stored>;
const opened: { close(): Promise<void> }[] = [];
let names = 0;

beforeAll(async () => {
  service = await realService();
});
afterAll(() => service.close());
afterEach(() => Promise.all(opened.splice(0).map((line) => line.close())));
beforeEach(async () => {
  terraform = new Terraform({ endpoint: service.endpoint, token: service.token });
  const app = await terraform.apply('ksm_application', { name: `app ${names++}` });
  const application_id = app.state.id!;
  stored = {
    app,
    device: await terraform.apply('ksm_client_device', {
      application_id,
      name: 'ci',
      access_expires_in_minutes: 90,
    }),
    gateway: await terraform.apply('ksm_gateway', { application_id, name: 'gw' }),
    grant: await terraform.apply('ksm_record_grant', { application_id, record_uid: service.uids.loneRecord }),
  };
});

/** Terraform on a line on which the snapshots are others. */
async function through(change: (snapshot: Record<string, unknown>) => unknown): Promise<Terraform> {
  const line = await alteredReplies(service.endpoint, {
    alter: ({ url, method }, body) =>
      method === 'GET' && url!.includes('?include=') ? JSON.stringify(change(JSON.parse(body))) : undefined,
  });
  opened.push(line);
  return new Terraform({ endpoint: line.endpoint, token: service.token });
}

const parts = [
  ['grants', 'grant'],
  ['devices', 'device'],
  ['gateways', 'gateway'],
] as const;

describe.each(parts)('a reply without its %s', (part, name) => {
  test('is no reply of this API, and nothing counts as deleted', async () => {
    const without = await through(({ [part]: _, ...rest }) => rest);
    await expect(without.refresh(stored[name])).rejects.toThrow(/invalid_reply/);
    await expect(without.import(stored[name].typeName, String(stored[name].state.id))).rejects.toThrow(/invalid_reply/);
  });

  test('that says why keeps the state as it was, with one warning for all of them', async () => {
    const reason = 'Commander does not answer.';
    const without = await through(({ [part]: _, ...rest }) => ({
      ...rest,
      unavailable: [part],
      unavailableReason: reason,
    }));
    await without.process(async (server) => {
      for (let times = 0; times < 3; times++) {
        expect(await without.refreshIn(server, stored[name])).toEqual(stored[name]);
      }
      for (const [other, otherName] of parts.filter(([one]) => one !== part)) {
        expect([other, await without.refreshIn(server, stored[otherName])]).toEqual([other, stored[otherName]]);
      }
    });
    expect(without.diagnostics).toMatchObject([{ severity: 'warning', detail: expect.stringContaining(reason) }]);
    const imported = without.import(stored[name].typeName, String(stored[name].state.id));
    await expect(imported).rejects.toThrow(/is not known/);
    await expect(imported).rejects.toThrow(reason);
  });

  test('that says why does not make an update fail as if it were gone', async () => {
    const without = await through(({ [part]: _, ...rest }) => ({ ...rest, unavailable: [part] }));
    const change: ObjectValue = part === 'grants' ? { editable: true } : { token_expires_in_minutes: 5 };
    const { typeName, state } = stored[name];
    const planned = { ...state, ...change };
    const outcome = await without.process((server) =>
      server.applyResource({ ...stored[name], typeName, prior: state, planned, config: planned }),
    );
    expect(outcome).toMatchObject({ state: planned, diagnostics: [] });
  });
});

test.each([
  [1, '1 other user of Keeper'],
  [3, '3 other users of Keeper'],
])(
  'a grant in an application that %d others share is planned with a warning of that',
  async (sharedWithUsers, words) => {
    const shared = await through((snapshot) => ({ ...snapshot, sharedWithUsers }));
    const application_id = stored.app.state.id!;
    const planned = await shared.plan('ksm_shared_folder_grant', { application_id, folder_uid: service.uids.folder });
    expect(planned.action).toBe('create');
    expect(shared.diagnostics).toMatchObject([{ severity: 'warning', detail: expect.stringContaining(words) }]);
  },
);

test.each([
  ['app', { name: 'new name' }],
  ['app', { force_destroy: true }],
  ['device', { token_expires_in_minutes: 5 }],
  ['gateway', { token_expires_in_minutes: 5 }],
  ['grant', { editable: true }],
] as const)('an update of %s with %j that was removed after the plan is no success', async (name, change) => {
  const { typeName, state } = stored[name];
  const [application, part] = String(state.id).split('/') as [string, string];
  if (name === 'app') await service.vault.applications.remove(application, { force: true });
  if (name === 'device') await service.vault.devices.remove(application, part);
  if (name === 'gateway') await service.vault.gateways.remove(application, part);
  if (name === 'grant') await service.vault.grants.remove(application, part);
  const planned = { ...state, ...change };
  const outcome = await terraform.process((server) =>
    server.applyResource({ ...stored[name], typeName, prior: state, planned, config: planned }),
  );
  expect(outcome.state).toEqual(state);
  expect(outcome.diagnostics).toMatchObject([
    { severity: 'error', detail: expect.stringMatching(new RegExp(`${String(state.id)} is not there any more`)) },
  ]);
});

test.each([
  ['app', 'created_at'],
  ['device', 'created_at'],
  ['device', 'hostname'],
  ['device', 'token_expires_at'],
  ['device', 'access_expires_at'],
  ['gateway', 'created_at'],
  ['gateway', 'hostname'],
  ['gateway', 'token_expires_at'],
] as const)('of %s, a refresh puts %s right that a state lacks', async (name, attribute) => {
  expect(stored[name].state[attribute]).not.toBeNull();
  const damaged = { ...stored[name], state: { ...stored[name].state, [attribute]: null } };
  expect((await terraform.refresh(damaged))?.state).toEqual(stored[name].state);
});

test.each([
  ['app', 'created_at'],
  ['device', 'created_at'],
  ['device', 'token_expires_at'],
  ['device', 'access_expires_at'],
  ['gateway', 'created_at'],
  ['gateway', 'token_expires_at'],
] as const)('of %s, a refresh puts %s right that a state has wrong', async (name, attribute) => {
  const wrong = { ...stored[name], state: { ...stored[name].state, [attribute]: '1999-01-01T00:00:00.000Z' } };
  expect((await terraform.refresh(wrong))?.state).toEqual(stored[name].state);
});

test('the UID of a gateway that has initialised is found by the next refresh', async () => {
  await service.redeem(String(stored.gateway.state.client_id));
  expect((await terraform.refresh(stored.gateway))?.state.gateway_uid).toMatch(/^[\w-]{22}$/);
});

test('what the vault does not tell stays as it is in the state', async () => {
  const silent = await through((snapshot) => ({
    ...snapshot,
    createdAt: null,
    gateways: (snapshot.gateways as object[]).map((gateway) => ({ ...gateway, tokenExpiresAt: null })),
  }));
  expect((await silent.refresh(stored.app))?.state).toEqual(stored.app.state);
  expect((await silent.refresh(stored.gateway))?.state).toEqual(stored.gateway.state);
});

test('an application whose state is older than force_destroy is destroyed as by default: not with its members', async () => {
  const { force_destroy: _, ...state } = stored.app.state;
  const old = await terraform.process((server) =>
    server.upgradeResource({ typeName: 'ksm_application', version: 0, state }),
  );
  expect(old.diagnostics).toEqual([]);
  for (const value of [old.state!, { ...state, force_destroy: null }]) {
    await expect(terraform.destroy({ ...stored.app, state: value })).rejects.toThrow(/application_not_empty/);
  }
  for (const name of ['device', 'gateway', 'grant'] as const) await terraform.destroy(stored[name]);
  await terraform.destroy({ ...stored.app, state: { ...state, force_destroy: null } });
  expect(await terraform.refresh(stored.app)).toBeUndefined();
});

test.each([
  ['device', 'application_id'],
  ['device', 'client_id'],
  ['device', 'id'],
  ['gateway', 'client_id'],
  ['grant', 'record_uid'],
  ['app', 'id'],
] as const)('a state of %s without %s is called damaged, with the cure', async (name, attribute) => {
  const damaged = { ...stored[name], state: { ...stored[name].state, [attribute]: null } };
  for (const work of [() => terraform.refresh(damaged), () => terraform.destroy(damaged)]) {
    await expect(work()).rejects.toThrow(new RegExp(`damaged.*"${attribute}".*state rm ${damaged.typeName}`, 's'));
  }
});

test('private data that no version wrote is called damaged, with the cure', async () => {
  for (const text of ['notjson', '[]', '{"own":5}', '{"own":{"vaultId":5}}', '{"own":{"generation":[]}}']) {
    const damaged = { ...stored.grant, private: new TextEncoder().encode(text) };
    await expect(terraform.refresh(damaged)).rejects.toThrow(/state is damaged.*state rm ksm_record_grant/s);
  }
});
