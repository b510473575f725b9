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
