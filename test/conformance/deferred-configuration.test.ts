import { objectToWire } from '../../provider/protocol/dynamic-value';
import { Conformance, good, type Kept, said, schemas, stateOf, UNKNOWN, wire } from './provider';

let provider: Conformance;
let kept: Kept;
const typeName = 'ksm_application';
const deferral = { clientCapabilities: { deferralAllowed: true } };
const deferred = { reason: wire.Deferred_Reason.PROVIDER_CONFIG_UNKNOWN };

beforeAll(async () => {
  provider = await Conformance.start();
  kept = await provider.apply(typeName, { name: 'deferred' });
  good(await provider.configure({ endpoint: UNKNOWN }));
}, 240_000);
afterAll(() => provider.close());

const data = { typeName, config: objectToWire(schemas.data.ksm_application!, { ...empty(), name: 'deferred' }) };
function empty() {
  return Object.fromEntries(Object.keys(schemas.data.ksm_application!.attributes).map((name) => [name, null]));
}

test('a client that can put off is asked to', async () => {
  expect(await provider.read(typeName, kept, deferral)).toMatchObject({
    deferred,
    diagnostics: [],
    newState: kept.state,
  });
  expect(await provider.plan(typeName, { name: 'new' }, undefined, deferral)).toMatchObject({
    deferred,
    diagnostics: [],
  });
  expect(await provider.call('ImportResourceState', { typeName, id: 'name=deferred', ...deferral })).toMatchObject({
    deferred,
    diagnostics: [],
  });
  expect(await provider.call('ReadDataSource', { ...data, ...deferral })).toMatchObject({ deferred, diagnostics: [] });
});

test('for one that cannot, creations are planned, reads keep the state with a warning, data sources say what to do', async () => {
  const plan = await provider.plan(typeName, { name: 'new' });
  good(plan.diagnostics);
  expect(stateOf(typeName, plan.plannedState)).toMatchObject({ name: 'new', id: UNKNOWN });
  const read = await provider.read(typeName, kept);
  expect(read.newState).toEqual(kept.state);
  expect(read.diagnostics.map(({ severity }) => severity)).toEqual([wire.Diagnostic_Severity.WARNING]);
  const { diagnostics } = await provider.call<wire.ReadDataSource_Response>('ReadDataSource', data);
  expect(said(diagnostics)).toContain('-target');
});

test('nothing is made with it', async () => {
  const plan = await provider.plan(typeName, { name: 'new' });
  const applied = await provider.call<wire.ApplyResourceChange_Response>('ApplyResourceChange', {
    typeName,
    config: plan.plannedState,
    plannedState: plan.plannedState,
  });
  expect(applied.diagnostics.map(({ severity }) => severity)).toEqual([wire.Diagnostic_Severity.ERROR]);
  expect(await provider.service.client().findApplication('new')).toBeUndefined();
});
