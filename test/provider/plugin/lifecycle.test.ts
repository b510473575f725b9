import { EventEmitter } from 'node:events';
import type { Host } from '../../../provider/plugin/host';
import { type Ending, manageLifecycle } from '../../../provider/plugin/lifecycle';
import { recordingLog } from '../resources/recording-log';

/** A process whose time, signals and parent the test plays. */
class PlayedHost implements Host {
  readonly exits: number[] = [];
  parent = 100;
  private time = 0;
  private timers: { due: number; every?: number; then: () => void }[] = [];
  private readonly signals = new EventEmitter();

  parentId = () => this.parent;
  exit = (code: number) => void this.exits.push(code);
  on = (signal: string, listener: () => void) => void this.signals.on(signal, listener);
  after = (milliseconds: number, then: () => void) => {
    const timer = { due: this.time + milliseconds, then };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  };
  every = (milliseconds: number, then: () => void) =>
    void this.timers.push({ due: this.time + milliseconds, every: milliseconds, then });

  signal = (name: string) => this.signals.emit(name);

  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      const next = this.timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.time = next.due;
      if (next.every) next.due += next.every;
      else this.timers = this.timers.filter((timer) => timer !== next);
      next.then();
      await settled();
    }
    this.time = end;
  }
}

class Session extends EventEmitter {
  close = () => void this.emit('close');
}

/** Whatever is queued by promises and setImmediate has run. */
const settled = async () => {
  for (let i = 0; i < 3; i++) await new Promise((done) => setImmediate(done));
};

function start({ debug = false, settle = async () => {} }: { debug?: boolean; settle?: () => Promise<void> } = {}) {
  const host = new PlayedHost();
  const log = recordingLog();
  const endings: Ending[] = [];
  const lifecycle = manageLifecycle(
    (ending) => {
      endings.push(ending);
      return settle();
    },
    log,
    { debug, host },
  );
  const connect = () => {
    const session = new Session();
    lifecycle.track(session as never);
    return session;
  };
  return { host, log, endings, lifecycle, connect };
}

const never = () => new Promise<void>(() => {});

describe('while Terraform is there', () => {
  test('a command may take longer than a provider waits for its connection', async () => {
    const { host, connect, endings } = start();
    connect();
    await host.pass(15 * 60_000);
    expect({ exits: host.exits, endings }).toEqual({ exits: [], endings: [] });
  });

  test('Ctrl-C is for Terraform', async () => {
    const { host, connect, endings } = start();
    connect();
    host.signal('SIGINT');
    await settled();
    expect({ exits: host.exits, endings }).toEqual({ exits: [], endings: [] });
  });

  test('a connection of several may close', async () => {
    const { host, connect } = start();
    const first = connect();
    connect();
    first.close();
    await settled();
    expect(host.exits).toEqual([]);
  });
});

describe('Terraform is lost', () => {
  test.each<[string, number, (played: ReturnType<typeof start>) => unknown]>([
    ['when its last connection closes', 1, ({ connect }) => connect().close()],
    ['by SIGTERM', 143, ({ host }) => host.signal('SIGTERM')],
    ['by SIGHUP', 129, ({ host }) => host.signal('SIGHUP')],
    [
      'when its process ends',
      1,
      ({ host, connect }) => {
        connect();
        host.parent = 1;
      },
    ],
    ['when it never connects', 1, ({ host }) => host.pass(60_000)],
  ])('%s: that is settled as lost, once, and is the end', async (_how, code, lose) => {
    const played = start();
    await lose(played);
    await settled();
    await played.host.pass(1_000);
    expect(played.endings).toEqual([{ lost: true }]);
    expect(played.host.exits).toEqual([code]);
    expect(played.log.entries.map(([level, message]) => `${level} ${message}`)).toEqual(['warn lost Terraform']);
  });

  test('not before it had a minute to connect', async () => {
    const { host } = start();
    await host.pass(59_999);
    expect(host.exits).toEqual([]);
  });

  test('and a service that hangs holds the end for ten seconds', async () => {
    const { host, connect } = start({ settle: never });
    connect().close();
    await host.pass(9_999);
    expect(host.exits).toEqual([]);
    await host.pass(1);
    expect(host.exits).toEqual([1]);
  });

  test('a second signal waits for nothing', async () => {
    const { host } = start({ settle: never });
    host.signal('SIGTERM');
    host.signal('SIGTERM');
    expect(host.exits).toEqual([143]);
  });
});

describe('Shutdown', () => {
  test('settles, answers, and ends with 0 when the connections have closed', async () => {
    const { host, lifecycle, connect, endings } = start();
    connect();
    await lifecycle.shutDown();
    expect(host.exits).toEqual([]);
    await settled();
    expect({ exits: host.exits, endings }).toEqual({ exits: [0], endings: [{ lost: false }] });
  });

  test('is answered after ten seconds at most, and the log says that nothing was settled', async () => {
    const { host, lifecycle, log } = start({ settle: never });
    let answered = false;
    void lifecycle.shutDown().then(() => {
      answered = true;
    });
    await host.pass(9_999);
    expect(answered).toBe(false);
    await host.pass(1);
    expect(answered).toBe(true);
    expect(log.entries).toMatchObject([['error', 'not settled', { limitMs: 10_000 }]]);
    expect(host.exits).toEqual([0]);
  });

  test('that is asked for twice settles once', async () => {
    const { lifecycle, endings } = start();
    await Promise.all([lifecycle.shutDown(), lifecycle.shutDown()]);
    expect(endings).toHaveLength(1);
  });

  test('waits a second for a connection that does not close', async () => {
    const { host, lifecycle, connect } = start();
    connect().close = () => {};
    await lifecycle.shutDown();
    await settled();
    await host.pass(999);
    expect(host.exits).toEqual([]);
    await host.pass(1);
    expect(host.exits).toEqual([0]);
  });

  test('is no loss, though its connections close while it settles', async () => {
    let done = () => {};
    const { host, lifecycle, connect, endings } = start({
      settle: () =>
        new Promise((resolve) => {
          done = resolve;
        }),
    });
    const session = connect();
    const answered = lifecycle.shutDown();
    session.close();
    await settled();
    expect(host.exits).toEqual([]);
    done();
    await answered;
    await settled();
    expect({ exits: host.exits, endings }).toEqual({ exits: [0], endings: [{ lost: false }] });
  });
});

describe('for a debugger', () => {
  test('connections come and go, nobody needs to connect, and no parent is watched', async () => {
    const { host, connect, endings } = start({ debug: true });
    host.parent = 1;
    await host.pass(3_600_000);
    connect().close();
    await settled();
    expect({ exits: host.exits, endings }).toEqual({ exits: [], endings: [] });
  });

  test('Ctrl-C is the end', async () => {
    const { host, endings } = start({ debug: true });
    host.signal('SIGINT');
    await settled();
    expect({ exits: host.exits, endings }).toEqual({ exits: [0], endings: [{ lost: false }] });
  });
});
