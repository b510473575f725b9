import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { type ObjectValue, UNKNOWN } from '../../../provider/framework';
import { createProviderServer } from '../../../provider/resources';
import { configureProvider, providerSchema } from '../../../provider/resources/provider';
import { recordingLog } from './recording-log';

const CANARY = 'c4n4ry-t0ken';
const PEM = rootCertificates.slice(0, 2).join('\n');
const EMPTY: ObjectValue = Object.fromEntries(Object.keys(providerSchema.attributes).map((name) => [name, null]));
const GOOD: ObjectValue = { ...EMPTY, endpoint: 'https://127.0.0.1:1', token: CANARY };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'provider-'));
  writeFileSync(join(folder, 'ca.pem'), PEM);
  writeFileSync(join(folder, 'key.pem'), `-----BEGIN PRIVATE KEY-----\n${CANARY}\n-----END PRIVATE KEY-----\n`);
  writeFileSync(join(folder, 'broken.pem'), PEM.slice(0, 400).concat('\n-----END CERTIFICATE-----'));
  writeFileSync(join(folder, 'empty.pem'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

function configure(config: ObjectValue, environment: Record<string, string> = {}) {
  const request = { terraformVersion: '1.11.4', config };
  return configureProvider(request, { version: '0.0.0', log: recordingLog(), environment });
}

const validate = async (config: ObjectValue) => {
  const server = createProviderServer({ version: '0.0.0', log: recordingLog(), environment: {} });
  return (await server.validateProviderConfig(config)).diagnostics;
};

test('endpoint and token come from the arguments', () => {
  expect(configure(GOOD)).toEqual({ session: expect.anything(), diagnostics: [] });
});

test('endpoint, token and CA come from the environment', () => {
  const environment = { KSM_IAC_ENDPOINT: 'https://127.0.0.1:1', KSM_IAC_TOKEN: CANARY, KSM_IAC_CA_CERTIFICATE: PEM };
  expect(configure(EMPTY, environment)).toEqual({ session: expect.anything(), diagnostics: [] });
});

test('two CA certificates are refused by validate, but may be variables of which one turns out to be null', async () => {
  expect(await validate({ ...GOOD, ca_certificate: UNKNOWN, ca_certificate_file: UNKNOWN })).toEqual([]);
  expect(await validate({ ...GOOD, ca_certificate: PEM, ca_certificate_file: UNKNOWN })).toEqual([]);
  const twice = await validate({ ...GOOD, ca_certificate: PEM, ca_certificate_file: 'ca.pem' });
  expect(twice.map(({ summary }) => summary)).toEqual(['Two CA certificates']);
});

test('a missing endpoint and a missing token are errors that name argument and variable', () => {
  const { session, diagnostics } = configure(EMPTY, { KSM_IAC_TOKEN: '' });
  expect(session).toBeUndefined();
  expect(diagnostics).toEqual([
    expect.objectContaining({ path: ['endpoint'], detail: expect.stringMatching(/"endpoint".*KSM_IAC_ENDPOINT/) }),
    expect.objectContaining({ path: ['token'], detail: expect.stringMatching(/"token".*KSM_IAC_TOKEN/) }),
  ]);
});

test.each(['endpoint', 'token', 'ca_certificate', 'ca_certificate_file', 'max_retries'])(
  'with an unknown %s there is neither a session nor an error',
  (name) => {
    const environment = { KSM_IAC_ENDPOINT: 'https://127.0.0.1:1' };
    expect(configure({ ...GOOD, [name]: UNKNOWN }, environment)).toEqual({ diagnostics: [] });
  },
);

test('what is missing is an error also beside what is unknown', () => {
  expect(configure({ ...EMPTY, endpoint: UNKNOWN }).diagnostics.map(({ path }) => path)).toEqual([['token']]);
});

test.each([
  ['two arguments', { ca_certificate: PEM, ca_certificate_file: 'ca.pem' }, {}],
  ['two variables', {}, { KSM_IAC_CA_CERTIFICATE: PEM, KSM_IAC_CA_CERTIFICATE_FILE: 'ca.pem' }],
])('a CA certificate in %s is an error', (_, config, environment) => {
  expect(configure({ ...GOOD, ...config }, environment).diagnostics[0]?.summary).toBe('Two CA certificates');
});

test('the CA of an argument outweighs that of the environment', () => {
  const environment = { KSM_IAC_CA_CERTIFICATE: 'nonsense', KSM_IAC_CA_CERTIFICATE_FILE: '/nowhere' };
  const file = join(folder, 'ca.pem');
  expect(configure({ ...GOOD, ca_certificate_file: file }, environment).diagnostics).toEqual([]);
  expect(configure({ ...GOOD, ca_certificate: PEM }, environment).diagnostics).toEqual([]);
});

test.each([
  ['missing.pem', /cannot be read \(ENOENT\)/],
  ['.', /cannot be read \(EISDIR\)/],
  ['empty.pem', /no certificate in PEM form/],
  ['key.pem', /has a private key/],
  ['broken.pem', /Certificate 1 of 1 in it cannot be parsed/],
])('the CA file %s is refused by name', (name, problem) => {
  const { diagnostics } = configure({ ...GOOD, ca_certificate_file: join(folder, name) });
  expect(diagnostics).toEqual([
    expect.objectContaining({ path: ['ca_certificate_file'], detail: expect.stringMatching(problem) }),
  ]);
  expect(diagnostics[0]?.detail).toContain(join(folder, name));
});

test.each<[string, ObjectValue]>([
  ['endpoint', { endpoint: 'http://example.com' }],
  ['endpoint', { endpoint: `https://user:${CANARY}@example.com` }],
  ['token', { token: '' }],
  ['token', { token: `${CANARY}\n` }],
  ['token', { token: `${CANARY}é` }],
  ['ca_certificate', { ca_certificate: CANARY }],
  ['request_timeout_seconds', { request_timeout_seconds: 0 }],
  ['operation_timeout_seconds', { operation_timeout_seconds: 1.5 }],
  ['max_retries', { max_retries: -1 }],
])('validate refuses a wrong %s at its argument', async (name, change) => {
  const diagnostics = await validate({ ...GOOD, ...change });
  expect(diagnostics.map(({ path }) => path)).toEqual([[name]]);
});

test('a wrong value from the environment names its variable', () => {
  const { diagnostics } = configure(EMPTY, { KSM_IAC_ENDPOINT: 'nowhere', KSM_IAC_TOKEN: `${CANARY} ` });
  expect(diagnostics.map(({ detail }) => detail)).toEqual([
    expect.stringContaining('The environment variable KSM_IAC_ENDPOINT'),
    expect.stringContaining('The environment variable KSM_IAC_TOKEN'),
  ]);
});

test('no message repeats a secret', async () => {
  const wrong = { ...GOOD, endpoint: `ftp://${CANARY}@x`, token: ` ${CANARY}`, ca_certificate: CANARY };
  const key = { ...GOOD, ca_certificate_file: join(folder, 'key.pem') };
  const messages = [await validate(wrong), configure(wrong).diagnostics, configure(key).diagnostics];
  expect(messages.every((diagnostics) => diagnostics.length > 0)).toBe(true);
  expect(JSON.stringify(messages)).not.toContain(CANARY);
});
