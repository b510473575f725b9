import { developmentEnvironment } from '../../../cli/private/development-environment';

const SERVICE = {
  endpoint: 'https://127.0.0.1:1',
  token: 'token',
  caCertificateFile: '/data/ca.pem',
  deviceApi: { hostname: '127.0.0.1:1', serverPublicKeyId: '10', serverPublicKey: 'key', caCertificate: null },
  isThrowAway: false,
};

const FILES = { nodeCertificates: '/data/ca.pem', cliConfig: '/mirror/terraformrc' };
const NONE = { nodeCertificates: undefined, cliConfig: undefined };

test('the command gets the service, what devices need, and keeps the rest of its environment', () => {
  const user = { PATH: '/bin', KSM_IAC_ENDPOINT: 'https://elsewhere', KSM_IAC_CA_CERTIFICATE: 'other' };
  expect(developmentEnvironment(user, SERVICE, FILES)).toEqual({
    PATH: '/bin',
    NO_PROXY: '127.0.0.1,localhost',
    KSM_IAC_ENDPOINT: 'https://127.0.0.1:1',
    KSM_IAC_TOKEN: 'token',
    KSM_IAC_CA_CERTIFICATE_FILE: '/data/ca.pem',
    KSM_IAC_DEVICE_HOSTNAME: '127.0.0.1:1',
    KSM_IAC_DEVICE_SERVER_PUBLIC_KEY_ID: '10',
    KSM_IAC_DEVICE_SERVER_PUBLIC_KEY: 'key',
    NODE_EXTRA_CA_CERTS: '/data/ca.pem',
    TF_CLI_CONFIG_FILE: '/mirror/terraformrc',
  });
});

test('a state may be of an earlier vault where the vault is thrown away, and only there', () => {
  const changeOf = (user: NodeJS.ProcessEnv, isThrowAway: boolean) =>
    developmentEnvironment(user, { ...SERVICE, isThrowAway }, NONE).KSM_IAC_VAULT_CHANGE;
  expect(changeOf({}, true)).toBe('recreate');
  expect(changeOf({ KSM_IAC_VAULT_CHANGE: 'refuse' }, true)).toBe('refuse');
  expect(changeOf({}, false)).toBeUndefined();
});

test("what no file is made for stays the user's own", () => {
  const user = { NODE_EXTRA_CA_CERTS: '/mine.pem', TF_CLI_CONFIG_FILE: '/mine.tfrc' };
  expect(developmentEnvironment(user, SERVICE, NONE)).toMatchObject(user);
});

test('no proxy comes between the command and the service; what the user excepts stays excepted', () => {
  const proxied = { HTTPS_PROXY: 'http://proxy', no_proxy: '.example.com' };
  const { NO_PROXY, no_proxy } = developmentEnvironment(proxied, SERVICE, NONE);
  expect({ NO_PROXY, no_proxy }).toEqual({ NO_PROXY: '.example.com,127.0.0.1,localhost', no_proxy: undefined });
});
