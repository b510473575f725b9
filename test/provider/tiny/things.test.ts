import { UNKNOWN } from '../../../provider/framework';
import { objectFromWire, objectToWire, valueFromWire, valueToWire } from '../../../provider/protocol/dynamic-value';
import * as wire from '../../../provider/protocol/generated/tfplugin6';
import { Bench, type Codec, type PluginClient } from './launch';
import { PROVIDER, tinyServer } from './server';

/** One of every kind of thing that a provider can have, over gRPC, as no Terraform on this machine may call them all. */
const bench = new Bench();
const { schemas } = tinyServer();
const shelf = schemas.managed.ksm_shelf!;
const typeName = 'ksm_shelf';
let client: PluginClient;

beforeAll(async () => {
  const plugin = bench.start(bench.bundle('test/provider/tiny/main.ts', 'tiny.cjs'));
  client = await plugin.client(bench.clientCertificate);
});
afterAll(async () => {
  await client.shutDown();
  bench.close();
});
/** Configures the process anew: a provider that knows what it made. */
beforeEach(() => configure('remembers'));

const codecs = wire as unknown as Record<string, Codec<object>>;
const none = new Uint8Array();

async function call<R>(name: string, message: object): Promise<R> {
  const request = codecs[`${name}_Request`]!;
  const complete = { ...request.decode(none), ...message };
  return (await client.call(name, [request, codecs[`${name}_Response`]!], complete)) as R;
}

function configure(prefix: string | typeof UNKNOWN) {
  return call('ConfigureProvider', { terraformVersion: '1.14.0', config: objectToWire(PROVIDER, { prefix }) });
}

const deferral = { clientCapabilities: { deferralAllowed: true } };
const deferred = { reason: wire.Deferred_Reason.PROVIDER_CONFIG_UNKNOWN };

async function planned(config: object, prior?: wire.DynamicValue) {
  const complete = objectToWire(shelf, config as never);
  const request = { typeName, config: complete, proposedNewState: complete, priorState: prior };
  return call<wire.PlanResourceChange_Response>('PlanResourceChange', request);
}

async function made(config: object): Promise<wire.ApplyResourceChange_Response> {
  const { plannedState, plannedPrivate } = await planned(config);
  const request = { typeName, config: objectToWire(shelf, config as never), plannedState, plannedPrivate };
  return call('ApplyResourceChange', request);
}

const words = (diagnostics: wire.Diagnostic[]) => diagnostics.map(({ summary }) => summary);

describe('nested attributes', () => {
  test('are planned each by its own rule', async () => {
    const { plannedState } = await planned({
      room: 'study',
      lock: { kind: 'bolt', code: null, turns: null },
      boards: [{ height: 30, serial: null }],
      tags: [{ word: 'a' }],
      drawers: { top: { depth: null, full: null } },
    });
    expect(objectFromWire(shelf, plannedState, 'planned')).toMatchObject({
      lock: { kind: 'bolt', turns: 2 },
      boards: [{ height: 30, serial: UNKNOWN }],
      drawers: { top: { depth: 30, full: null } },
    });
  });

  test('keep what the provider gave them, and get more of it, in an update', async () => {
    const one = { room: 'study', boards: [{ height: 30, serial: null }] };
    const { newState } = await made(one);
    const boards = [...one.boards, { height: 60, serial: null }];
    const update = await planned({ ...one, boards }, newState);
    expect(objectFromWire(shelf, update.plannedState, 'planned')).toMatchObject({
      boards: [
        { height: 30, serial: 'shelf-1/0' },
        { height: 60, serial: UNKNOWN },
      ],
      // The resource's own plan: an update changes it.
      changes: UNKNOWN,
    });
    const unchanged = await planned(one, newState);
    expect(objectFromWire(shelf, unchanged.plannedState, 'planned')).toEqual(objectFromWire(shelf, newState, 'new'));
  });

  test('are checked within, several mistakes at once, each with its path', async () => {
    const config = objectToWire(shelf, {
      room: null,
      lock: { kind: null },
      boards: [{ height: 1 }, { height: null, serial: 'x' }],
      drawers: { secret: { depth: 1 } },
      old_name: 'x',
    });
    const { diagnostics } = await call<wire.ValidateResourceConfig_Response>('ValidateResourceConfig', {
      typeName,
      config,
    });
    const rows = diagnostics.map(({ summary, attribute }) => {
      const steps = attribute!.steps.map((step) => step.attributeName ?? step.elementKeyString ?? step.elementKeyInt);
      return `${steps.join('.')}: ${summary}`;
    });
    expect(rows).toEqual([
      'room: Missing value for required argument',
      'lock.kind: Missing value for required argument',
      'boards.1.height: Missing value for required argument',
      'boards.1.serial: Value for a read-only attribute',
      'old_name: "old_name" is deprecated',
      'lock: Two locks',
    ]);
  });
});

test('a state of an older version is brought up to date, and gets the defaults that it lacks', async () => {
  const stored = { id: 'shelf-9', place: 'attic', changes: 0, drawers: { top: { full: true }, low: { depth: null } } };
  const rawState = { json: Buffer.from(JSON.stringify(stored)), flatmap: {} };
  const { upgradedState } = await call<wire.UpgradeResourceState_Response>('UpgradeResourceState', {
    typeName,
    version: 0,
    rawState,
  });
  expect(objectFromWire(shelf, upgradedState, 'state')).toMatchObject({
    room: 'attic',
    drawers: { top: { depth: 30, full: true }, low: { depth: null, full: null } },
  });
});

describe('an identity', () => {
  const identity = (id: string) => ({ identityData: objectToWire(schemas.identities.ksm_shelf!, { id }) });

  test('comes with what is made, read, planned in place and imported, and imports it', async () => {
    const { newState, newIdentity } = await made({ room: 'study' });
    expect(newIdentity).toEqual(identity('shelf-1'));
    const read = await call<wire.ReadResource_Response>('ReadResource', { typeName, currentState: newState });
    expect(read.newIdentity).toEqual(identity('shelf-1'));
    expect((await planned({ room: 'study' }, newState)).plannedIdentity).toEqual(identity('shelf-1'));
    expect((await planned({ room: 'hall' }, newState)).plannedIdentity).toBeUndefined();
    const { importedResources } = await call<wire.ImportResourceState_Response>('ImportResourceState', {
      typeName,
      identity: identity('shelf-7'),
    });
    expect(importedResources).toMatchObject([{ identity: identity('shelf-7') }]);
  });

  test('is read from the state file', async () => {
    const rawIdentity = { json: Buffer.from('{"id":"shelf-7","gone":1}'), flatmap: {} };
    const upgraded = await call<wire.UpgradeResourceIdentity_Response>('UpgradeResourceIdentity', {
      typeName,
      rawIdentity,
    });
    expect(upgraded.upgradedIdentity).toEqual(identity('shelf-7'));
  });
});

test('a resource of another type is moved here, where this type takes it over', async () => {
  const request = {
    targetTypeName: typeName,
    sourceProviderAddress: 'terraform.io/builtin/terraform',
    sourceTypeName: 'terraform_data',
    sourceState: { json: Buffer.from('{"id":"d1"}'), flatmap: {} },
  };
  const moved = await call<wire.MoveResourceState_Response>('MoveResourceState', request);
  expect(objectFromWire(shelf, moved.targetState, 'state')).toMatchObject({ id: 'd1', room: 'moved' });
  expect(Buffer.from(moved.targetPrivate).toString()).toBe('{"imported":{"by":""}}');
  const other = await call<wire.MoveResourceState_Response>('MoveResourceState', {
    ...request,
    sourceTypeName: 'null_resource',
  });
  expect(words(other.diagnostics)).toEqual(['Cannot move between resource types']);
});

test('a configuration is made of a state, without what is computed or says no more than its default', async () => {
  const { newState } = await made({
    room: 'study',
    lock: { kind: 'bolt', code: 'x', turns: 2 },
    boards: [{ height: 30 }],
    drawers: { top: { depth: 40 } },
  });
  const reply = await call<wire.GenerateResourceConfig_Response>('GenerateResourceConfig', {
    typeName,
    state: newState,
  });
  const generated = objectFromWire(shelf, reply.config, 'config')!;
  expect(generated).toMatchObject({
    id: null,
    room: 'study',
    lock: { kind: 'bolt', code: 'x', turns: null },
    boards: [{ height: 30, serial: null }],
    drawers: { top: { depth: 40, full: null } },
    changes: null,
  });
  const { plannedState } = await planned(generated, newState);
  expect(objectFromWire(shelf, plannedState, 'planned')).toEqual(objectFromWire(shelf, newState, 'new'));
});

describe('a write-only attribute', () => {
  const safe = schemas.managed.ksm_safe!;
  const type = { typeName: 'ksm_safe' };
  const config = objectToWire(safe, { combination: 'canary' });

  test('is refused where the client would store it', async () => {
    const validate = async (clientCapabilities?: object) =>
      words(
        (
          await call<wire.ValidateResourceConfig_Response>('ValidateResourceConfig', {
            ...type,
            config,
            clientCapabilities,
          })
        ).diagnostics,
      );
    expect(await validate()).toEqual(['Write-only attributes are not supported']);
    expect(await validate({ writeOnlyAttributesAllowed: true })).toEqual([]);
  });

  test('is in no plan and no state, whatever the resource returns', async () => {
    const plan = await call<wire.PlanResourceChange_Response>('PlanResourceChange', {
      ...type,
      config,
      proposedNewState: config,
    });
    expect(objectFromWire(safe, plan.plannedState, 'planned')).toMatchObject({ combination: null, length: UNKNOWN });
    const applied = await call<wire.ApplyResourceChange_Response>('ApplyResourceChange', {
      ...type,
      config,
      plannedState: plan.plannedState,
    });
    expect(objectFromWire(safe, applied.newState, 'new')).toMatchObject({ combination: null, length: 6 });
  });
});

describe('a data source', () => {
  const weather = schemas.data.ksm_weather!;
  const request = { typeName: 'ksm_weather', config: objectToWire(weather, { city: 'Bonn' }) };

  test('is read', async () => {
    expect(await call('ValidateDataResourceConfig', request)).toEqual({ diagnostics: [] });
    const { state } = await call<wire.ReadDataSource_Response>('ReadDataSource', request);
    expect(objectFromWire(weather, state, 'state')).toEqual({
      city: 'Bonn',
      hours: [
        { at: 6, sky: 'blue over Bonn' },
        { at: 12, sky: 'blue over Bonn' },
      ],
    });
  });

  test('of a provider whose configuration is unknown is put off where the client can, and else says what to apply', async () => {
    await configure(UNKNOWN);
    const off = await call<wire.ReadDataSource_Response>('ReadDataSource', { ...request, ...deferral });
    expect(off).toMatchObject({ deferred, diagnostics: [] });
    expect(objectFromWire(weather, off.state, 'state')).toEqual({ city: 'Bonn', hours: UNKNOWN });
    const { diagnostics } = await call<wire.ReadDataSource_Response>('ReadDataSource', request);
    expect(diagnostics).toMatchObject([{ detail: expect.stringContaining('-target') }]);
  });
});

describe('an ephemeral resource', () => {
  const visit = schemas.ephemeral.ksm_visit!;
  const type = { typeName: 'ksm_visit' };
  const config = objectToWire(visit, { guest: 'Ada' });

  test('is opened, renewed and closed, with what it keeps to itself', async () => {
    expect(await call('ValidateEphemeralResourceConfig', { ...type, config })).toEqual({ diagnostics: [] });
    const opened = await call<wire.OpenEphemeralResource_Response>('OpenEphemeralResource', { ...type, config });
    expect(objectFromWire(visit, opened.result, 'result')).toEqual({ guest: 'Ada', pass: 'pass of Ada' });
    expect(opened.renewAt!.getTime()).toBeGreaterThan(Date.now() - 60_000);
    const renewed = await call<wire.RenewEphemeralResource_Response>('RenewEphemeralResource', {
      ...type,
      private: opened.private,
    });
    expect(JSON.parse(Buffer.from(renewed.private!).toString())).toEqual({ own: { guest: 'Ada', renewed: 1 } });
    const end = { ...type, private: renewed.private };
    expect(await call('CloseEphemeralResource', end)).toEqual({ diagnostics: [] });
  });

  test('is not opened after an interrupt, and closed all the same', async () => {
    const opened = await call<wire.OpenEphemeralResource_Response>('OpenEphemeralResource', { ...type, config });
    await call('StopProvider', {});
    const late = await call<wire.OpenEphemeralResource_Response>('OpenEphemeralResource', { ...type, config });
    expect(words(late.diagnostics)).toEqual(['The visit was not opened']);
    const end = { ...type, private: opened.private };
    expect(await call('CloseEphemeralResource', end)).toEqual({ diagnostics: [] });
  });
});

describe('a function', () => {
  const text = (value: string | null) => valueToWire('string', value);
  const shout = (...given: (string | null)[]) =>
    call<wire.CallFunction_Response>('CallFunction', { name: 'shout', arguments: given.map(text) });

  test('is called with its arguments, also with further ones', async () => {
    const { result } = await shout('ha', null, 'ho');
    const type = schemas.functions.shout!.returns;
    expect(valueFromWire(type, result, 'result')).toEqual({ loud: 'HA … HO', length: 7 });
  });

  test('says which argument it cannot use', async () => {
    expect((await shout('')).error).toEqual({ text: 'There is nothing to shout.', functionArgument: 0 });
    expect((await shout(null)).error).toMatchObject({ functionArgument: 0 });
    expect((await shout()).error!.text).toContain('takes 1 arguments');
    // A map with a key that no object of ours can hold: {"__proto__": 1}.
    const unusable = { msgpack: Buffer.from('\x81\xa9__proto__\x01', 'latin1'), json: Buffer.of() };
    const { error } = await call<wire.CallFunction_Response>('CallFunction', { name: 'shout', arguments: [unusable] });
    expect(error).toMatchObject({ text: expect.stringContaining('Use another key'), functionArgument: 0 });
  });
});

describe('a list', () => {
  const request = (own: Partial<wire.ListResource_Request> = {}): wire.ListResource_Request => ({
    typeName,
    config: objectToWire(schemas.list.ksm_shelf!, { room: null }),
    includeResourceObject: false,
    limit: 0,
    ...own,
  });
  const list = (own?: Partial<wire.ListResource_Request>, enough?: number) =>
    client.stream('ListResource', [wire.ListResource_Request, wire.ListResource_Event], request(own), enough);

  beforeEach(async () => {
    for (const room of ['study', 'hall', 'study']) await made({ room });
  });

  test('comes one by one, with names and identities, and states if they are wanted', async () => {
    const found = await list();
    expect(found.map(({ displayName }) => displayName)).toEqual(['shelf shelf-1', 'shelf shelf-2', 'shelf shelf-3']);
    expect(found[0]!.identity).toBeDefined();
    expect(found[0]!.resourceObject).toBeUndefined();
    const [first] = await list({ includeResourceObject: true });
    expect(objectFromWire(shelf, first!.resourceObject, 'object')).toMatchObject({ id: 'shelf-1', room: 'study' });
  });

  test('is narrowed by its configuration and by the limit', async () => {
    const config = objectToWire(schemas.list.ksm_shelf!, { room: 'study' });
    expect(await list({ config })).toHaveLength(2);
    expect(await list({ limit: 1 })).toHaveLength(1);
    const invalid = { typeName, config: objectToWire(schemas.list.ksm_shelf!, { room: '' }) };
    const { diagnostics } = await call<wire.ValidateListResourceConfig_Response>('ValidateListResourceConfig', invalid);
    expect(words(diagnostics)).toEqual(['No room']);
  });

  test('ends when the client has enough, and the process goes on', async () => {
    expect(await list({}, 1)).not.toHaveLength(0);
    expect(await list()).toHaveLength(3);
  });

  test('of what the provider has not is an event that says so', async () => {
    const [event] = await list({ typeName: 'ksm_note' });
    expect(words(event!.diagnostic)).toEqual(['Unknown list resource']);
  });
});

test('reads, plans and imports are put off with an unknown configuration where the client can', async () => {
  const { newState } = await made({ room: 'study' });
  await configure(UNKNOWN);
  const read = await call<wire.ReadResource_Response>('ReadResource', {
    typeName,
    currentState: newState,
    ...deferral,
  });
  expect(read).toMatchObject({ deferred, newState, diagnostics: [] });
  const config = objectToWire(shelf, { room: 'hall' });
  const plan = { typeName, config, proposedNewState: config, ...deferral };
  expect(await call('PlanResourceChange', plan)).toMatchObject({ deferred, diagnostics: [] });
  expect(await call('ImportResourceState', { typeName, id: 'x', ...deferral })).toMatchObject({ deferred });
});
