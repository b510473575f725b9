import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusal } from '../../../provider/framework/diagnostic';
import type { ProviderServer } from '../../../provider/framework/server';
import { type ObjectValue, UNKNOWN } from '../../../provider/framework/value';
import { providerMethods } from '../../../provider/protocol';
import { objectFromWire, objectToWire } from '../../../provider/protocol/dynamic-value';
import * as wire from '../../../provider/protocol/generated/tfplugin6';
import { type ProtocolTable, protoOf } from '../../../scripts/generate/proto';
import type { Codec } from '../tiny/launch';
import { NOTE, PROVIDER, SILENT, tinyServer } from '../tiny/server';

const NONE = new Uint8Array();
const NULLS: ObjectValue = Object.fromEntries(Object.keys(NOTE.attributes).map((name) => [name, null]));
const note = (own: ObjectValue) => objectToWire(NOTE, own);
const typeName = 'ksm_note';

/** The tiny provider, configured. */
async function ready(said: string[] = [], prefix: ObjectValue[string] = null): Promise<ProviderServer> {
  const server = tinyServer((words) => said.push(words));
  await server.configure({ terraformVersion: '1.11.4', config: { prefix } });
  return server;
}

const never = { signal: new AbortController().signal };

/** The bytes that answer a call; the messages of a stream one after the other. */
async function answer(name: string, request: Uint8Array, server: ProviderServer): Promise<Uint8Array[]> {
  const reply = providerMethods(server, SILENT).get(`/tfplugin6.Provider/${name}`)!(request, never);
  if (!(Symbol.asyncIterator in reply)) return [await reply];
  const messages: Uint8Array[] = [];
  for await (const message of reply) messages.push(message);
  return messages;
}

const codecs = wire as unknown as Record<string, Codec<object>>;

function encoded(name: string, request: object): Uint8Array {
  const codec = codecs[`${name}_Request`]!;
  return codec.encode({ ...codec.decode(NONE), ...request }).finish();
}

/** The messages of a call by its name; the generated code exports them as `Name_Request` and `Name_Response`. */
async function call<R>(name: string, request: object = {}, server?: ProviderServer): Promise<R> {
  const [bytes] = await answer(name, encoded(name, request), server ?? (await ready()));
  return codecs[`${name}_Response`]!.decode(bytes!) as R;
}

const protocol = join(__dirname, '../../../provider/protocol');
const TABLE: ProtocolTable = JSON.parse(readFileSync(join(protocol, 'tfplugin6-6.11.json'), 'utf8'));

test('the interface description says what the table of the protocol says', () => {
  expect(readFileSync(join(protocol, 'tfplugin6.proto'), 'utf8')).toBe(protoOf(TABLE));
});

test('every call of the protocol is served but those of actions and of state stores, which nothing announces', () => {
  const paths = [...providerMethods(tinyServer(), SILENT).keys()].map((path) =>
    path.replace('/tfplugin6.Provider/', ''),
  );
  const left = Object.keys(TABLE.services.Provider!).filter((name) => !paths.includes(name));
  expect(left.sort()).toEqual([
    'ConfigureStateStore',
    'DeleteState',
    'GetStates',
    'InvokeAction',
    'LockState',
    'PlanAction',
    'ReadStateBytes',
    'UnlockState',
    'ValidateActionConfig',
    'ValidateStateStoreConfig',
    'WriteStateBytes',
  ]);
  expect(paths.filter((name) => !(name in TABLE.services.Provider!))).toEqual([]);
});

describe('what the provider has', () => {
  test('is told with the schema, which Terraform may keep for the whole command', async () => {
    const reply = await call<wire.GetProviderSchema_Response>('GetProviderSchema');
    expect(Object.keys(reply.resourceSchemas)).toEqual(['ksm_note', 'ksm_shelf', 'ksm_safe']);
    expect(Object.keys(reply.dataSourceSchemas)).toEqual(['ksm_weather']);
    expect(Object.keys(reply.ephemeralResourceSchemas)).toEqual(['ksm_visit']);
    expect(Object.keys(reply.listResourceSchemas)).toEqual(['ksm_shelf']);
    expect(reply).toMatchObject({ actionSchemas: {}, stateStoreSchemas: {}, providerMeta: undefined });
    expect(reply.provider?.block?.attributes.map(({ name }) => name)).toEqual(['prefix']);
    expect(reply.serverCapabilities).toEqual({
      planDestroy: false,
      getProviderSchemaOptional: true,
      moveResourceState: true,
      generateResourceConfig: true,
    });
  });

  test('is told without the schema', async () => {
    expect(await call<wire.GetMetadata_Response>('GetMetadata')).toMatchObject({
      resources: [{ typeName: 'ksm_note' }, { typeName: 'ksm_shelf' }, { typeName: 'ksm_safe' }],
      dataSources: [{ typeName: 'ksm_weather' }],
      ephemeralResources: [{ typeName: 'ksm_visit' }],
      listResources: [{ typeName: 'ksm_shelf' }],
      functions: [{ name: 'shout' }],
      actions: [],
      stateStores: [],
    });
  });

  test('is told of functions and identities by themselves', async () => {
    const { functions } = await call<wire.GetFunctions_Response>('GetFunctions');
    expect(functions.shout).toMatchObject({
      parameters: [{ name: 'text', type: Buffer.from('"string"'), allowNullValue: false }],
      variadicParameter: { name: 'more', allowNullValue: true },
      return: { type: Buffer.from('["object",{"loud":"string","length":"number"}]') },
    });
    const { identitySchemas } = await call<wire.GetResourceIdentitySchemas_Response>('GetResourceIdentitySchemas');
    expect(Object.keys(identitySchemas)).toEqual(['ksm_shelf']);
    expect(identitySchemas.ksm_shelf!.identityAttributes).toMatchObject([{ name: 'id', requiredForImport: true }]);
  });
});

describe('the provider block', () => {
  const config = objectToWire(PROVIDER, { prefix: 'p-' });

  test('is validated and configured', async () => {
    const said: string[] = [];
    const server = tinyServer((words) => said.push(words));
    await call('ValidateProviderConfig', { config }, server);
    await call('ConfigureProvider', { config, terraformVersion: '1.11.4' }, server);
    expect(said).toEqual(['configure 1.11.4 p-']);
  });

  test('StopProvider stops', async () => {
    const server = await ready();
    expect(await call('StopProvider', {}, server)).toEqual({ Error: '' });
    const plannedState = note({ ...NULLS, id: UNKNOWN, text: 'a' });
    const request = { typeName, plannedState };
    const { diagnostics } = await call<wire.ApplyResourceChange_Response>('ApplyResourceChange', request, server);
    expect(diagnostics).toMatchObject([{ summary: 'The note was not created' }]);
  });
});

describe('a resource', () => {
  test('is planned with what is unknown, and with what replaces it', async () => {
    const priorState = note({ ...NULLS, id: 'note-1', text: 'a', size: 1 });
    const proposedNewState = note({ ...NULLS, id: 'note-1', text: 'a', size: 2 });
    const request = {
      typeName,
      priorState,
      proposedNewState,
      config: note({ ...NULLS, text: 'a', size: 2 }),
      priorPrivate: Buffer.from('{"own":{"kept":true}}'),
    };
    const update = await call<wire.PlanResourceChange_Response>('PlanResourceChange', request);
    expect(update.requiresReplace).toEqual([{ steps: [expect.objectContaining({ attributeName: 'size' })] }]);
    expect(Buffer.from(update.plannedPrivate).toString()).toBe('{"own":{"kept":true}}');

    const create = await call<wire.PlanResourceChange_Response>('PlanResourceChange', {
      ...request,
      priorState: note(null as never),
    });
    expect(objectFromWire(NOTE, create.plannedState, 'planned')).toEqual({ ...NULLS, id: UNKNOWN, text: 'a', size: 2 });
  });

  test('is applied, and keeps its private state until it is read', async () => {
    const plannedState = note({ ...NULLS, id: UNKNOWN, text: 'a', labels: { 'a.b': 'c' } });
    const applied = await call<wire.ApplyResourceChange_Response>('ApplyResourceChange', { typeName, plannedState });
    const state = { ...NULLS, id: 'note-1', text: 'a', labels: { 'a.b': 'c' } };
    expect(objectFromWire(NOTE, applied.newState, 'new')).toEqual(state);
    const read = await call<wire.ReadResource_Response>('ReadResource', {
      typeName,
      currentState: applied.newState,
      private: applied.private,
    });
    expect(objectFromWire(NOTE, read.newState, 'new')).toEqual(state);
    expect(Buffer.from(read.private).toString()).toBe('{"own":{"kept":true}}');
  });

  test('is deleted as null', async () => {
    const priorState = note({ ...NULLS, id: 'note-1' });
    const reply = await call<wire.ApplyResourceChange_Response>('ApplyResourceChange', { typeName, priorState });
    expect(objectFromWire(NOTE, reply.newState, 'new')).toBeNull();
  });

  test('is imported by its id', async () => {
    const reply = await call<wire.ImportResourceState_Response>('ImportResourceState', { typeName, id: 'note-7' });
    expect(reply.importedResources).toHaveLength(1);
    expect(objectFromWire(NOTE, reply.importedResources[0]!.state, 'state')).toMatchObject({ id: 'note-7' });
  });

  test('is upgraded from the JSON of the state file', async () => {
    const rawState = { json: Buffer.from(JSON.stringify({ ...NULLS, id: 'note-1', size: 3 })), flatmap: {} };
    const reply = await call<wire.UpgradeResourceState_Response>('UpgradeResourceState', { typeName, rawState });
    expect(objectFromWire(NOTE, reply.upgradedState, 'state')).toEqual({ ...NULLS, id: 'note-1', size: 3 });
  });

  test('of Terraform 0.11, in a flat map, is refused with the cure', async () => {
    const rawState = { json: NONE, flatmap: { id: 'note-1' } };
    const reply = await call<wire.UpgradeResourceState_Response>('UpgradeResourceState', { typeName, rawState });
    expect(reply.diagnostics[0]).toMatchObject({ severity: 1, detail: expect.stringContaining('backup') });
  });

  test('that refuses says what at which attribute', async () => {
    const config = note({ ...NULLS, text: 'refuse' });
    const reply = await call<wire.ValidateResourceConfig_Response>('ValidateResourceConfig', { typeName, config });
    expect(reply.diagnostics).toHaveLength(1);
    expect(reply.diagnostics[0]).toMatchObject({ severity: 1, summary: 'Refused', detail: 'The text is "refuse".' });
    expect(reply.diagnostics[0]!.attribute!.steps).toHaveLength(3);
  });

  test('that the provider refuses in mid-call answers with nothing but the refusal', async () => {
    const server: ProviderServer = {
      ...(await ready()),
      readResource: async () => {
        throw refusal('Not now', 'Try again.');
      },
    };
    const request = { typeName, currentState: note(NULLS), private: Buffer.from('p') };
    const reply = await call<wire.ReadResource_Response>('ReadResource', request, server);
    expect(reply).toMatchObject({ private: Buffer.of(), diagnostics: [{ summary: 'Not now' }] });
    expect(reply.newState).toBeUndefined();
  });
});

describe('what the provider does not have', () => {
  test.each([
    'ValidateResourceConfig',
    'UpgradeResourceState',
    'ReadResource',
    'PlanResourceChange',
    'ApplyResourceChange',
    'ImportResourceState',
    'ValidateDataResourceConfig',
    'ReadDataSource',
    'ValidateEphemeralResourceConfig',
    'OpenEphemeralResource',
    'RenewEphemeralResource',
    'CloseEphemeralResource',
    'ValidateListResourceConfig',
    'UpgradeResourceIdentity',
    'GenerateResourceConfig',
  ])('%s says so, and names the type', async (name) => {
    for (const own of ['ksm_nothing', 'constructor']) {
      const reply = await call<{ diagnostics: wire.Diagnostic[] }>(name, { typeName: own });
      expect(reply.diagnostics).toHaveLength(1);
      expect(reply.diagnostics[0]).toMatchObject({ severity: 1, detail: expect.stringContaining(`"${own}"`) });
    }
  });

  test('a moved resource is told what to do instead', async () => {
    const request = { sourceTypeName: 'other_note', targetTypeName: typeName };
    const reply = await call<wire.MoveResourceState_Response>('MoveResourceState', request);
    expect(reply.diagnostics[0]!.detail).toContain('"other_note"');
  });

  test('a function is an error of the function', async () => {
    const reply = await call<wire.CallFunction_Response>('CallFunction', { name: 'shout' });
    expect(reply.error!.text).toContain('"shout"');
  });
});

test('fields that this version does not know are skipped', async () => {
  const known = encoded('ReadResource', { typeName, currentState: note(NULLS) });
  // Field 100, from the future.
  const unknown = Buffer.from([0xa2, 0x06, 0x01, 0x78]);
  const [bytes] = await answer('ReadResource', Buffer.concat([known, unknown]), await ready());
  expect(wire.ReadResource_Response.decode(bytes!).newState).toBeDefined();
});
