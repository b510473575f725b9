import type { IncomingMessage } from 'node:http';
import type { ProviderServer, StateOutcome } from '../../../provider/framework';
import { CANARY, client, fakeService } from '../../contract/client/fake-service';
import { alteredReplies } from './altered-replies';
import { losingReplies } from './losing-replies';
import { type RealService, realService } from './real-service';
import { type Stored, Terraform, TerraformError } from './terraform';

let service: RealService;
let terraform: Terraform;
let application: string;
/** Listeners of a test, closed also where it fails. */
const opened: { close(): Promise<void> }[] = [];
const open = <T extends { close(): Promise<void> }>(listener: T): T => {
  opened.push(listener);
  return listener;
};
beforeAll(async () => {
  service = await realService();
});
afterAll(() => service.close());
afterEach(() => Promise.all(opened.splice(0).map((listener) => listener.close())));
beforeEach(async () => {
  terraform = new Terraform({ endpoint: service.endpoint, token: service.token });
  application = (await service.vault.applications.create({ name: `app ${Math.random()}` })).id;
});

async function requestsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const before = service.requests.length;
  await work();
  return service.requests
    .slice(before)
    .map((line) => line.replaceAll(application, 'APP').replace(/runs\/[\w-]+/, 'runs/RUN'));
}

const SNAPSHOT = 'GET /v1/applications/APP?include=grants,devices,gateways';
const isDeviceCreation = ({ method, url }: IncomingMessage) => method === 'POST' && url!.endsWith('/devices');
const device = (name: string) => terraform.apply('ksm_client_device', { application_id: application, name });

/** Those that the service still tells of: what a settlement revokes is gone at once, its rows may go later. */
const live = () => client(service.endpoint, { token: service.token }).listDevices(application);

test('one snapshot answers a whole refresh of an application, which tells once what it found that no state was known to hold', async () => {
  const stored: Stored[] = [await terraform.import('ksm_application', application)];
  for (const name of ['a', 'b', 'c']) stored.push(await device(name));
  const refresh = () =>
    requestsDuring(() =>
      terraform.process((server) => Promise.all(stored.map((one) => terraform.refreshIn(server, one)))),
    );
  expect(await refresh()).toEqual(['GET /v1/info', SNAPSHOT, 'PUT /v1/runs/RUN']);
  // A run that made nothing settles nothing, and now there is nothing to tell either.
  expect(await refresh()).toEqual(['GET /v1/info', SNAPSHOT]);
});

test('an own write drops the snapshot', async () => {
  const [a, b] = [await device('a'), await device('b')];
  const asked = await requestsDuring(() =>
    terraform.process(async (server) => {
      await terraform.refreshIn(server, a);
      await server.applyResource({ ...a, prior: a.state, planned: null, config: null });
      expect((await server.readResource(a)).state).toBeNull();
      expect((await server.readResource(b)).state).toEqual(b.state);
    }),
  );
  expect(asked.filter((line) => line === SNAPSHOT)).toHaveLength(2);
});

test('what is made after the snapshot is found in the next', async () => {
  const a = await device('a');
  await terraform.process(async (server) => {
    await terraform.refreshIn(server, a);
    const config = { application_id: application, name: 'b' };
    const plan = await terraform.planIn(server, 'ksm_client_device', config, undefined);
    const b = await terraform.changeIn(server, 'ksm_client_device', null, plan.planned, plan.planned, new Uint8Array());
    expect(await terraform.refreshIn(server, b!)).toMatchObject({ state: { name: 'b' } });
  });
});

test('planning a creation asks nothing and settles nothing', async () => {
  const config = { application_id: application, name: 'new' };
  expect(await requestsDuring(() => terraform.plan('ksm_client_device', config))).toEqual([]);
});

test('a device that Terraform was given is kept by the settlement', async () => {
  const { state } = await device('kept');
  expect(await live()).toMatchObject([{ id: state.id }]);
});

test('a device whose creation got no reply is revoked by the settlement', async () => {
  const line = open(await losingReplies(service.endpoint, isDeviceCreation));
  const unlucky = new Terraform({ endpoint: line.endpoint, token: service.token, max_retries: 0 });
  let made = 0;
  await unlucky.process(async (server) => {
    const config = { application_id: application, name: 'lost' };
    const { planned } = await unlucky.planIn(server, 'ksm_client_device', config, undefined);
    const request = { typeName: 'ksm_client_device', prior: null, planned, config: planned };
    const { state, diagnostics } = await server.applyResource({ ...request, private: new Uint8Array(0) });
    expect({ state, severity: diagnostics[0]?.severity }).toEqual({ state: null, severity: 'error' });
    made = (await live()).length;
  });
  expect({ made, left: await live() }).toEqual({ made: 1, left: [] });
});

test('a creation that got no reply at first is made once, and kept', async () => {
  let lost = 0;
  const once = (request: IncomingMessage) => isDeviceCreation(request) && lost++ === 0;
  const line = open(await losingReplies(service.endpoint, once));
  const retrying = new Terraform({ endpoint: line.endpoint, token: service.token });
  const { state } = await retrying.apply('ksm_client_device', { application_id: application, name: 'retried' });
  expect(await service.vault.devices.list(application)).toMatchObject([{ id: state.id }]);
  expect(lost).toBe(2);
});

test('a call that is in flight at the end is waited for, told to Terraform, and kept', async () => {
  const line = open(
    await alteredReplies(service.endpoint, { delay: (request) => (isDeviceCreation(request) ? 500 : 0) }),
  );
  const slow = new Terraform({ endpoint: line.endpoint, token: service.token });
  const config = { application_id: application, name: 'in flight' };
  let answered: Promise<StateOutcome> | undefined;
  await slow.process(async (server) => {
    const { planned } = await slow.planIn(server, 'ksm_client_device', config, undefined);
    const request = { typeName: 'ksm_client_device', prior: null, planned, config: planned };
    answered = server.applyResource({ ...request, private: new Uint8Array(0) });
    await new Promise((resolve) => setTimeout(resolve, 100));
    server.stop();
  });
  const { state, diagnostics } = await answered!;
  expect(diagnostics).toEqual([]);
  expect(await live()).toMatchObject([{ id: state!.id }]);
});

test('what was settled and is in a state lives on, however much time passes', async () => {
  const stored = await device('kept for long');
  service.passMinutes(3);
  expect(await terraform.refresh(stored)).toMatchObject({ state: stored.state });
  service.passMinutes(60 * 24 * 30);
  expect((await terraform.refresh(stored))?.state).toEqual(stored.state);
});

test('after StopProvider no device is made', async () => {
  const { diagnostics } = await terraform.process(async (server) => {
    const config = { application_id: application, name: 'late' };
    const { planned } = await terraform.planIn(server, 'ksm_client_device', config, undefined);
    server.stop();
    const request = { typeName: 'ksm_client_device', prior: null, planned, config: planned };
    return server.applyResource({ ...request, private: new Uint8Array(0) });
  });
  expect(diagnostics).toMatchObject([{ severity: 'error', detail: expect.stringContaining('before it was created') }]);
  expect(await service.vault.devices.list(application)).toEqual([]);
});

test('a wrong API token is one clear error, and is not repeated', async () => {
  const wrong = new Terraform({ endpoint: service.endpoint, token: CANARY });
  const refused = wrong.import('ksm_application', application);
  await expect(refused).rejects.toThrow(/unauthenticated/);
  await expect(refused).rejects.not.toThrow(CANARY);
});

test('a service of another API version is refused with both versions', async () => {
  const info = { apiVersion: '2', version: '9.9.9', vault: { kind: 'embedded' }, features: [], deviceApi: null };
  const other = open(await fakeService((response) => response.end(JSON.stringify(info))));
  const refused = new Terraform({ endpoint: other.endpoint, token: CANARY }).import('ksm_application', application);
  await expect(refused).rejects.toThrow(/9\.9\.9.*API version 2.*speaks 1/);
});

test('a service without one-time tokens is refused by the name of the feature', async () => {
  const info = { apiVersion: '1', version: '9.9.9', vault: { kind: 'embedded' }, features: ['x'], deviceApi: null };
  const other = open(await fakeService((response) => response.end(JSON.stringify(info))));
  const refused = new Terraform({ endpoint: other.endpoint, token: CANARY }).import('ksm_application', application);
  await expect(refused).rejects.toThrow(/initialization\.token.*It offers: x/);
});

describe('with the service gone', () => {
  const unreachable = () => new Terraform({ endpoint: 'http://127.0.0.1:1', token: CANARY, max_retries: 0 });

  test('a refresh keeps the state and fails with an error that names the endpoint', async () => {
    const stored = await device('there');
    const outcome = await unreachable().process((server) => server.readResource(stored));
    expect(outcome.state).toEqual(stored.state);
    expect(outcome.diagnostics).toMatchObject([{ severity: 'error', detail: expect.stringContaining('127.0.0.1:1') }]);
  });

  test('a grant is planned all the same, with a warning that its UID was not checked', async () => {
    const plan = await unreachable().plan('ksm_record_grant', {
      application_id: application,
      record_uid: service.uids.loneRecord,
    });
    expect(plan).toMatchObject({ action: 'create', warnings: ['The UID was not checked'] });
  });

  test('a creation fails and leaves nothing', async () => {
    const config = { application_id: application, name: 'new' };
    await expect(unreachable().apply('ksm_client_device', config)).rejects.toThrow(TerraformError);
  });
});

test('no token, neither the API nor a one-time one, is in any log entry, diagnostic or path', async () => {
  const secrets: string[] = [service.token];
  const config = { application_id: application, name: 'secret' };
  const created = await terraform.apply('ksm_client_device', config);
  const gateway = await terraform.apply('ksm_gateway', config);
  secrets.push(String(created.state.one_time_token), String(gateway.state.one_time_token));
  const changed = await terraform.apply('ksm_client_device', { ...config, token_expires_in_minutes: 5 }, created);
  const app = await terraform.import('ksm_application', application);
  await expect(terraform.destroy(app)).rejects.toThrow('application_not_empty');
  await terraform.destroy(changed);
  await terraform.process(async (server: ProviderServer) => {
    const outcome = await server.applyResource({
      ...gateway,
      prior: null,
      planned: gateway.state,
      config: gateway.state,
    });
    terraform.diagnostics.push(...outcome.diagnostics);
    const broken = { ...gateway.state, client_id: 5 };
    terraform.diagnostics.push(...(await server.readResource({ ...gateway, state: broken })).diagnostics);
  });
  expect(terraform.diagnostics.length).toBeGreaterThan(0);
  expect(terraform.log.entries.length).toBeGreaterThan(0);
  const told = JSON.stringify([terraform.log.entries, terraform.diagnostics, service.requests]);
  for (const secret of secrets) expect(told).not.toContain(secret);
});
