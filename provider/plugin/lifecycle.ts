import { unlinkSync } from 'node:fs';
import type { ServerHttp2Session } from 'node:http2';
import type { Log } from '../framework/log';
import type { Endpoint } from './handshake';
import { errorFields } from './log';

/** The longest that a shutdown may settle; Terraform waits for it without limit. */
const SETTLE_MS = 10_000;
/** go-plugin kills the process 2 s after the reply to Shutdown. */
const CLOSE_MS = 1_000;
/** go-plugin connects at once after the handshake; whoever has not by then is gone. */
const FIRST_CONNECTION_MS = 60_000;
const PARENT_CHECK_MS = 1_000;

/** How the process ends: by Shutdown, by losing Terraform, by a signal. */
export interface Lifecycle {
  /** A connection of Terraform's: losing the last one is losing Terraform. */
  track(session: ServerHttp2Session): void;
  /** Settles, at most once and for at most 10 s, and ends the process when the reply has left. */
  shutDown(): Promise<void>;
}

/**
 * @param settle what must be done before the end that Terraform asked for, and
 *   is not done when Terraform is lost: whatever this process made, and
 *   Terraform may not have saved, must then lapse
 */
export function manageLifecycle(
  settle: () => Promise<void>,
  log: Log,
  options: { readonly debug: boolean },
): Lifecycle {
  const sessions = new Set<ServerHttp2Session>();
  let ending = false;

  const end = (reason: string): void => {
    if (ending) return;
    log.warn('ends without settling', { reason });
    process.exit(1);
  };

  const track = (session: ServerHttp2Session): void => {
    clearTimeout(unconnected);
    sessions.add(session);
    session.once('close', () => {
      sessions.delete(session);
      if (!options.debug && sessions.size === 0) end('connection_closed');
    });
  };

  let shutting: Promise<void> | undefined;
  const shutDown = (): Promise<void> => {
    ending = true;
    shutting ??= atMost(SETTLE_MS, settle())
      .catch((error) => log.error('not settled', { limitMs: SETTLE_MS, ...errorFields(error) }))
      // After the reply has been handed to its stream, whose end a closing session awaits.
      .then(() => void setImmediate(() => closeThenExit(sessions)));
    return shutting;
  };

  let unconnected: NodeJS.Timeout | undefined;
  if (options.debug) {
    process.once('SIGINT', () => void shutDown());
  } else {
    // Ctrl-C reaches the whole process group; Terraform calls StopProvider and lets us finish.
    process.on('SIGINT', () => {});
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && end('parent_gone'), PARENT_CHECK_MS).unref();
    unconnected = setTimeout(() => end('never_connected'), FIRST_CONNECTION_MS).unref();
  }
  return { track, shutDown };
}

/** Leaves no socket behind, whatever ends the process (save SIGKILL). */
export function removeSocketAtExit(endpoint: Endpoint): void {
  if (endpoint.network !== 'unix') return;
  process.once('exit', () => {
    try {
      unlinkSync(endpoint.path);
    } catch {
      // Someone emptied the temp folder before us.
    }
  });
  process.once('SIGTERM', () => process.exit(143));
  process.once('SIGHUP', () => process.exit(129));
}

function closeThenExit(sessions: ReadonlySet<ServerHttp2Session>): void {
  setTimeout(() => process.exit(0), CLOSE_MS);
  let open = sessions.size;
  if (open === 0) process.exit(0);
  for (const session of sessions) {
    session.once('close', () => --open === 0 && process.exit(0));
    session.close();
  }
}

function atMost<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const limit = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error('time is up')), milliseconds).unref();
  });
  return Promise.race([work, limit]);
}
