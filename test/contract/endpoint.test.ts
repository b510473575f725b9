import { problemOfEndpoint } from '../../contract/endpoint';

test.each([
  'https://ksm-iac.example.com',
  'https://ksm-iac.example.com:8443/prefix/',
  'https://10.0.0.1',
  'http://localhost:8080',
  'http://127.0.0.1:1',
  'http://127.255.255.254',
  'http://[::1]:9',
])('%s is an endpoint', (endpoint) => {
  expect(problemOfEndpoint(endpoint)).toBeUndefined();
});

test.each([
  ['', 'not a URL'],
  ['ksm-iac.example.com', 'not a URL'],
  ['localhost:8443', 'scheme is "localhost://"'],
  ['ftp://example.com', 'scheme is "ftp://"'],
  ['http://example.com', 'unencrypted'],
  ['http://10.0.0.1', 'unencrypted'],
  ['http://localhost.example.com', 'unencrypted'],
  ['http://127.0.0.1.example.com', 'unencrypted'],
  ['https://example.com?a=b', 'query'],
  ['https://example.com#a', 'query'],
])('%p is refused: %s', (endpoint, problem) => {
  expect(problemOfEndpoint(endpoint)).toContain(problem);
});

test('a password in the URL is refused and not repeated', () => {
  const problem = problemOfEndpoint('https://user:c4n4ry@example.com');
  expect(problem).toContain('user name or password');
  expect(problem).not.toContain('c4n4ry');
});
