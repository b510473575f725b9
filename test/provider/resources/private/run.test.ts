import { Held } from '../../../../provider/resources/private/held';
import { Run } from '../../../../provider/resources/private/run';
import { CANARY, client, fakeService } from '../../../contract/client/fake-service';
import { recordingLog } from '../recording-log';

const RUN_ID = 'run-0123456789abcdef';

const opened: { close(): Promise<void> }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((listener) => listener.close())));

async function setUp(answer: { status: number; body: string } = { status: 200, body: '{"revoked":[]}' }) {
  const service = await fakeService((response) => response.writeHead(answer.status).end(answer.body));
  opened.push(service);
  let now = 0;
  const log = recordingLog();
  const options = { runId: RUN_ID, maxRetries: 0 };
  const run = new Run(client(service.endpoint, options), new Held(() => now), log);
  const requests = () => service.seen.map(({ method, url, body }) => [method, url, JSON.parse(body)]);
  return { run, log, requests, at: (seconds: number) => (now = seconds * 1000) };
}

test('a run that read and made nothing asks nothing of the service', async () => {
  const { run, requests } = await setUp();
  run.wasMissing('a');
  run.wasDeleted('b');
  await run.settle();
  expect(requests()).toEqual([]);
});

test('a run that may have made something settles with all that Terraform was given', async () => {
  const { run, requests } = await setUp();
  run.begin();
  run.wasApplied('a');
  run.wasRead('b');
  run.wasDeleted('b');
  await run.settle();
  expect(requests()).toEqual([['POST', `/v1/runs/${RUN_ID}/settle`, { held: ['a'], lost: false }]]);
});

test('a run whose only creation failed settles with nothing, so that what it may have made is revoked', async () => {
  const { run, requests } = await setUp();
  run.begin();
  await run.settle();
  expect(requests()).toEqual([['POST', `/v1/runs/${RUN_ID}/settle`, { held: [], lost: false }]]);
});

test('more ids than one request takes go ahead of the settlement', async () => {
  const { run, requests } = await setUp();
  for (let n = 0; n < 5001; n++) run.wasRead(`id-${n}`);
  await run.settle();
  expect(requests().map(([method, , body]) => [method, body.held.length])).toEqual([
    ['PUT', 1],
    ['POST', 5000],
  ]);
});

test('a settlement that fails is a warning in the log, never an error', async () => {
  const { run, log } = await setUp({ status: 500, body: CANARY });
  run.wasApplied('a');
  await run.settle();
  expect(log.entries).toEqual([['warn', expect.stringContaining('could not settle'), { code: 'invalid_reply' }]]);
  expect(JSON.stringify(log.entries)).not.toContain(CANARY);
});

describe('while Terraform works', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance'] }));
  afterEach(() => jest.useRealTimers());

  test('the run is renewed every 20 s with what Terraform has surely saved', async () => {
    const { run, requests, at } = await setUp();
    run.wasRead('read');
    run.wasApplied('saved');
    at(21);
    run.wasApplied('fresh');
    at(40);
    jest.advanceTimersByTime(19_999);
    expect(requests()).toEqual([]);
    jest.advanceTimersByTime(1);
    jest.useRealTimers();
    while (requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(requests()).toEqual([['PUT', `/v1/runs/${RUN_ID}`, { held: ['read', 'saved'] }]]);
    await run.settle();
  });
});
