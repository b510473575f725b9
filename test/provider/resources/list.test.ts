import type { ListEvent, ObjectValue, ProviderServer } from '../../../provider/framework';
import { type RealService, realService } from './real-service';
import { complete, type Stored, Terraform } from './terraform';

let service: RealService;
let terraform: Terraform;
const ids: Record<string, string[]> = {};
let first: string;

beforeAll(async () => {
  service = await realService();
  terraform = new Terraform({ endpoint: service.endpoint, token: await service.tokenOf('read') });
  const writer = new Terraform({ endpoint: service.endpoint, token: service.token });
  const made = async (typeName: string, config: ObjectValue) => {
    const { state } = await writer.apply(typeName, config);
    ids[typeName] = [...(ids[typeName] ?? []), String(state.id)];
    return String(state.id);
  };
  for (const name of ['one', 'two']) {
    const application_id = await made('ksm_application', { name });
    first ??= application_id;
    await made('ksm_shared_folder_grant', { application_id, folder_uid: service.uids.folder, editable: true });
    await made('ksm_record_grant', { application_id, record_uid: service.uids.loneRecord });
    await made('ksm_client_device', { application_id, name: 'device' });
    await made('ksm_gateway', { application_id, name: 'gateway' });
  }
});
afterAll(() => service.close());

async function listed(server: ProviderServer, typeName: string, own: ObjectValue = {}, limit = 0, includeState = true) {
  const config = complete(server.schemas.list[typeName]!, own);
  expect(await server.validate({ kind: 'list', typeName, config })).toEqual({ diagnostics: [] });
  const events: ListEvent[] = [];
  for await (const event of server.list({ typeName, config, includeState, limit })) events.push(event);
  return events;
}

const TYPES = [
  'ksm_application',
  'ksm_shared_folder_grant',
  'ksm_record_grant',
  'ksm_client_device',
  'ksm_gateway',
] as const;

test('each resource has a list resource', async () => {
  await terraform.process(async ({ schemas }) => {
    expect(Object.keys(schemas.list)).toEqual(Object.keys(schemas.managed));
  });
});

test.each(TYPES)(
  '%s: all of them are listed, with identity and name, and states where they are wanted',
  async (type) => {
    await terraform.process(async (server) => {
      const events = await listed(server, type);
      expect(events.map(({ state }) => state?.id).sort()).toEqual([...ids[type]!].sort());
      for (const { displayName, identity, diagnostics } of events) {
        expect(displayName).toMatch(type === 'ksm_application' ? /^(one|two)$/ : /^(one|two) \/ ./);
        expect(Object.keys(identity ?? {})).toEqual(Object.keys(server.schemas.identities[type]?.attributes ?? {}));
        expect(diagnostics).toEqual([]);
      }
      const bare = await listed(server, type, {}, 0, false);
      expect(bare.map(({ state, identity }) => [state, identity])).toEqual(
        events.map(({ identity }) => [null, identity]),
      );
    });
  },
);

test.each(TYPES.slice(1))('%s: those of one application alone are listed by its UID', async (type) => {
  await terraform.process(async (server) => {
    const events = await listed(server, type, { application_id: first });
    expect(events.map(({ state }) => state?.application_id)).toEqual([first]);
    const [missing] = await listed(server, type, { application_id: 'ZZZZZZZZZZZZZZZZZZZZZA' });
    expect(missing).toMatchObject({ identity: null, diagnostics: [{ severity: 'error', path: ['application_id'] }] });
  });
});

test('a limit that is reached asks for no more applications', async () => {
  await terraform.process(async (server) => {
    const asked = service.requests.length;
    expect(await listed(server, 'ksm_client_device', {}, 1)).toHaveLength(1);
    const looked = service.requests.slice(asked).filter((request) => request.includes('include='));
    expect(looked).toHaveLength(1);
  });
});

test.each(TYPES)(
  '%s: what is listed makes a configuration that validates, and plans nothing once imported',
  async (type) => {
    await terraform.process(async (server) => {
      for (const { state, identity } of await listed(server, type)) {
        const { config } = await server.generateConfig({ typeName: type, state: state! });
        const { attributes } = server.schemas.managed[type]!;
        for (const [name, { required, default: fallback }] of Object.entries(attributes)) {
          if (!required && fallback !== undefined && state![name] === fallback)
            expect([name, config[name]]).toEqual([name, null]);
        }
        const { resources } = await server.importResource({ typeName: type, id: String(state!.id), identity });
        const stored: Stored = resources[0]!;
        expect(stored.state).toEqual(state);
        const refreshed = await terraform.refreshIn(server, stored);
        expect(await terraform.planIn(server, type, config, refreshed)).toMatchObject({
          action: 'nothing',
          warnings: [],
        });
      }
    });
  },
);
