/**
 * Requests that nobody sends, by a seed: `KSM_IAC_FUZZ_SEED` repeats a run, `KSM_IAC_FUZZ_REQUESTS` makes it longer
 * (docs/service.md says how many a release has seen).
 */
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { PROBLEMS } from '../../contract/errors';
import { Random } from './fuzz/random';
import { type FuzzRequest, nextRequest, type Targets } from './fuzz/requests';
import { descriptors, type ListeningApi, type Raw, startListeningApi, until } from './http/listening-api';
import { login } from './vault/temporary-vault';

const REQUESTS = Number(process.env.KSM_IAC_FUZZ_REQUESTS ?? 5_000);
const SEED = Number(process.env.KSM_IAC_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const AT_ONCE = 16;
/** A reply that takes longer has hung; the machine may be busy. */
const HANG_MS = 60_000;
/** What a process may have more at the end, of caches that fill. */
const MORE_BYTES = 64 * 1_048_576;

const password = 'canary-password-of-the-fuzzer';
const unlimited = { requests: 1e9, strangers: 1e9 };
const connectionLimits = {
  handshakeMs: 2_000,
  headersMs: 1_000,
  requestMs: 2_000,
  keepAliveMs: 5_000,
  silenceMs: 20_000,
  lingerMs: 200,
  checkMs: 100,
  unreadBytes: 1_048_576,
  unreadMs: 500,
};

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Reply {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
}

let open: ListeningApi;
let secured: ListeningApi;
beforeAll(async () => {
  open = await startListeningApi({ https: false, rateLimit: unlimited, connectionLimits });
  secured = await startListeningApi({ https: true, rateLimit: unlimited, connectionLimits });
}, 240_000);
afterAll(async () => {
  await open.close();
  await secured.close();
}, 240_000);

test(
  `${REQUESTS} requests of the seed ${SEED} make nothing fail, hang, leak or tell a secret`,
  async () => {
    const canaries = new Set<string>();
    const targets = await fill(open, canaries);
    const agents = {
      open: new HttpAgent({ keepAlive: true, maxSockets: AT_ONCE }),
      secured: new HttpsAgent({ keepAlive: true, maxSockets: AT_ONCE }),
    };
    const ask = async (index: number) => {
      const random = new Random(SEED + index * 7_919);
      const request = nextRequest(random, targets);
      try {
        await within(
          HANG_MS,
          request.kind === 'bytes'
            ? sendBytes(request)
            : send(request, random.chance(0.8) ? 'open' : 'secured', agents, canaries),
        );
      } catch (error) {
        throw new Error(`Seed ${SEED}, request ${index}: ${(error as Error).message}\n${show(request)}`);
      }
    };

    // Caches and pools fill before anything is measured.
    const warm = Math.min(500, REQUESTS);
    await inParallel(0, warm, ask);
    const before = { descriptors: descriptors(), bytes: memory() };
    await inParallel(warm, REQUESTS, ask);

    agents.open.destroy();
    agents.secured.destroy();
    for (const server of [open, secured]) {
      await until('all connections to be closed', async () => (await server.connections()) === 0, 30_000);
      expect((await server.api.call('GET', '/readyz')).status).toBe(200);
    }
    expect(descriptors()).toBeLessThanOrEqual(before.descriptors + 2);
    expect(memory() - before.bytes).toBeLessThan(MORE_BYTES);
    for (const log of [open.api.log(), secured.api.log()]) {
      expect(log).not.toContain(password);
      const told = (log.match(/[\w-]{20,}/g) ?? []).filter((word) => canaries.has(word));
      expect(told).toEqual([]);
    }
  },
  120_000 + REQUESTS * 60,
);

/** Memory without what the test itself keeps: the logs. */
function memory(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed - 2 * (open.api.log().length + secured.api.log().length);
}

async function fill(server: ListeningApi, canaries: Set<string>): Promise<Targets> {
  const { api } = server;
  const document = (await api.call('GET', '/openapi.json')).json;
  const routes = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
  );
  const ids: string[] = [];
  for (const name of ['payments', 'shipping']) {
    const { id } = await api.expect(201, 'POST', '/v1/applications', { body: { name } });
    ids.push(id);
    for (const noun of ['devices', 'gateways']) {
      const made = await api.expect(201, 'POST', `/v1/applications/${id}/${noun}`, { body: { name: 'runner' } });
      ids.push(made.clientId, `${id}/${made.clientId}`);
      canaries.add(made.oneTimeToken);
    }
  }
  const folder = await api.expect(201, 'POST', '/v1/vault/folders', { body: { name: 'Databases' } });
  const body = { folderUid: folder.uid, data: login('In folder', password) };
  ids.push(folder.uid, (await api.expect(201, 'POST', '/v1/vault/records', { body })).uid);
  const tokens = [api.token, api.token, await api.newToken('read'), await api.newToken('session')];
  const both = [...tokens, secured.api.token, `ksm_iac_${'A'.repeat(43)}`];
  for (const token of both) {
    canaries.add(token);
  }
  return { routes, ids, tokens: both };
}

async function inParallel(from: number, to: number, step: (index: number) => Promise<void>): Promise<void> {
  let next = from;
  const worker = async () => {
    while (next < to) {
      await step(next++);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function send(
  { method, path, headers, body }: Extract<FuzzRequest, { kind: 'request' }>,
  where: 'open' | 'secured',
  agents: { open: HttpAgent; secured: HttpsAgent },
  canaries: Set<string>,
): Promise<void> {
  const port = (where === 'open' ? open : secured).port;
  const options = { host: '127.0.0.1', port, method, path, headers, rejectUnauthorized: false };
  const reply = await new Promise<Reply>((resolve, reject) => {
    const asked =
      where === 'open'
        ? httpRequest({ ...options, agent: agents.open })
        : httpsRequest({ ...options, agent: agents.secured });
    asked.on('error', reject);
    asked.on('response', (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk) => {
        text += chunk;
      });
      incoming.on('error', reject);
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }));
    });
    asked.end(body);
  });
  if (reply.headers['x-request-id'] === undefined) {
    throw new Error(`no request id with the status ${reply.status}`);
  }
  check(reply, { isDevice: path.startsWith('/api/'), withoutBody: method === 'HEAD' });
  for (const secret of reply.text.matchAll(/"(?:oneTimeToken|token|config)":"([^"]+)"/g)) {
    canaries.add(secret[1] as string);
  }
}

/** Whatever comes back must be no failure of the service, and the connection must end. */
async function sendBytes({ port, chunks }: Extract<FuzzRequest, { kind: 'bytes' }>): Promise<void> {
  const raw: Raw = await (port === 'open' ? open.open() : secured.open());
  for (const chunk of chunks) {
    raw.socket.write(chunk);
    await new Promise(setImmediate);
  }
  raw.socket.end();
  const text = await raw.closed;
  raw.socket.destroy();
  if (/^HTTP\/1\.1 5\d\d /m.test(text)) {
    throw new Error(`answered ${text.slice(0, 500)}`);
  }
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (4\d\d) /.exec(head)?.[1] ?? 0);
  if (status > 0 && body.startsWith('{')) {
    const headers = {
      'content-type': /^content-type: (.*)$/im.exec(head)?.[1],
      'x-request-id': /^x-request-id: (.*)$/im.exec(head)?.[1]?.trim(),
    };
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    check(
      { status, headers, text: Buffer.from(body).subarray(0, length).toString() },
      { isDevice: false, withoutBody: false },
    );
  }
}

function check(
  { status, headers, text }: Reply,
  { isDevice, withoutBody }: { isDevice: boolean; withoutBody: boolean },
): void {
  const fail = (what: string) => {
    throw new Error(`${what}: ${status} ${text.slice(0, 500)}`);
  };
  if (status >= 500 && !(isDevice && status === 501)) {
    fail('a failure of the service');
  }
  if (status < 400 || withoutBody) {
    return;
  }
  const json = JSON.parse(text) as { error?: string; code?: string; status?: number; requestId?: string };
  if (isDevice && json.error !== undefined) {
    return;
  }
  if (!String(headers['content-type']).startsWith('application/problem+json') || !(String(json.code) in PROBLEMS)) {
    fail('no problem of this API');
  }
  if (json.status !== status || json.requestId !== headers['x-request-id']) {
    fail('a problem with another status or request id');
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, hang]);
  } finally {
    clearTimeout(timer);
  }
}

function show(request: FuzzRequest): string {
  return request.kind === 'bytes'
    ? request.chunks.map((chunk) => JSON.stringify(chunk.toString('latin1'))).join('\n')
    : JSON.stringify({ ...request, body: request.body?.toString('latin1') });
}
