import { actionOf, Conformance, good, type Kept, said, stateOf, type wire } from './provider';

let provider: Conformance;
let kept: Kept;
const typeName = 'ksm_client_device';
let config: { application_id: string; name: string };
beforeAll(async () => {
  provider = await Conformance.start();
  const { id } = await provider.service.client().createApplication({ name: 'upgrade' });
  config = { application_id: id, name: 'device' };
  kept = await provider.apply(typeName, config);
}, 240_000);
afterAll(() => provider.close());

const upgrade = (json: object, version = 0) =>
  provider.call<wire.UpgradeResourceState_Response>('UpgradeResourceState', {
    typeName,
    version,
    rawState: { json: Buffer.from(JSON.stringify(json)), flatmap: {} },
  });

test('a state comes back as it is', async () => {
  const state = stateOf(typeName, kept.state);
  const { upgradedState, diagnostics } = await upgrade(state);
  good(diagnostics);
  expect(stateOf(typeName, upgradedState)).toEqual(state);
});

test('what an older version did not have gets its default, what no version knows goes, and nothing is planned', async () => {
  const {
    reissue: _,
    initialization: __,
    seal_to_public_key: ___,
    sealed_config: ____,
    ...older
  } = stateOf(typeName, kept.state);
  const { upgradedState, diagnostics } = await upgrade({ ...older, gone: true });
  good(diagnostics);
  expect(stateOf(typeName, upgradedState)).toEqual(stateOf(typeName, kept.state));
  const prior = { ...kept, state: upgradedState! };
  expect(actionOf(typeName, prior, await provider.plan(typeName, config, prior))).toBe('nothing');
});

test('an explicit null stays one', async () => {
  const { upgradedState } = await upgrade({ ...stateOf(typeName, kept.state), reissue: null });
  expect(stateOf(typeName, upgradedState).reissue).toBeNull();
});

test('a state of a newer version is refused with the cure, and one that is no JSON without its text', async () => {
  expect(said((await upgrade(stateOf(typeName, kept.state), 7)).diagnostics)).toMatch(/newer/);
  const { diagnostics } = await provider.call<wire.UpgradeResourceState_Response>('UpgradeResourceState', {
    typeName,
    rawState: { json: Buffer.from('{"one_time_token": "canary-7f3a"'), flatmap: {} },
  });
  expect(diagnostics).toHaveLength(1);
  expect(said(diagnostics)).not.toContain('canary');
});
