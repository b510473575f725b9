import { handshakeLine, launchedByTerraform, MAGIC_COOKIE } from '../../../provider/plugin/handshake';

describe('the handshake line', () => {
  const unix = { network: 'unix', path: '/tmp/a.sock' } as const;

  test('carries the certificate in base64 without padding, whatever its length', () => {
    expect(handshakeLine(unix, Buffer.from('a'))).toBe('1|6|unix|/tmp/a.sock|grpc|YQ');
    expect(handshakeLine(unix, Buffer.from('ab'))).toBe('1|6|unix|/tmp/a.sock|grpc|YWI');
    expect(handshakeLine(unix, Buffer.from('abc'))).toBe('1|6|unix|/tmp/a.sock|grpc|YWJj');
  });

  test('names host and port of TCP, and no certificate without TLS', () => {
    expect(handshakeLine({ network: 'tcp', host: '127.0.0.1', port: 10000 }, undefined)).toBe(
      '1|6|tcp|127.0.0.1:10000|grpc',
    );
  });
});

test('only the magic cookie tells a launch by Terraform', () => {
  expect(launchedByTerraform({ TF_PLUGIN_MAGIC_COOKIE: MAGIC_COOKIE })).toBe(true);
  expect(launchedByTerraform({ TF_PLUGIN_MAGIC_COOKIE: `${MAGIC_COOKIE} ` })).toBe(false);
  expect(launchedByTerraform({})).toBe(false);
});
