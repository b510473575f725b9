import { createHmac, randomBytes } from 'node:crypto';
import type { Value } from '../../../provider/framework';
import { createProviderServer } from '../../../provider/resources';
import { recordingLog } from './recording-log';

const log = recordingLog();
const server = createProviderServer({ version: '0.0.0', log });
const call = (name: string, ...args: Value[]) => server.callFunction({ name, arguments: args });

const secret = randomBytes(32);
const key = secret.toString('base64url');
const clientId = createHmac('sha512', secret).update('KEEPER_SECRETS_MANAGER_CLIENT_ID').digest('base64url');

describe('parse_one_time_token', () => {
  test.each([
    ['US', 'keepersecurity.com'],
    ['EU', 'keepersecurity.eu'],
    ['AU', 'keepersecurity.com.au'],
    ['GOV', 'govcloud.keepersecurity.us'],
    ['JP', 'keepersecurity.jp'],
    ['CA', 'keepersecurity.ca'],
    ['IL5', 'il5.keepersecurity.us'],
  ])('the region %s answers at %s', async (region, host) => {
    const result = { region, host, client_id: clientId };
    expect(await call('parse_one_time_token', `${region}:${key}`)).toEqual({ result });
    expect(await call('parse_one_time_token', `${region.toLowerCase()}:${key}`)).toEqual({ result });
  });

  test('any other prefix is the host itself, and a bare token has neither region nor host', async () => {
    expect(await call('parse_one_time_token', `keeper.example.com:${key}`)).toEqual({
      result: { region: null, host: 'keeper.example.com', client_id: clientId },
    });
    expect(await call('parse_one_time_token', key)).toEqual({
      result: { region: null, host: null, client_id: clientId },
    });
  });

  test('a token of IL5 may carry the public key of the server', async () => {
    const publicKey = randomBytes(65).toString('base64url');
    expect(await call('parse_one_time_token', `IL5:${key}:17:${publicKey}`)).toEqual({
      result: { region: 'IL5', host: 'il5.keepersecurity.us', client_id: clientId },
    });
  });

  test.each([
    ['', /0 characters/],
    ['US:', /0 characters/],
    [`US:${key}\n`, /line break/],
    [`US:${key}x`, /44 characters/],
    [`US:${key.slice(1)}+`, /others than a token has/],
    [`127.0.0.1:8443:${key}`, /port/],
    [`US:${key}:17:abc`, /4 parts/],
    [`IL5:${key}:x:abc`, /4 parts/],
    [`a b:${key}`, /neither a region nor a host/],
    [`:${key}`, /neither a region nor a host/],
  ])('what is no token is an error of its argument that does not quote it (%#)', async (token, words) => {
    const { result, error } = await call('parse_one_time_token', token);
    expect(result).toBeUndefined();
    expect(error).toMatchObject({ argument: 0, text: expect.stringMatching(words) });
    expect(JSON.stringify([error, log])).not.toContain(key.slice(1, 40));
  });
});

describe('gateway_install_command', () => {
  const token = `US:${key}`;
  test.each<[string, string | null, boolean, string]>([
    ['linux', token, false, `curl -fsSL https://keepersecurity.com/pam/install | sudo bash -s -- --token ${token}`],
    [
      'linux',
      token,
      true,
      `curl -fsSL https://keepersecurity.com/pam/install | sudo bash -s -- --token ${token} --autoupdate`,
    ],
    ['linux', null, false, 'curl -fsSL https://keepersecurity.com/pam/install | sudo bash -s --'],
    [
      'windows',
      token,
      false,
      `keeper-gateway_windows_x86_64.exe /verysilent /suppressmsgboxes /norestart /token=${token}`,
    ],
    [
      'windows',
      token,
      true,
      `keeper-gateway_windows_x86_64.exe /verysilent /suppressmsgboxes /norestart /token=${token} /autoupdate=1`,
    ],
    [
      'windows',
      null,
      false,
      'keeper-gateway_windows_x86_64.exe /verysilent /suppressmsgboxes /norestart /existingconfig=1',
    ],
  ])('%s with %j, updating itself: %j', async (platform, given, autoUpdate, command) => {
    expect(await call('gateway_install_command', platform, given, autoUpdate)).toEqual({ result: command });
  });

  test('another platform is refused, and so is what a shell could take for something else than a token', async () => {
    expect((await call('gateway_install_command', 'docker', token, false)).error).toEqual({
      argument: 0,
      text: 'Expected "linux" or "windows", got "docker".',
    });
    const { error } = await call('gateway_install_command', 'linux', 'x; rm -rf /', false);
    expect(error).toMatchObject({ argument: 1 });
    expect(error?.text).not.toContain('rm -rf');
  });
});

describe('gateway_docker_compose', () => {
  test('runs the gateway with its configuration', async () => {
    const config = Buffer.from('{"hostname":"keepersecurity.com"}').toString('base64');
    const { result } = await call('gateway_docker_compose', config);
    expect(result).toBe(`services:
  keeper-gateway:
    platform: linux/amd64
    image: keeper/gateway:latest
    shm_size: 2g
    security_opt:
      - "seccomp:docker-seccomp.json"
    environment:
      ACCEPT_EULA: Y
      GATEWAY_CONFIG: ${config}
`);
  });

  test.each(['', 'a: b', 'eyJ9\n', 'x"y'])('what is no base64 is refused without quoting it: %j', async (config) => {
    const { error } = await call('gateway_docker_compose', config);
    expect(error).toMatchObject({ argument: 0, text: expect.stringContaining('base64') });
    if (config) expect(error?.text).not.toContain(config);
  });
});
