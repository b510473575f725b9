import { VAULT } from '../support/vault';
import { actionOf, Conformance, good, said, stateOf, wire } from './provider';

let provider: Conformance;
let application: string;
beforeAll(async () => {
  provider = await Conformance.start();
  application = (await provider.service.client().createApplication({ name: 'private' })).id;
}, 240_000);
afterAll(() => provider.close());

test('is kept by a read, and has no secret in it', async () => {
  const kept = await provider.apply('ksm_client_device', { application_id: application, name: 'device' });
  const read = await provider.read('ksm_client_device', kept);
  good(read.diagnostics);
  const text = Buffer.from(read.private).toString();
  expect(text).toContain((await provider.service.client().info()).vaultId);
  expect(text).not.toContain(String(stateOf('ksm_client_device', kept.state).one_time_token));
});

test('knows the generation of a grant: a delete of one that another took over deletes nothing', async () => {
  const config = { application_id: application, folder_uid: VAULT.deployment };
  const first = await provider.apply('ksm_shared_folder_grant', config);
  await provider.restart();
  const second = await provider.apply('ksm_shared_folder_grant', config).catch(() => undefined);
  expect(second).toBeUndefined();
  // The plan says that it adopts; Terraform applies it all the same.
  const plan = await provider.plan('ksm_shared_folder_grant', config);
  expect(said(plan.diagnostics)).toContain('exists already');
  const applied = await provider.call<wire.ApplyResourceChange_Response>('ApplyResourceChange', {
    typeName: 'ksm_shared_folder_grant',
    config: plan.plannedState,
    priorState: undefined,
    plannedState: plan.plannedState,
    plannedPrivate: plan.plannedPrivate,
  });
  good(applied.diagnostics);
  await provider.restart();
  const end = await provider.call<wire.ApplyResourceChange_Response>('ApplyResourceChange', {
    typeName: 'ksm_shared_folder_grant',
    priorState: first.state,
    plannedPrivate: first.private,
  });
  expect(end.diagnostics.map(({ severity }) => severity)).toEqual([wire.Diagnostic_Severity.WARNING]);
  expect(await provider.service.client().listGrants(application)).toHaveLength(1);
});

test('remembers an import: what a vault cannot report is adopted, and replaces later', async () => {
  const { id } = await provider.service.client().createDevice(application, { name: 'imported' });
  const config = (on: string) => ({ application_id: application, name: 'imported', rotation_triggers: { on } });
  await provider.restart();
  let kept = await provider.import('ksm_client_device', { id });
  const plan = await provider.plan('ksm_client_device', config('a'), kept);
  expect(plan.requiresReplace).toEqual([]);
  expect(said(plan.diagnostics)).toContain('taken over from the configuration');
  kept = await provider.applyPlanned('ksm_client_device', config('a'), plan, kept);
  for (let run = 0; run < 2; run++) {
    await provider.restart();
    const read = await provider.read('ksm_client_device', kept);
    kept = { state: read.newState!, private: read.private, identity: read.newIdentity };
  }
  expect(actionOf('ksm_client_device', kept, await provider.plan('ksm_client_device', config('a'), kept))).toBe(
    'nothing',
  );
  expect((await provider.plan('ksm_client_device', config('b'), kept)).requiresReplace).not.toEqual([]);
});

test('that no version wrote is called damaged, with the cure', async () => {
  const kept = await provider.apply('ksm_client_device', { application_id: application, name: 'damaged' });
  const read = await provider.read('ksm_client_device', { ...kept, private: Buffer.from('{"vault": 7') });
  expect(said(read.diagnostics)).toMatch(/damaged/);
});
