import { type CallContext, endingOf } from '../../../provider/framework/call';
import { Lifetime } from '../../../provider/framework/lifetime';

/** Work that runs until it is told to end. */
function held() {
  let release!: () => void;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { release, work: () => until };
}

describe('a call', () => {
  test('that is not ended has signals that say nothing', async () => {
    const lifetime = new Lifetime();
    await lifetime.run(async (call) => {
      expect([call.signal.aborted, call.writeSignal.aborted, call.deadline]).toEqual([false, false, Infinity]);
      expect(endingOf(call)).toBeUndefined();
    });
  });

  test('ends its reads at an interrupt, and lets the running attempt of a write finish', async () => {
    const lifetime = new Lifetime();
    await lifetime.run(async (call) => {
      lifetime.stop();
      expect([endingOf(call), call.writeSignal.aborted]).toEqual(['interrupted', false]);
    });
    expect(lifetime.stopped).toBe(true);
    await lifetime.run(async (call) => expect(endingOf(call)).toBe('interrupted'));
  });

  test('that cleans up goes on after an interrupt', async () => {
    const lifetime = new Lifetime();
    lifetime.stop();
    const options = { evenIfStopped: true };
    await lifetime.run(async (call) => expect(call.signal.aborted).toBe(false), options);
  });

  test('ends with the patience of its caller, as a read', async () => {
    const caller = new AbortController();
    await new Lifetime().run(
      async (call) => {
        caller.abort();
        expect([endingOf(call), call.writeSignal.aborted]).toEqual(['abandoned', false]);
      },
      { signal: caller.signal },
    );
  });

  test('ends its write too when its time is up', async () => {
    await new Lifetime().run(
      async (call) => {
        await new Promise((resolve) => call.writeSignal.addEventListener('abort', resolve));
        expect(endingOf(call)).toBe('out_of_time');
        expect(call.deadline).toBeLessThanOrEqual(performance.now());
      },
      { limitMs: 5 },
    );
  });

  test('that is done is ended by nothing any more', async () => {
    const lifetime = new Lifetime();
    let kept: CallContext | undefined;
    await lifetime.run(async (call) => {
      kept = call;
    });
    lifetime.stop();
    expect(kept!.signal.aborted).toBe(false);
  });
});

describe('waiting for calls in flight', () => {
  test('ends when the last one does, also where it fails, and from then on the run counts as settled', async () => {
    const lifetime = new Lifetime();
    const [a, b] = [held(), held()];
    const calls = [
      lifetime.run(a.work),
      lifetime.run(async () => {
        await b.work();
        throw new Error('failed');
      }),
    ];
    let idle = false;
    const waiting = lifetime.idle(60_000).then(() => {
      idle = true;
    });
    a.release();
    await calls[0];
    expect([idle, lifetime.settled]).toEqual([false, false]);
    b.release();
    await expect(calls[1]).rejects.toThrow('failed');
    await waiting;
    expect(lifetime.settled).toBe(true);
  });

  test('ends at its limit', async () => {
    const lifetime = new Lifetime();
    const { work, release } = held();
    const call = lifetime.run(work);
    await lifetime.idle(5);
    expect(lifetime.settled).toBe(true);
    release();
    await call;
  });

  test('is over at once where none is', async () => {
    const lifetime = new Lifetime();
    await lifetime.idle(60_000);
    expect(lifetime.settled).toBe(true);
  });
});
