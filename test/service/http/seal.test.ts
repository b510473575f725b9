/** Sealed credentials, opened by an implementation of the box that is not libsodium's. */

import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blake2b } from 'blakejs';
import nacl from 'tweetnacl';
import { type Api, newKey, newRun, problemCode, startApi } from './api';

let api: Api;
let application: string;
beforeAll(async () => {
  api = await startApi();
  const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name: 'sealed' } });
  application = `/v1/applications/${id}`;
});
afterAll(() => api.close());

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** Ephemeral public key ‖ box; its nonce is BLAKE2b of both public keys. */
function open(sealed: string, pair: nacl.BoxKeyPair): string {
  const bytes = Buffer.from(sealed, 'base64');
  const ephemeral = bytes.subarray(0, nacl.box.publicKeyLength);
  const nonce = blake2b(Buffer.concat([ephemeral, pair.publicKey]), undefined, nacl.box.nonceLength);
  const opened = nacl.box.open(bytes.subarray(nacl.box.publicKeyLength), nonce, ephemeral, pair.secretKey);
  if (!opened) throw new Error('the box does not open');
  return Buffer.from(opened).toString();
}

test.each([
  ['devices', { name: 'd' }, 'sealedOneTimeToken'],
  ['devices', { name: 'd', initialization: 'config', ipLock: false }, 'sealedConfig'],
  ['gateways', { name: 'g' }, 'sealedOneTimeToken'],
  ['gateways', { name: 'g', initialization: 'config' }, 'sealedConfig'],
] as const)('of %s %j the credential leaves as a box that its owner alone opens', async (noun, body, member) => {
  const pair = nacl.box.keyPair();
  const call = { body: { ...body, sealToPublicKey: base64(pair.publicKey) }, key: newKey(), run: newRun() };
  const created = await api.call('POST', `${application}/${noun}`, call);
  expect(created.status).toBe(201);
  const { oneTimeToken, config, sealedOneTimeToken, sealedConfig } = created.json;
  const others = { oneTimeToken, config, sealedOneTimeToken, sealedConfig, [member]: null };
  expect(Object.values(others)).toEqual([null, null, null, null]);
  const secret = open(created.json[member], pair);
  if (member === 'sealedConfig') {
    expect(JSON.parse(Buffer.from(secret, 'base64').toString())).toMatchObject({ hostname: '127.0.0.1:8443' });
  } else {
    expect(secret).toMatch(/^\w[\w-]{42}$/);
  }
  expect(() => open(created.json[member], nacl.box.keyPair())).toThrow();

  const replayed = await api.call('POST', `${application}/${noun}`, call);
  expect([replayed.headers['idempotency-replayed'], replayed.json]).toEqual(['true', created.json]);
  const stored = readdirSync(api.folder).map((name) => readFileSync(join(api.folder, name)));
  for (const text of [created.text, replayed.text, api.log()]) {
    expect(text).not.toContain(secret);
  }
  expect(stored.some((bytes) => bytes.includes(secret))).toBe(false);
});

/** Points of small order, as libsodium lists them, and ones that equal them above the field's prime. */
const LOW_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];

test.each([
  ...LOW_ORDER.map((hex) => base64(Buffer.from(hex, 'hex'))),
  base64(randomBytes(31)),
  base64(randomBytes(33)),
  base64(randomBytes(32)).replace('=', ''),
  `${'A'.repeat(42)}B=`,
  'not base64',
  '',
])('the key %j is refused by its field, and nothing is made', async (sealToPublicKey) => {
  const before = await api.expect(200, 'GET', `${application}/devices`);
  const refused = await api.call('POST', `${application}/devices`, { body: { name: 'x', sealToPublicKey } });
  expect(problemCode(refused)).toBe('invalid_request');
  expect(refused.json.errors[0].field).toBe('/sealToPublicKey');
  expect(await api.expect(200, 'GET', `${application}/devices`)).toEqual(before);
});

test.each([{}, { ipLock: true }])(
  'a configuration with %j would be locked to the service, and is refused',
  async (more) => {
    const body = { name: 'x', initialization: 'config', ...more };
    const refused = await api.call('POST', `${application}/devices`, { body });
    expect(problemCode(refused)).toBe('invalid_request');
    expect(refused.json.errors).toEqual([
      { field: '/ipLock', message: expect.stringContaining('locked to the address of the service') },
    ]);
  },
);

test('the service announces what it can', async () => {
  const info = await api.expect(200, 'GET', '/v1/info');
  expect(info.features).toEqual([
    'initialization.token',
    'initialization.config',
    'seal',
    'ephemeral-devices',
    'vault.content',
    'device-api',
  ]);
  expect(info.unsupported).toEqual([]);
});
