import { Conformance, good, stateOf, UNKNOWN, value, type wire } from './provider';

let provider: Conformance;
beforeAll(async () => {
  provider = await Conformance.start();
}, 240_000);
afterAll(() => provider.close());

test('a device of an application that is not made yet is planned, and asks nothing', async () => {
  const plan = await provider.plan('ksm_client_device', { application_id: UNKNOWN, name: 'later' });
  good(plan.diagnostics);
  const planned = stateOf('ksm_client_device', plan.plannedState);
  expect(planned).toMatchObject({
    application_id: UNKNOWN,
    id: UNKNOWN,
    one_time_token: UNKNOWN,
    config: null,
    name: 'later',
  });
});

test('what is unknown is validated by nobody, what is known beside it is', async () => {
  const validate = async (config: Parameters<typeof value>[1]) => {
    const request = { typeName: 'ksm_client_device', config: value('ksm_client_device', config) };
    return (await provider.call<wire.ValidateResourceConfig_Response>('ValidateResourceConfig', request)).diagnostics;
  };
  good(await validate({ application_id: UNKNOWN, name: UNKNOWN, initialization: UNKNOWN, ip_lock: UNKNOWN }));
  expect(await validate({ application_id: UNKNOWN, name: 'x', token_expires_in_minutes: 0 })).toHaveLength(1);
  expect(await validate({ application_id: UNKNOWN, name: 'x', initialization: 'config' })).toHaveLength(1);
});

test('how the credential comes is unknown with what decides it', async () => {
  const plan = await provider.plan('ksm_client_device', {
    application_id: UNKNOWN,
    name: 'x',
    seal_to_public_key: UNKNOWN,
  });
  expect(stateOf('ksm_client_device', plan.plannedState)).toMatchObject({
    one_time_token: UNKNOWN,
    sealed_one_time_token: UNKNOWN,
  });
});

test('a device whose application becomes unknown is replaced on it', async () => {
  const { id } = await provider.service.client().createApplication({ name: 'known' });
  const kept = await provider.apply('ksm_client_device', { application_id: id, name: 'moves' });
  const plan = await provider.plan('ksm_client_device', { application_id: UNKNOWN, name: 'moves' }, kept);
  expect(plan.requiresReplace.map(({ steps }) => steps[0]?.attributeName)).toEqual(['application_id']);
});
