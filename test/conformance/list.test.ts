import { objectFromWire, objectToWire } from '../../provider/protocol/dynamic-value';
import { VAULT } from '../support/vault';
import { Conformance, schemas, stateOf, type wire } from './provider';

let provider: Conformance;
const applications: string[] = [];
beforeAll(async () => {
  provider = await Conformance.start();
  const client = provider.service.client();
  for (const name of ['one', 'two']) {
    const { id } = await client.createApplication({ name });
    applications.push(id);
    await client.putGrant(id, VAULT.deployment, {});
    await client.putGrant(id, VAULT.registry, {});
    await client.createDevice(id, { name: `device of ${name}` });
    await client.createGateway(id, { name: `gateway of ${name}` });
  }
}, 240_000);
afterAll(() => provider.close());

const config = (typeName: string, application_id: string | null = null) => {
  const schema = schemas.list[typeName]!;
  return objectToWire(schema, 'application_id' in schema.attributes ? { application_id } : {});
};

test.each([
  ['ksm_application', ['one', 'two']],
  ['ksm_shared_folder_grant', ['Deployment', 'Deployment']],
  ['ksm_record_grant', ['registry', 'registry']],
  ['ksm_client_device', ['device of one', 'device of two']],
  ['ksm_gateway', ['gateway of one', 'gateway of two']],
])(
  '%s is listed over all applications, with names, identities, and states that an import would give',
  async (typeName, names) => {
    const events = await provider.list({ typeName, config: config(typeName), includeResourceObject: true });
    for (const [index, name] of names.entries())
      expect(events.map(({ displayName }) => displayName).sort()[index]).toContain(name);
    expect(events).toHaveLength(names.length);
    for (const { identity, resourceObject, diagnostic } of events) {
      expect(diagnostic).toEqual([]);
      const listed = objectFromWire(schemas.managed[typeName]!, resourceObject, 'object')!;
      const imported = await provider.import(typeName, { identity: identity! });
      expect(listed).toEqual(stateOf(typeName, imported.state));
    }
  },
);

test('members are narrowed to one application, and by the limit', async () => {
  for (const typeName of ['ksm_client_device', 'ksm_gateway', 'ksm_record_grant', 'ksm_shared_folder_grant']) {
    const [only, ...others] = await provider.list({ typeName, config: config(typeName, applications[0]!) });
    expect({ typeName, others: others.length, object: only?.resourceObject }).toEqual({
      typeName,
      others: 0,
      object: undefined,
    });
    expect(await provider.list({ typeName, config: config(typeName), limit: 1 })).toHaveLength(1);
  }
});

test('an application that is no UID is refused before anything is asked', async () => {
  const { diagnostics } = await provider.call<wire.ValidateListResourceConfig_Response>('ValidateListResourceConfig', {
    typeName: 'ksm_gateway',
    config: config('ksm_gateway', 'nope'),
  });
  expect(diagnostics).toHaveLength(1);
});
