import { TerraformVariable, Testing } from 'cdktf';
import { KsmApplication, KsmProvider, type KsmProviderProps } from 'cdktf-ksm';
import { emptyStack, synth } from './private/stack';

describe('KsmProvider', () => {
  test('names the source without a host, and versions of the same major version', () => {
    const stack = emptyStack();
    new KsmProvider(stack, 'ksm');
    const { required_providers } = synth(stack).terraform;
    expect(required_providers).toEqual({
      ksm: { source: 'ksm-iac/ksm', version: expect.stringMatching(/^~> \d+\.\d+$/) },
    });
  });

  test('takes everything from the environment when nothing is given', () => {
    const stack = emptyStack();
    new KsmProvider(stack, 'ksm');
    expect(synth(stack).provider.ksm).toEqual([{}]);
  });

  test('carries every property to Terraform', () => {
    const stack = emptyStack();
    const token = new TerraformVariable(stack, 'api_token', { type: 'string', sensitive: true });
    new KsmProvider(stack, 'ksm', {
      endpoint: 'https://ksm-iac.example.com:8443',
      token: token.stringValue,
      caCertificateFile: 'ca.pem',
      requestTimeoutSeconds: 30,
      operationTimeoutSeconds: 300,
      maxRetries: 0,
      vaultChange: 'recreate',
      alias: 'second',
    });
    expect(synth(stack).provider.ksm).toMatchInlineSnapshot(`
[
  {
    "alias": "second",
    "ca_certificate_file": "ca.pem",
    "endpoint": "https://ksm-iac.example.com:8443",
    "max_retries": 0,
    "operation_timeout_seconds": 300,
    "request_timeout_seconds": 30,
    "token": "\${var.api_token}",
    "vault_change": "recreate",
  },
]
`);
  });

  test('is the only thing that puts the provider into required_providers', () => {
    const stack = emptyStack();
    new KsmApplication(stack, 'payments', { name: 'Payments' });
    expect(synth(stack).terraform).toBeUndefined();
  });

  test.each<[KsmProviderProps, string]>([
    [{ endpoint: 'ksm.example.com' }, 'endpoint is "ksm.example.com". Expected an address such as https://'],
    [
      { endpoint: 'ftp://ksm.example.com' },
      'endpoint is "ftp://ksm.example.com". Expected an address such as https://',
    ],
    [{ vaultChange: 'ignore' }, 'vaultChange is "ignore". Expected "refuse" or "recreate".'],
    [{ requestTimeoutSeconds: 3601 }, 'requestTimeoutSeconds is 3601. Expected a whole number from 1 to 3600'],
    [{ operationTimeoutSeconds: 0.5 }, 'operationTimeoutSeconds is 0.5. Expected a whole number from 1 to 86400'],
    [{ maxRetries: -1 }, 'maxRetries is -1. Expected a whole number from 0 to 100'],
    [{ endpoint: 'user:canary@host' }, 'endpoint is not an address. Expected an address'],
    [{ caCertificate: 'PEM', caCertificateFile: 'ca.pem' }, 'caCertificate and caCertificateFile are both given.'],
    [
      { endpoint: 'http://ksm.example.com' },
      'endpoint is "http://ksm.example.com". http:// is taken on loopback alone.',
    ],
    [
      { endpont: 'https://ksm.example.com' } as never,
      '"endpont" is no property of it. Did you mean endpoint? Expected endpoint, token,',
    ],
  ])('refuses %j', (props, message) => {
    expect(() => new KsmProvider(emptyStack(), 'ksm', props)).toThrow(`KsmProvider 'ci/ksm': ${message}`);
  });

  test.each(['http://127.0.0.1:8080', 'http://localhost', 'http://[::1]:1', 'https://ksm.example.com'])(
    'takes %s',
    (endpoint) => {
      expect(() => new KsmProvider(emptyStack(), 'ksm', { endpoint })).not.toThrow();
    },
  );

  test('is refused a second time in a stack, with both paths, and not under an alias', () => {
    const stack = emptyStack();
    new KsmProvider(stack, 'ksm');
    new KsmProvider(stack, 'eu', { alias: 'eu' });
    expect(() => new KsmProvider(stack, 'again')).toThrow(
      "KsmProvider 'ci/again': alias: 'ci/ksm' has no alias, too. Expected one KsmProvider of it in a stack.",
    );
    expect(() => new KsmProvider(stack, 'eu-2', { alias: 'eu' })).toThrow(`'ci/eu' has the alias "eu", too.`);
  });

  test('is checked again when it is synthesized, since its properties can be set', () => {
    const stack = emptyStack();
    const provider = new KsmProvider(stack, 'ksm');
    provider.endpoint = 'ftp://x';
    expect(() => Testing.synth(stack, true)).toThrow('endpoint is "ftp://x".');
  });

  test('leaves it to Terraform which of two variables is null', () => {
    const stack = emptyStack();
    const [caCertificate, caCertificateFile] = ['pem', 'file'].map(
      (id) => new TerraformVariable(stack, id, { default: null, nullable: true }).stringValue,
    );
    expect(() => new KsmProvider(stack, 'ksm', { caCertificate, caCertificateFile })).not.toThrow();
  });
});
