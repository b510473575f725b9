import type { ObjectValue } from '../../provider/framework';
import { objectToWire } from '../../provider/protocol/dynamic-value';
import { VAULT } from '../support/vault';
import { Conformance, type Kept, schemas, stateOf, type value, type wire } from './provider';

let provider: Conformance;
const kept: Record<string, Kept> = {};
const configs: Record<string, Parameters<typeof value>[1]> = {};

beforeAll(async () => {
  provider = await Conformance.start();
  const make = async (typeName: string, config: Parameters<typeof value>[1]) => {
    configs[typeName] = config;
    kept[typeName] = await provider.apply(typeName, config);
    return stateOf(typeName, kept[typeName].state);
  };
  const { id: application_id } = await make('ksm_application', { name: 'identity' });
  await make('ksm_shared_folder_grant', {
    application_id: application_id!,
    folder_uid: VAULT.deployment,
    editable: true,
  });
  await make('ksm_record_grant', { application_id: application_id!, record_uid: VAULT.registry });
  await make('ksm_client_device', { application_id: application_id!, name: 'device' });
  await make('ksm_gateway', { application_id: application_id!, name: 'gateway' });
}, 240_000);
afterAll(() => provider.close());

const NAMES: Record<string, string[]> = {
  ksm_application: ['id'],
  ksm_shared_folder_grant: ['application_id', 'folder_uid'],
  ksm_record_grant: ['application_id', 'record_uid'],
  ksm_client_device: ['application_id', 'client_id'],
  ksm_gateway: ['application_id', 'client_id', 'gateway_uid'],
};

test('each resource has the identity of the design', async () => {
  const { identitySchemas } = await provider.call<wire.GetResourceIdentitySchemas_Response>(
    'GetResourceIdentitySchemas',
    {},
  );
  const names = Object.entries(identitySchemas).map(([type, { identityAttributes }]) => [
    type,
    identityAttributes.map(({ name }) => name),
  ]);
  expect(Object.fromEntries(names)).toEqual(NAMES);
});

describe.each(Object.keys(NAMES))('%s', (typeName) => {
  test('has it from its creation on, in every read and plan in place', async () => {
    const { identity } = kept[typeName]!;
    expect(identity).toBeDefined();
    expect((await provider.read(typeName, kept[typeName]!)).newIdentity).toEqual(identity);
    expect((await provider.plan(typeName, configs[typeName]!, kept[typeName])).plannedIdentity).toEqual(identity);
  });

  test('is imported by it, and is the same thing then', async () => {
    const imported = await provider.import(typeName, { identity: kept[typeName]!.identity! });
    expect(stateOf(typeName, imported.state).id).toBe(stateOf(typeName, kept[typeName]!.state).id);
    expect(imported.identity).toEqual(kept[typeName]!.identity);
  });

  test('gets it from the state file, whatever an older version wrote beside it', async () => {
    const known = schemas.identities[typeName]!;
    const state = stateOf(typeName, kept[typeName]!.state);
    const own = Object.fromEntries(NAMES[typeName]!.map((name) => [name, state[name] ?? null])) as ObjectValue;
    const { upgradedIdentity, diagnostics } = await provider.call<wire.UpgradeResourceIdentity_Response>(
      'UpgradeResourceIdentity',
      {
        typeName,
        version: known.version,
        rawIdentity: { json: Buffer.from(JSON.stringify({ ...own, gone: 1 })), flatmap: {} },
      },
    );
    expect(diagnostics).toEqual([]);
    expect(upgradedIdentity?.identityData).toEqual(objectToWire(known, own));
  });
});

test('an identity that lacks a part is refused in a sentence that names it', async () => {
  const identityData = objectToWire(schemas.identities.ksm_client_device!, {
    application_id: VAULT.deployment,
    client_id: null,
  });
  const { diagnostics } = await provider.call<wire.ImportResourceState_Response>('ImportResourceState', {
    typeName: 'ksm_client_device',
    identity: { identityData },
  });
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]!.detail).toContain('client_id');
});
