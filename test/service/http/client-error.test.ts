import { type ListeningApi, startListeningApi, until } from './listening-api';

let server: ListeningApi;
beforeAll(async () => {
  server = await startListeningApi({
    https: false,
    rateLimit: { requests: 1e6, strangers: 1e6 },
    connectionLimits: {
      handshakeMs: 10_000,
      headersMs: 500,
      requestMs: 800,
      keepAliveMs: 5_000,
      silenceMs: 10_000,
      lingerMs: 200,
      checkMs: 50,
      unreadBytes: 1_048_576,
      unreadMs: 1_000,
    },
  });
});
afterAll(() => server.close());

/** Sends this, and reads until the server closes. */
async function answerTo(...lines: string[]): Promise<string> {
  const raw = await server.connect();
  raw.send(...lines);
  const text = await raw.closed;
  raw.socket.destroy();
  return text;
}

/** Status, and the problem, which carries the request id of the header and that status. */
function problemIn(text: string): { status: number; code: string } {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
  expect(head).toMatch(/^content-type: application\/problem\+json/im);
  const problem = JSON.parse(body);
  expect(problem.status).toBe(status);
  expect(head.toLowerCase()).toContain(`x-request-id: ${problem.requestId}`);
  expect(server.api.log()).toContain(problem.requestId);
  return { status, code: problem.code };
}

test.each([
  ['no HTTP', 400, 'invalid_request', ['GARBAGE canary', '', '']],
  ['no Host', 400, 'invalid_request', ['GET /v1/info HTTP/1.1', '', '']],
  [
    'an unknown expectation',
    417,
    'expectation_failed',
    ['GET /healthz HTTP/1.1', 'Host: x', 'Expect: canary', 'Connection: close', '', ''],
  ],
  ['CONNECT', 404, 'route_not_found', ['CONNECT example.com:443 HTTP/1.1', 'Host: x', '', '']],
  [
    'headers of 20 KB',
    431,
    'headers_too_large',
    ['GET /healthz HTTP/1.1', 'Host: x', `X: ${'canary'.repeat(3_500)}`, '', ''],
  ],
  ['headers that do not end', 408, 'request_incomplete', ['GET /healthz HTTP/1.1', 'X: canary']],
  ['two lengths', 400, 'invalid_request', ['POST /x HTTP/1.1', 'Host: x', 'Content-Length: 1, 2', '', 'canary']],
])('%s is answered with a problem that has a request id', async (_what, status, code, lines) => {
  const text = await answerTo(...lines);
  expect(problemIn(text)).toEqual({ status, code });
  expect(text).not.toContain('canary');
  expect(server.api.log()).not.toContain('canary');
});

test('a body that does not end is answered with a problem', async () => {
  const text = await answerTo(
    'POST /v1/applications HTTP/1.1',
    'Host: x',
    `Authorization: Bearer ${server.api.token}`,
    'Content-Type: application/json',
    'Content-Length: 100',
    '',
    '{"name":',
  );
  expect(problemIn(text)).toEqual({ status: 408, code: 'request_incomplete' });
});

test('a body whose chunks are broken is answered with a problem, and does nothing', async () => {
  const text = await answerTo(
    'POST /v1/applications HTTP/1.1',
    'Host: x',
    `Authorization: Bearer ${server.api.token}`,
    'Content-Type: application/json',
    'Transfer-Encoding: chunked',
    '',
    '10',
    '{"name":"broken"}CANARY',
    '',
  );
  expect(problemIn(text)).toEqual({ status: 400, code: 'invalid_request' });
  expect((await server.api.expect(200, 'GET', '/v1/applications')).items).not.toContainEqual(
    expect.objectContaining({ name: 'broken' }),
  );
});

test('who asks for the head alone gets no body, also when the request is none', async () => {
  const text = await answerTo('HEAD /healthz HTTP/1.1', 'Host: x', 'Content-Length: x', '', '');
  expect(text).toMatch(/^HTTP\/1\.1 400 /);
  expect(text.split('\r\n\r\n')[1]).toBe('');
});

test('garbage after a request is not taken for the answer to that request', async () => {
  const body = '{"name":"before the garbage"}';
  const text = await answerTo(
    'POST /v1/applications HTTP/1.1',
    'Host: x',
    `Authorization: Bearer ${server.api.token}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    `${body}GARBAGE`,
    '',
    '',
  );
  expect(text).toMatch(/^HTTP\/1\.1 201 /);
  expect(text).not.toContain(' 400 ');
  expect((await server.api.expect(200, 'GET', '/v1/applications')).items).toContainEqual(
    expect.objectContaining({ name: 'before the garbage' }),
  );
});

test('a request of which only the beginning came after another takes nothing away from that', async () => {
  const text = await answerTo('GET /healthz HTTP/1.1', 'Host: x', '', 'GET /healthz HTTP/1.1', 'Ho');
  expect(text).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*\{"status":"ok"\}/);
});

test('a client that waits with its body is told to send it once it is wanted, and never without a token', async () => {
  const head = [
    'POST /v1/applications HTTP/1.1',
    'Host: x',
    'Expect: 100-continue',
    'Content-Type: application/json',
    'Content-Length: 18',
  ];
  const wanted = await server.connect();
  wanted.send(...head, `Authorization: Bearer ${server.api.token}`, '', '');
  await until('the 100', () => wanted.received.startsWith('HTTP/1.1 100 Continue'));
  wanted.send('{"name":"waiting"}');
  await until('the 201', () => wanted.received.includes('HTTP/1.1 201 '));
  wanted.socket.destroy();

  const refused = await answerTo(...head, '', '');
  expect(problemIn(refused)).toEqual({ status: 401, code: 'unauthenticated' });
});
