import type { KsmClient } from '../../../../contract/client';
import { KsmError } from '../../../../contract/errors';
import { HELD_MAX_ITEMS } from '../../../../contract/limits';
import { Run } from '../../../../provider/resources/private/run';
import { recordingLog } from '../recording-log';

type Runs = Pick<KsmClient, 'renewRun' | 'settleRun'>;

const idle = { inFlight: { idle: async () => undefined }, lost: false };

/** What the service is told, and how it answers. */
function told(answers: Partial<Runs> = {}) {
  const calls: string[] = [];
  const client = {
    async renewRun(held: readonly string[]) {
      calls.push(`renew ${held.length > 5 ? held.length : held.join(' ')}`.trim());
      return answers.renewRun?.(held) as never;
    },
    async settleRun(held: readonly string[], options: { lost: boolean }) {
      calls.push(`settle${options.lost ? ' lost' : ''} ${held.length > 5 ? held.length : held.join(' ')}`.trim());
      return (answers.settleRun?.(held, options) ?? { revoked: [], revokedTotal: 0 }) as never;
    },
  };
  return { calls, client };
}

afterEach(() => jest.useRealTimers());

test('a process that makes nothing and finds nothing to tell says nothing', async () => {
  const { calls, client } = told();
  const run = new Run(client, recordingLog());
  await run.end(idle);
  expect(calls).toEqual([]);
});

test('what was answered is settled, and what was deleted again is not', async () => {
  const { calls, client } = told();
  const run = new Run(client, recordingLog());
  run.begin();
  for (const id of ['a', 'b', 'c']) run.wasApplied(id);
  run.wasDeleted('b');
  await run.end(idle);
  expect(calls).toEqual(['settle a c']);
});

test('the settlement waits for the calls in flight, and names what they answered', async () => {
  const { calls, client } = told();
  const run = new Run(client, recordingLog());
  run.begin();
  await run.end({ inFlight: { idle: async () => run.wasApplied('late') }, lost: false });
  expect(calls).toEqual(['settle late']);
});

test('a run that lost Terraform says so', async () => {
  const { calls, client } = told();
  const run = new Run(client, recordingLog());
  run.begin();
  run.wasApplied('a');
  await run.end({ ...idle, lost: true });
  expect(calls).toEqual(['settle lost a']);
});

test('what stood in states is told together and soon, without a lease being kept', async () => {
  jest.useFakeTimers();
  const { calls, client } = told();
  const run = new Run(client, recordingLog());
  run.stoodInState('a');
  run.stoodInState('b');
  await jest.advanceTimersByTimeAsync(1_000);
  expect(calls).toEqual(['renew a b']);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(calls).toHaveLength(1);
});

test('a refresh that goes on finding tells in few requests, and what it found last soon after', async () => {
  jest.useFakeTimers();
  const { calls, client } = told();
  const run = new Run(client, recordingLog());
  for (let found = 0; found < 100; found++) {
    run.stoodInState(`id ${found}`);
    await jest.advanceTimersByTimeAsync(100);
  }
  await jest.advanceTimersByTimeAsync(200);
  expect(calls.length).toBeLessThanOrEqual(5);
  expect(
    calls.map((call) => Number(call.split(' ').length === 2 ? call.split(' ')[1] : 1)).reduce((a, b) => a + b),
  ).toBe(100);
});

test('a process that only read tells at its end what it has not told yet, and settles nothing', async () => {
  const { calls, client } = told();
  const run = new Run(client, recordingLog());
  run.stoodInState('a');
  await run.end(idle);
  expect(calls).toEqual(['renew a']);
});

test('while it makes things the lease is renewed every 20 s', async () => {
  jest.useFakeTimers();
  const { calls, client } = told();
  const run = new Run(client, recordingLog());
  run.begin();
  await jest.advanceTimersByTimeAsync(61_000);
  expect(calls).toEqual(['renew', 'renew', 'renew']);
  await run.end(idle);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(calls).toHaveLength(4);
});

test('what could not be told is told with the next renewal', async () => {
  jest.useFakeTimers();
  let fails = true;
  const { calls, client } = told({
    renewRun: async () => {
      if (fails) throw new KsmError('service_unreachable', 'gone');
      return undefined as never;
    },
  });
  const run = new Run(client, recordingLog());
  run.begin();
  run.stoodInState('a');
  await jest.advanceTimersByTimeAsync(1_000);
  fails = false;
  await jest.advanceTimersByTimeAsync(40_000);
  expect(calls).toEqual(['renew a', 'renew a', 'renew']);
});

test('more than one request may hold goes in several, the settlement last', async () => {
  const { calls, client } = told();
  const run = new Run(client, recordingLog());
  run.begin();
  for (let i = 0; i < HELD_MAX_ITEMS + 7; i++) run.wasApplied(`item-${i}`);
  await run.end(idle);
  expect(calls).toEqual(['renew 7', `settle ${HELD_MAX_ITEMS}`]);
});

test('a settlement that fails or hangs ends the process all the same, and says where to look', async () => {
  jest.useFakeTimers();
  const log = recordingLog();
  const run = new Run(
    told({
      settleRun: async () => {
        throw new KsmError('service_unreachable', 'gone');
      },
    }).client,
    log,
  );
  run.begin();
  await run.end(idle);
  expect(JSON.stringify(log.entries)).toContain('ksm-iac orphans list');
  const hanging = new Run(told({ settleRun: () => new Promise(() => undefined) }).client, recordingLog());
  hanging.begin();
  const ended = hanging.end(idle);
  await jest.advanceTimersByTimeAsync(3_001);
  await ended;
});

test('what the service revoked is logged by its number', async () => {
  const log = recordingLog();
  const { client } = told({ settleRun: async () => ({ revoked: ['x'], revokedTotal: 1 }) as never });
  const run = new Run(client, log);
  run.begin();
  await run.end(idle);
  expect(JSON.stringify(log.entries)).toContain('revoked what Terraform did not take over');
});
