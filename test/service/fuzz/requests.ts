import type { Random } from './random';

/** What there is to hit: fixed before the first request, so that a request depends on its seed alone. */
export interface Targets {
  /** Method and path template of every route below `/v1`. */
  readonly routes: readonly (readonly [string, string])[];
  /** Ids that exist. */
  readonly ids: readonly string[];
  readonly tokens: readonly string[];
}

export type FuzzRequest =
  | {
      readonly kind: 'request';
      readonly method: string;
      readonly path: string;
      readonly headers: Record<string, string>;
      readonly body: Buffer | undefined;
    }
  | { readonly kind: 'bytes'; readonly port: 'open' | 'secured'; readonly chunks: readonly Buffer[] };

const TEXTS = [
  '',
  'x',
  'a\u0000b',
  '\u202e',
  '😀',
  '../../etc/passwd',
  '${7*7}',
  "' or 1=1 --",
  'name=payments',
  'x'.repeat(300),
  'true',
  '-1',
  '1e309',
  '%00',
  '%zz',
  '__proto__',
  'constructor',
  'A'.repeat(22),
  'A'.repeat(86),
  `${'A'.repeat(22)}/${'A'.repeat(86)}`,
];
const FIELDS = [
  ...[
    'name',
    'ipLock',
    'tokenExpiresInMinutes',
    'accessExpiresInMinutes',
    'initialization',
    'editable',
    'held',
    'lost',
  ],
  ...['scope', 'expiresInDays', 'expiresInMinutes', 'applications', 'secrets', 'allowEdit', 'data', 'uid', 'folderUid'],
  ...['parentUid', 'title', 'type', 'fields', 'value', 'notes', 'sealToPublicKey', 'ephemeral', '__proto__', 'ids'],
];
const QUERIES = ['limit', 'cursor', 'name', 'include', 'force', 'uid', 'kind', 'status', 'application', 'state'];
const DEVICE_VERBS = ['get_secret', 'get_folders', 'update_secret', 'create_secret', 'nothing', '%00', 'x'.repeat(200)];

export function nextRequest(random: Random, targets: Targets): FuzzRequest {
  const kind = random.next();
  if (kind < 0.65) {
    return apiRequest(random, targets);
  }
  return kind < 0.8 ? deviceRequest(random) : bytes(random, targets);
}

function apiRequest(random: Random, targets: Targets): FuzzRequest {
  const [method, template] = random.pick(targets.routes);
  const path = template.replace(/\{\w+\}/g, () => encode(random, idOf(random, targets)));
  const headers: Record<string, string> = {};
  if (random.chance(0.9)) {
    headers.authorization = `Bearer ${random.pick(targets.tokens)}`;
  }
  if (random.chance(0.3)) {
    headers['ksm-run'] = headerText(random, ['run-a', 'run-b', 'run-c']);
  }
  if (random.chance(0.3)) {
    headers['idempotency-key'] = headerText(random, ['k'.repeat(43), 'j'.repeat(43), `${random.below(1e9)}`.repeat(5)]);
  }
  if (random.chance(0.1)) {
    headers['if-match'] = headerText(random, ['*', '"x"']);
    headers['if-none-match'] = headerText(random, ['*', '"x"']);
  }
  const hasBody = method !== 'GET' && random.chance(0.9);
  if (hasBody) {
    headers['content-type'] = random.chance(0.95) ? 'application/json' : headerText(random, ['text/plain', '']);
  }
  const body = hasBody ? bodyOf(random, targets) : undefined;
  if (body) {
    // Node sends none by itself with a DELETE, and the body would be garbage after it.
    headers['content-length'] = String(body.length);
  }
  return {
    kind: 'request',
    method: random.chance(0.97) ? method : random.pick(['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE']),
    path: `/v1${path.replace(/^\/v1/, '')}${query(random, targets)}`,
    headers,
    body,
  };
}

function deviceRequest(random: Random): FuzzRequest {
  const base64 = () => (random.chance(0.7) ? random.bytes(200).toString('base64') : headerText(random, ['', '=']));
  return {
    kind: 'request',
    method: 'POST',
    path: `/api/rest/sm/v1/${random.pick(DEVICE_VERBS)}`,
    headers: {
      'content-type': 'application/octet-stream',
      ...(random.chance(0.9) ? { publickeyid: random.pick(['1', '7', '926570', 'x', '-1', '']) } : {}),
      ...(random.chance(0.9) ? { transmissionkey: base64() } : {}),
      ...(random.chance(0.9) ? { authorization: `Signature ${base64()}` } : {}),
    },
    body: random.bytes(random.chance(0.95) ? 400 : 20_000),
  };
}

function bytes(random: Random, targets: Targets): FuzzRequest {
  const port = random.chance(0.7) ? 'open' : 'secured';
  const chunks: Buffer[] = [];
  for (let part = 0; part <= random.below(3); part++) {
    chunks.push(random.chance(0.25) ? random.bytes(300) : damaged(random, httpText(random, targets)));
  }
  return { kind: 'bytes', port, chunks };
}

function httpText(random: Random, targets: Targets): Buffer {
  const [method, path] = random.pick(targets.routes);
  const body = bodyOf(random, targets).subarray(0, 2_000);
  const lines = [
    `${random.pick([method, 'GET', 'CONNECT', 'HEAD', 'PRI', 'get'])} ${random.pick([path, '*', 'http://x/', '/healthz'])} ${random.pick(['HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9'])}`,
    ...(random.chance(0.9) ? ['Host: x'] : []),
    ...(random.chance(0.5) ? [`Authorization: Bearer ${random.pick(targets.tokens)}`] : []),
    ...(random.chance(0.2) ? [`Expect: ${random.pick(['100-continue', 'x'])}`] : []),
    ...(random.chance(0.2)
      ? [`Transfer-Encoding: ${random.pick(['chunked', 'identity', 'x', 'chunked, chunked'])}`]
      : []),
    ...(random.chance(0.2) ? [`Connection: ${random.pick(['close', 'upgrade', 'keep-alive'])}`, 'Upgrade: h2c'] : []),
    ...(random.chance(0.05) ? [`X-Large: ${'x'.repeat(random.below(40_000))}`] : []),
    'Content-Type: application/json',
    `Content-Length: ${random.chance(0.8) ? body.length : random.pick(['-1', 'x', '99999999999', '0'])}`,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]);
}

/** Some bytes changed, left out or doubled; often none. */
function damaged(random: Random, text: Buffer): Buffer {
  let bytes = text;
  for (let times = random.below(4); times > 1; times--) {
    const at = random.below(bytes.length);
    const kind = random.below(3);
    const middle = kind === 0 ? random.bytes(3) : kind === 1 ? Buffer.alloc(0) : bytes.subarray(at, at + 20);
    bytes = Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(at + 1)]);
  }
  return bytes;
}

function bodyOf(random: Random, targets: Targets): Buffer {
  if (random.chance(0.1)) {
    return random.bytes(100);
  }
  const text = JSON.stringify(objectOf(random, targets, 0));
  return Buffer.from(random.chance(0.05) ? text.slice(0, random.below(text.length)) : text);
}

function objectOf(random: Random, targets: Targets, depth: number): object {
  const fields = random.pick([0, 1, 1, 1, 2, 2, 3, 6]);
  const entries = Array.from({ length: fields }, () => [random.pick(FIELDS), anyValue(random, targets, depth + 1)]);
  return Object.fromEntries(entries) as object;
}

function anyValue(random: Random, targets: Targets, depth: number): unknown {
  switch (random.below(depth > 4 ? 6 : 9)) {
    case 0:
      return random.pick(TEXTS);
    case 1:
      return random.pick([0, 1, -1, 60, 1440, 1441, 1e21, 0.5, null, true, false]);
    case 2:
    case 3:
      return random.pick(['payments', 'runner', 'token', 'config', 'read', 'write', 'session', 'folder', 'record']);
    case 4:
    case 5:
      return idOf(random, targets);
    case 6:
      return objectOf(random, targets, depth);
    default:
      return Array.from({ length: random.below(4) }, () => anyValue(random, targets, depth + 1));
  }
}

const idOf = (random: Random, targets: Targets) => (random.chance(0.7) ? random.pick(targets.ids) : random.pick(TEXTS));

function query(random: Random, targets: Targets): string {
  const parts = Array.from({ length: random.pick([0, 0, 0, 1, 1, 2]) }, () => {
    const value = random.chance(0.3) ? idOf(random, targets) : random.pick([...TEXTS, '1', '1001', 'devices,grants']);
    return `${random.pick(QUERIES)}=${encode(random, value)}`;
  });
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** Mostly as a client would; otherwise as it stands, as far as Node sends it. */
const encode = (random: Random, text: string) =>
  random.chance(0.9) ? encodeURIComponent(text) : text.replace(/[^\x21-\x7e]|[?#]/g, '');

const headerText = (random: Random, usual: readonly string[]) =>
  random.chance(0.8) ? random.pick(usual) : random.pick(TEXTS).replace(/[^\x20-\x7e]/g, '');
