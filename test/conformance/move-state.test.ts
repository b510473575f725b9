import { actionOf, Conformance, good, said, stateOf, wire } from './provider';

let provider: Conformance;
let application: string;
beforeAll(async () => {
  provider = await Conformance.start();
  application = (await provider.service.client().createApplication({ name: 'moved here' })).id;
}, 240_000);
afterAll(() => provider.close());

const move = (sourceTypeName: string, state: object, targetTypeName = 'ksm_application') =>
  provider.call<wire.MoveResourceState_Response>('MoveResourceState', {
    targetTypeName,
    sourceTypeName,
    sourceProviderAddress: 'registry.terraform.io/keeper-security/commander',
    sourceState: { json: Buffer.from(JSON.stringify(state)), flatmap: {} },
  });

test("an application of Keeper's own provider becomes ours, and plans nothing", async () => {
  const { serverCapabilities } = await provider.call<wire.GetMetadata_Response>('GetMetadata', {});
  expect(serverCapabilities?.moveResourceState).toBe(true);
  const moved = await move('commander_secrets_manager', {
    id: application,
    name: 'moved here',
    shares: [{ secret: 'x' }],
  });
  expect(moved.diagnostics.map(({ severity }) => severity)).toEqual([wire.Diagnostic_Severity.WARNING]);
  expect(said(moved.diagnostics)).toContain('grant');
  const kept = { state: moved.targetState!, private: moved.targetPrivate, identity: moved.targetIdentity };
  expect(stateOf('ksm_application', kept.state)).toMatchObject({ id: application, force_destroy: false });
  const read = await provider.read('ksm_application', kept);
  good(read.diagnostics);
  const now = { state: read.newState!, private: read.private, identity: read.newIdentity };
  expect(actionOf('ksm_application', now, await provider.plan('ksm_application', { name: 'moved here' }, now))).toBe(
    'nothing',
  );
});

test.each([
  ['null_resource', { id: '1' }, 'ksm_application'],
  ['commander_secrets_manager', { name: 'x' }, 'ksm_gateway'],
])('%s is not moved to another type', async (source, state, target) => {
  const { diagnostics, targetState } = await move(source, state, target);
  expect(diagnostics).toHaveLength(1);
  expect(stateOf(target, targetState)).toEqual({});
});
