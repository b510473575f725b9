import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusal } from '../../../provider/framework/diagnostic';
import type { ProviderServer } from '../../../provider/framework/server';
import { type ObjectValue, UNKNOWN } from '../../../provider/framework/value';
import { providerMethods } from '../../../provider/protocol';
import { objectFromWire, objectToWire } from '../../../provider/protocol/dynamic-value';
import * as wire from '../../../provider/protocol/generated/tfplugin6';
import type { Codec } from '../tiny/launch';
import { NOTE, PROVIDER, tinyServer } from '../tiny/server';

const NONE = new Uint8Array();
const NULLS: ObjectValue = Object.fromEntries(Object.keys(NOTE.attributes).map((name) => [name, null]));
const note = (own: ObjectValue) => objectToWire(NOTE, own);
const typeName = 'ksm_note';

/** The messages of a call by its name; the generated code exports them as `Name_Request` and `Name_Response`. */
async function call<R>(name: string, request: object = {}, server: ProviderServer = tinyServer()): Promise<R> {
  const codecs = wire as unknown as Record<string, Codec<object>>;
  const empty = codecs[`${name}_Request`]!.decode(NONE);
  const bytes = codecs[`${name}_Request`]!.encode({ ...empty, ...request }).finish();
  return codecs[`${name}_Response`]!.decode(
    await providerMethods(server).get(`/tfplugin6.Provider/${name}`)!(bytes),
  ) as R;
}

const RPCS = [
  ...readFileSync(join(__dirname, '../../../provider/protocol/tfplugin6.proto'), 'utf8').matchAll(/^ {2}rpc (\w+)\(/gm),
].map((match) => match[1]!);

test('every call of the interface description is served, and no other', () => {
  expect([...providerMethods(tinyServer()).keys()].sort()).toEqual(
    RPCS.map((name) => `/tfplugin6.Provider/${name}`).sort(),
  );
  expect(RPCS).toHaveLength(22);
});

describe('what the provider has', () => {
  test('is told with the schema, which Terraform may keep for the whole command', async () => {
    const reply = await call<wire.GetProviderSchema_Response>('GetProviderSchema');
    expect(Object.keys(reply.resourceSchemas)).toEqual(['ksm_note']);
    expect(reply.provider?.block?.attributes.map(({ name }) => name)).toEqual(['prefix']);
    expect(reply.serverCapabilities).toEqual({
      planDestroy: false,
      getProviderSchemaOptional: true,
      moveResourceState: false,
    });
  });

  test('is told without the schema', async () => {
    const reply = await call<wire.GetMetadata_Response>('GetMetadata');
    expect(reply.resources).toEqual([{ typeName: 'ksm_note' }]);
  });

  test.each(['GetResourceIdentitySchemas', 'GetFunctions'])('%s has nothing to tell', async (name) => {
    expect(await call(name)).toEqual({ diagnostics: [] });
  });
});

describe('the provider block', () => {
  const config = objectToWire(PROVIDER, { prefix: 'p-' });

  test('is validated and configured', async () => {
    const said: string[] = [];
    const server = tinyServer(said);
    await call('ValidateProviderConfig', { config }, server);
    await call('ConfigureProvider', { config, terraformVersion: '1.11.4' }, server);
    expect(said).toEqual(['configure 1.11.4 p-']);
  });

  test('StopProvider stops', async () => {
    const said: string[] = [];
    expect(await call('StopProvider', {}, tinyServer(said))).toEqual({ Error: '' });
    expect(said).toEqual(['stop']);
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
      config: proposedNewState,
      priorPrivate: Buffer.from('p'),
    };
    const update = await call<wire.PlanResourceChange_Response>('PlanResourceChange', request);
    expect(update.requiresReplace).toEqual([{ steps: [expect.objectContaining({ attributeName: 'size' })] }]);
    expect(Buffer.from(update.plannedPrivate).toString()).toBe('p');

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
    expect(Buffer.from(read.private).toString()).toBe('{"kept":true}');
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
      ...tinyServer(),
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
    'UpgradeResourceIdentity',
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
  const known = wire.ReadResource_Request.encode({ typeName, currentState: note(NULLS), private: NONE }).finish();
  // Field 5, client_capabilities, as newer Terraforms send it; and field 100, from the future.
  const unknown = Buffer.from([0x2a, 0x02, 0x08, 0x01, 0xa2, 0x06, 0x01, 0x78]);
  const bytes = await providerMethods(tinyServer()).get('/tfplugin6.Provider/ReadResource')!(
    Buffer.concat([known, unknown]),
  );
  expect(wire.ReadResource_Response.decode(bytes).diagnostics).toEqual([]);
});
