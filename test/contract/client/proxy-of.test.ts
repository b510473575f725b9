import { proxyOf } from '../../../contract/client/proxy';

const PROXY = 'http://proxy.example.com:3128';
const ENDPOINT = 'https://ksm-iac.example.com:8443';

describe('the variable', () => {
  test.each([
    [{ https_proxy: PROXY, HTTPS_PROXY: 'x', ALL_PROXY: 'x' }, 'https_proxy'],
    [{ HTTPS_PROXY: PROXY, ALL_PROXY: 'x' }, 'HTTPS_PROXY'],
    [{ all_proxy: PROXY, ALL_PROXY: 'x' }, 'all_proxy'],
    [{ ALL_PROXY: PROXY }, 'ALL_PROXY'],
    [{ HTTPS_PROXY: '', ALL_PROXY: PROXY }, 'ALL_PROXY'],
    [{ HTTP_PROXY: PROXY, http_proxy: PROXY }, undefined],
    [{}, undefined],
  ])('of %j is %s', (env, variable) => {
    expect(proxyOf(ENDPOINT, env)?.variable).toBe(variable);
  });
});

describe('the proxy', () => {
  test.each([
    ['proxy.example.com:3128', 'http:', 'proxy.example.com', 3128],
    ['proxy.example.com', 'http:', 'proxy.example.com', 80],
    ['localhost:3128', 'http:', 'localhost', 3128],
    ['10.0.0.1:3128', 'http:', '10.0.0.1', 3128],
    ['http://proxy.example.com/', 'http:', 'proxy.example.com', 80],
    ['HTTPS://proxy.example.com', 'https:', 'proxy.example.com', 443],
    ['https://[fd00::1]:3128', 'https:', 'fd00::1', 3128],
  ])('%s is one', (text, protocol, host, port) => {
    expect(proxyOf(ENDPOINT, { HTTPS_PROXY: text })).toEqual({ variable: 'HTTPS_PROXY', protocol, host, port });
  });

  test('may have a user and a password, in percent signs where they must', () => {
    const env = { HTTPS_PROXY: 'user:p%40ss%@proxy.example.com:3128' };
    expect(proxyOf(ENDPOINT, env)?.auth).toEqual({ username: 'user', password: 'p%40ss%' });
    expect(proxyOf(ENDPOINT, { HTTPS_PROXY: 'u:p%40@h:1' })?.auth).toEqual({ username: 'u', password: 'p@' });
  });
});

describe('this machine', () => {
  test.each([
    'http://localhost:8080',
    'http://127.0.0.1:8080',
    'https://127.1.2.3',
    'https://127.1',
    'https://[::1]:8443',
    'https://[::ffff:127.0.0.1]',
    'https://ksm.localhost',
    'https://LOCALHOST.',
  ])('%s is never asked through a proxy', (endpoint) => {
    expect(proxyOf(endpoint, { HTTP_PROXY: PROXY, HTTPS_PROXY: PROXY, ALL_PROXY: PROXY })).toBeUndefined();
  });

  test.each(['https://localhost.example.com', 'https://127.0.0.1.example.com', 'https://10.0.0.1', 'https://[::2]'])(
    '%s is another',
    (endpoint) => {
      expect(proxyOf(endpoint, { HTTPS_PROXY: PROXY })).toBeDefined();
    },
  );
});

describe('NO_PROXY', () => {
  test.each([
    ['*', ENDPOINT],
    ['ksm-iac.example.com', ENDPOINT],
    ['KSM-IAC.Example.Com', ENDPOINT],
    ['example.com', ENDPOINT],
    ['.example.com', ENDPOINT],
    ['*.example.com', ENDPOINT],
    ['example.com.', ENDPOINT],
    ['example.com', 'https://ksm-iac.example.com.'],
    ['other.test, example.com', ENDPOINT],
    ['other.test example.com', ENDPOINT],
    ['example.com:8443', ENDPOINT],
    ['example.com:443', 'https://ksm-iac.example.com'],
    ['10.1.2.3', 'https://10.1.2.3'],
    ['10.1.2.3:8443', 'https://10.1.2.3:8443'],
    ['10.0.0.0/8', 'https://10.1.2.3'],
    ['fd00::1', 'https://[fd00::1]'],
    ['[fd00::1]', 'https://[fd00::1]'],
    ['[fd00::1]:8443', 'https://[fd00::1]:8443'],
    ['fd00:0:0::1', 'https://[fd00::1]'],
    ['fd00::/8', 'https://[fd00::1]'],
  ])('%s excepts %s', (exceptions, endpoint) => {
    expect(proxyOf(endpoint, { HTTPS_PROXY: PROXY, NO_PROXY: exceptions })).toBeUndefined();
    expect(proxyOf(endpoint, { ALL_PROXY: PROXY, no_proxy: exceptions, NO_PROXY: 'x' })).toBeUndefined();
  });

  test.each([
    ['', ENDPOINT],
    [',', ENDPOINT],
    ['iac.example.com', ENDPOINT],
    ['.example.com', 'https://example.com'],
    ['*.example.com', 'https://example.com'],
    ['example.com:443', ENDPOINT],
    ['10.1.2.4', 'https://10.1.2.3'],
    ['10.0.0.0/16', 'https://10.1.2.3'],
    ['10.0.0.0/33', 'https://10.1.2.3'],
    ['10.0.0.0/8', 'https://ksm-iac.example.com'],
    ['10.0.0.0/8', 'https://[fd00::1]'],
    ['3', 'https://10.1.2.3'],
    ['fd00::2', 'https://[fd00::1]'],
    ['[fd00::1]:443', 'https://[fd00::1]:8443'],
  ])('%p does not except %s', (exceptions, endpoint) => {
    expect(proxyOf(endpoint, { HTTPS_PROXY: PROXY, NO_PROXY: exceptions })).toBeDefined();
  });
});
