import { rmdirSync, unlinkSync } from 'node:fs';
import type { ServerHttp2Session } from 'node:http2';
import type { Log } from '../framework/log';
import type { Endpoint } from './handshake';
import { type Host, thisProcess } from './host';
import { errorFields } from './log';

/** The longest that an end may settle; Terraform waits for the reply to Shutdown without limit. */
const SETTLE_MS = 10_000;
/** go-plugin kills the process 2 s after the reply to Shutdown. */
const CLOSE_MS = 1_000;
/** go-plugin connects at once after the handshake; whoever has not by then is gone. */
const FIRST_CONNECTION_MS = 60_000;
const PARENT_CHECK_MS = 1_000;

/** The exit codes of a shell for what a signal ended. */
const ENDING_SIGNALS = { SIGTERM: 143, SIGHUP: 129 } as const;

/** How the process ends. */
export interface Ending {
  /** Terraform went away without a Shutdown: its connection closed, its process ended, or a signal ends this one. */
  readonly lost: boolean;
}

export interface Lifecycle {
  /** A connection of Terraform's: losing the last one is losing Terraform, unless it is a debugger's. */
  track(session: Pick<ServerHttp2Session, 'once' | 'close'>): void;
  /** Settles, at most once and for at most 10 s, and ends the process when the reply has left. */
  shutDown(): Promise<void>;
}

interface LifecycleOptions {
  /** Terraform reattaches: connections come and go, and Ctrl-C is the end. */
  readonly debug: boolean;
  /** @default this process */
  readonly host?: Host;
}

/** @param settle what must be done before the end; called once, and given 10 s */
export function manageLifecycle(
  settle: (ending: Ending) => Promise<void>,
  log: Log,
  { debug, host = thisProcess }: LifecycleOptions,
): Lifecycle {
  const sessions = new Set<Pick<ServerHttp2Session, 'once' | 'close'>>();

  let settled: Promise<void> | undefined;
  const settleOnce = (ending: Ending): Promise<void> => {
    settled ??= atMost(SETTLE_MS, host, async () => settle(ending)).catch((error) =>
      log.error('not settled', { limitMs: SETTLE_MS, ...errorFields(error) }),
    );
    return settled;
  };

  const lose = (reason: string, exitCode = 1): void => {
    if (settled) return;
    log.warn('lost Terraform', { reason });
    void settleOnce({ lost: true }).then(() => host.exit(exitCode));
  };

  let shutting: Promise<void> | undefined;
  const shutDown = (): Promise<void> => {
    shutting ??= settleOnce({ lost: false })
      // After the reply has been handed to its stream, whose end a closing session awaits.
      .then(() => void setImmediate(() => closeThenExit(sessions, host)));
    return shutting;
  };

  let connected = () => {};
  const track: Lifecycle['track'] = (session) => {
    connected();
    sessions.add(session);
    session.once('close', () => {
      sessions.delete(session);
      if (!debug && sessions.size === 0) lose('connection_closed');
    });
  };

  for (const [signal, exitCode] of Object.entries(ENDING_SIGNALS)) {
    // A second signal, or one while it settles already, is not kept waiting.
    host.on(signal as keyof typeof ENDING_SIGNALS, () => (settled ? host.exit(exitCode) : lose(signal, exitCode)));
  }
  if (debug) {
    host.on('SIGINT', () => void shutDown());
  } else {
    // Ctrl-C reaches the whole process group; Terraform calls StopProvider and lets us finish.
    host.on('SIGINT', () => {});
    const parent = host.parentId();
    host.every(PARENT_CHECK_MS, () => host.parentId() !== parent && lose('parent_gone'));
    connected = host.after(FIRST_CONNECTION_MS, () => lose('never_connected'));
  }
  return { track, shutDown };
}

/** Leaves no socket behind, and no folder made for it, whatever ends the process (save SIGKILL). */
export function removeSocketAtExit(endpoint: Endpoint): void {
  if (endpoint.network !== 'unix') return;
  process.once('exit', () => {
    try {
      unlinkSync(endpoint.path);
      if (endpoint.ownFolder) rmdirSync(endpoint.ownFolder);
    } catch {
      // Someone emptied the temp folder before us.
    }
  });
}

function closeThenExit(sessions: ReadonlySet<Pick<ServerHttp2Session, 'once' | 'close'>>, host: Host): void {
  host.after(CLOSE_MS, () => host.exit(0));
  let open = sessions.size;
  if (open === 0) host.exit(0);
  for (const session of sessions) {
    session.once('close', () => --open === 0 && host.exit(0));
    session.close();
  }
}

function atMost(milliseconds: number, host: Host, work: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = host.after(milliseconds, () => reject(new Error('time is up')));
    work().then(resolve, reject).finally(cancel);
  });
}
