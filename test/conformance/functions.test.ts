import { valueFromWire, valueToWire } from '../../provider/protocol/dynamic-value';
import { Conformance, schemas, type UNKNOWN, type wire } from './provider';

let provider: Conformance;
beforeAll(async () => {
  provider = await Conformance.start();
}, 240_000);
afterAll(() => provider.close());

async function called(name: string, ...given: (string | boolean | null | typeof UNKNOWN)[]) {
  const own = schemas.functions[name]!;
  const { result, error } = await provider.call<wire.CallFunction_Response>('CallFunction', {
    name,
    arguments: given.map((argument, index) => valueToWire(own.parameters[index]!.type, argument)),
  });
  return error ?? valueFromWire(own.returns, result, 'result');
}

test('all of the design are announced with their parameters', async () => {
  const { functions } = await provider.call<wire.GetFunctions_Response>('GetFunctions', {});
  expect(
    Object.fromEntries(
      Object.entries(functions).map(([name, { parameters }]) => [name, parameters.map((own) => own.name)]),
    ),
  ).toEqual({
    parse_one_time_token: ['token'],
    gateway_install_command: ['platform', 'token', 'auto_update'],
    gateway_docker_compose: ['config'],
  });
});

test('a token is taken apart: its region and host, and the client id that the service derives from it', async () => {
  const { id } = await provider.service.client().createApplication({ name: 'functions' });
  const { oneTimeToken, clientId } = await provider.service.client().createDevice(id, { name: 'device' });
  expect(await called('parse_one_time_token', oneTimeToken)).toEqual({ region: null, host: null, client_id: clientId });
  expect(await called('parse_one_time_token', `US:${oneTimeToken}`)).toMatchObject({
    region: 'US',
    client_id: clientId,
  });
});

test('a text that is no token is refused without being shown', async () => {
  const error = await called('parse_one_time_token', 'canary-7f3a');
  expect(error).toMatchObject({ functionArgument: 0 });
  expect(JSON.stringify(error)).not.toContain('canary');
});

test('the command of a gateway has its token, or none for one that is there', async () => {
  const { id } = await provider.service.client().createApplication({ name: 'gateways' });
  const { oneTimeToken } = await provider.service.client().createGateway(id, { name: 'gateway' });
  for (const platform of ['linux', 'windows']) {
    expect(await called('gateway_install_command', platform, oneTimeToken, false)).toContain(oneTimeToken);
  }
  expect(await called('gateway_install_command', 'linux', null, true)).not.toContain('--token');
  expect(await called('gateway_install_command', 'macos', oneTimeToken, true)).toMatchObject({ functionArgument: 0 });
});
