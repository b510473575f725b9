import { client, fakeService, json, problem } from './fake-service';

type Service = Awaited<ReturnType<typeof fakeService>>;
let service: Service;
afterEach(() => service?.close());

/** Longer than the test: only a cancellation ends such a wait in time. */
const LONG = { requestTimeoutMs: 3_600_000, operationTimeoutMs: 7_200_000 };

describe('the signal of an operation', () => {
  test('ends a read that runs', async () => {
    const controller = new AbortController();
    service = await fakeService(() => controller.abort());
    const call = client(service.endpoint, LONG).during({ signal: controller.signal }).info();
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    expect(service.seen).toHaveLength(1);
  });

  test.each(['GET', 'POST'] as const)('ends the wait between attempts of a %s', async (method) => {
    const controller = new AbortController();
    service = await fakeService((response) => {
      problem(response, 503, 'shutting_down', {}, { 'retry-after': '3600' });
      setTimeout(() => controller.abort(), 50);
    });
    const ksm = client(service.endpoint, LONG).during({ signal: controller.signal });
    const call = method === 'GET' ? ksm.info() : ksm.createApplication({ name: 'a' });
    await expect(call).rejects.toMatchObject({
      code: 'cancelled',
      detail: 'The operation was cancelled. What failed before: detail of shutting_down',
    });
    expect(service.seen).toHaveLength(1);
  });

  test.each([
    ['a creation', (ksm: ReturnType<typeof client>) => ksm.createApplication({ name: 'a' }), { id: 'made' }],
    ['a deletion', (ksm: ReturnType<typeof client>) => ksm.deleteDevice('a', 'b'), {}],
  ])('lets the running attempt of %s finish', async (_what, write, reply) => {
    const controller = new AbortController();
    service = await fakeService((response) => {
      controller.abort();
      setTimeout(() => json(response, 200, reply), 50);
    });
    expect(await write(client(service.endpoint, LONG).during({ signal: controller.signal }))).toEqual(reply);
  });

  test('lets no second attempt of a write begin', async () => {
    const controller = new AbortController();
    service = await fakeService((response) => {
      controller.abort();
      setTimeout(() => response.destroy(), 50);
    });
    const call = client(service.endpoint, LONG).during({ signal: controller.signal }).createApplication({ name: 'a' });
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    expect(service.seen).toHaveLength(1);
  });

  test('that is aborted already lets nothing begin, and other operations go on', async () => {
    service = await fakeService((response) => json(response, 200, { version: '1' }));
    const ksm = client(service.endpoint);
    await expect(ksm.during({ signal: AbortSignal.abort() }).createApplication({ name: 'a' })).rejects.toMatchObject({
      code: 'cancelled',
      detail: 'The operation was cancelled.',
    });
    expect(service.seen).toHaveLength(0);
    expect(await ksm.info()).toEqual({ version: '1' });
  });

  test('leaves the answer of a service that refuses as it is', async () => {
    const controller = new AbortController();
    service = await fakeService((response) => {
      controller.abort();
      problem(response, 409, 'application_exists');
    });
    const call = client(service.endpoint).during({ signal: controller.signal }).createApplication({ name: 'a' });
    await expect(call).rejects.toMatchObject({ code: 'application_exists' });
  });
});

describe('the signal of a client', () => {
  test('ends also the running attempt of a write: the process is about to end', async () => {
    const controller = new AbortController();
    service = await fakeService(() => controller.abort());
    const call = client(service.endpoint, { ...LONG, signal: controller.signal }).createApplication({ name: 'a' });
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    expect(service.seen).toHaveLength(1);
  });

  test('that is aborted already lets nothing begin', async () => {
    service = await fakeService((response) => json(response, 200, {}));
    const call = client(service.endpoint, { signal: AbortSignal.abort() }).info();
    await expect(call).rejects.toMatchObject({ code: 'cancelled', detail: 'The operation was cancelled.' });
    expect(service.seen).toHaveLength(0);
  });
});
