import { type AddressInfo, connect } from 'node:net';
import fastify from 'fastify';
import { drainable } from '../../../service/http/drain';
import { startListeningApi, until } from './listening-api';

const never = () => new Promise<never>(() => undefined);

describe('the time that what is in flight has', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'hrtime'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('is 8 s by default, and over then even for a request that never ends', async () => {
    const app = fastify();
    const drain = drainable(app);
    let asked = false;
    app.get('/never', () => {
      asked = true;
      return never();
    });
    void app.inject('/never').catch(() => undefined);
    while (!asked) {
      await new Promise(setImmediate);
    }
    let over = false;
    const draining = drain.begin().then(() => {
      over = true;
    });
    await jest.advanceTimersByTimeAsync(7_999);
    expect(over).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    await draining;
    await app.close();
  });
});

test('a client that hangs up in the middle of its request holds up no stop', async () => {
  const server = await startListeningApi({ https: false });
  try {
    const raw = await server.connect();
    raw.send(
      'POST /v1/applications HTTP/1.1',
      'Host: x',
      `Authorization: Bearer ${server.api.token}`,
      'Content-Type: application/json',
      'Content-Length: 100',
      'Expect: 100-continue',
      '',
      '',
    );
    // Its body is being waited for.
    await until('the 100', () => raw.received.includes('100 Continue'));
    let over = false;
    const draining = server.api.app.drain.begin(60_000).then(() => {
      over = true;
    });
    expect(over).toBe(false);
    raw.socket.destroy();
    await draining;
  } finally {
    await server.close();
  }
});

test('busy connections that are kept alive end with an answer each, none is cut off', async () => {
  const app = fastify({ forceCloseConnections: true });
  const drain = drainable(app);
  app.get('/', async () => 'done');
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  let begun = false;
  let answered = 0;
  const client = () =>
    new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      const send = () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
      let last = '';
      socket.on('data', (bytes) => {
        answered++;
        last = bytes.toString();
        if (!/connection: close/i.test(last)) send();
      });
      socket.once('error', (error) => resolve(error.message));
      socket.once('end', () => resolve(begun && /connection: close/i.test(last) ? 'ended' : `cut off after ${last}`));
      send();
    });
  const clients = Array.from({ length: 32 }, client);
  await until('answers', () => answered > 320);
  begun = true;
  await drain.begin(60_000);
  await app.close();
  expect([...new Set(await Promise.all(clients))]).toEqual(['ended']);
});
