/**
 * Commander's Service Mode over HTTP: one command at a time, in the order of their coming. Where its queue is on (v2) a
 * command is handed in, and its result is asked for; a reply that was lost is asked for again. It logs nothing: commands
 * carry names, and replies carry tokens.
 */

import { isKsmError } from '../../../contract/errors';
import type { Clock } from '../../world/clock';
import { sleep } from '../../world/timers';
import type { Call } from '../call';
import type { CommandCounts } from '../command-counts';
import { OutcomeUnknown } from '../outcome-unknown';
import { isJson, isLimited, isPage, limitIn, parsed, replyOf, textOf } from './answer';
import { type Answer, codeOf, createExchange, isUnreachable, MIN_VERSION } from './exchange';
import { type Reply, SYNCED, says } from './reply';
import { busy, unavailable } from './unavailable';

export interface CommanderOptions {
  /** `http(s)://host:port`; plain HTTP on loopback alone. */
  readonly url: string;
  /** SECRET. */
  readonly apiKey: string;
  /** SECRET. 32 characters, where Commander encrypts its replies. */
  readonly encryptionKey?: string | undefined;
  /** PEM. @default what Node trusts */
  readonly ca?: string | undefined;
  /** How many requests a minute it allows to each of its endpoints. @default what its first refusal says */
  readonly requestsPerMinute?: number | undefined;
  readonly clock: Clock;
}

export interface CommanderClient {
  /**
   * Runs a command that changes nothing.
   *
   * @throws KsmError `vault_unavailable`; `vault_busy` when its turn has not come by the deadline
   */
  look(call: Call, text: string): Promise<Reply>;
  /**
   * Runs a command that changes something. Before it is sent, and when the id of its request is known, its progress is
   * noted with the call, together with `facts`.
   *
   * @throws KsmError `vault_unavailable` when it was not run; OutcomeUnknown when nobody knows
   */
  change(call: Call, text: string, facts?: object): Promise<Changed>;
  /** The result of an earlier request; undefined when Commander has none any more. */
  resultOf(call: Call, requestId: string): Promise<Reply | undefined>;
  /**
   * Whether a command that begins with this word is on the allow-list. Nothing is run: what follows the word is refused.
   *
   * @throws KsmError `vault_unavailable` where the key or the address is not allowed
   */
  allows(call: Call, word: string): Promise<boolean>;
  /** Whether its queue is on. */
  hasQueue(): Promise<boolean>;
  /** @throws KsmError `vault_unavailable` when it does not answer */
  health(): Promise<void>;
  readonly counts: CommandCounts;
}

/** Commander's own words. */
const NOT_PERMITTED = 'Not permitted to perform this function';
/** The commands that are sent. */
const WORDS = /^(secrets-manager \w+ \w+|pam gateway \w+|sync-down|list-sf|nsf-list|list|result|probe)(?= |$)/;
/** How often a result is asked for at most and at least, in milliseconds. */
const FIRST_POLL_MS = 10;
const LAST_POLL_MS = 1_000;
/** Of the time that a command has taken, so much more may pass before its end is seen. */
const LATER = 0.1;
/** When a result is asked for again that has been waited for so long, in milliseconds. */
export const pollAfter = (waited: number, turnMs: number): number =>
  Math.max(turnMs, Math.min(Math.max(FIRST_POLL_MS, waited * LATER), LAST_POLL_MS));
/** Its minutes begin with a request, which may have been slow to come: so much slower than allowed they are sent. */
const PACE = 1.01;
/** What a rate limit is waited for; there is no Retry-After. */
const LIMITED_MS = 1_500;
/** A command that Keeper throttles sleeps inside Commander for minutes: thrice, five at most. */
export const COMMAND_MAX_MS = 15 * 60_000;
/** So long a proxy may answer in Commander's place that it is not there, before its reply counts as lost. */
const PAGES_MS = 30_000;

/** How far a change has come, for whoever reads back what became of it. */
export interface Progress {
  /** When it was sent, in milliseconds since 1970. Nothing is noted of one that was not. */
  readonly sentAt: number;
  readonly requestId?: string;
  /** Without a queue: nothing but time proves that the command has ended. */
  readonly isDirect?: true;
}

export interface Changed extends Reply {
  readonly sentAt: number;
}

export function createCommanderClient(options: CommanderOptions): CommanderClient {
  const { clock, apiKey, encryptionKey, ca } = options;
  const base = new URL(options.url);
  const ask = createExchange({ url: base, apiKey, ca });
  const commands = new Map<string, number>();
  /** When all that was asked for has ended; and what of it has when the latest is at work. */
  let ended: Promise<void> = Promise.resolve();
  let endedBefore: Promise<void> = Promise.resolve();
  /** When the latest has its place in Commander's queue, where it is a read. */
  let latestLook: Promise<void> | undefined;
  let [queued, waitedMs] = [0, 0];
  /** Undefined: not known yet. */
  let hasQueue: boolean | undefined;
  let perMinute = options.requestsPerMinute;
  let handedInAt = Number.NEGATIVE_INFINITY;

  /** A command costs a request to hand it in, and one for its result: more than one of each a turn is over the limit. */
  const turnMs = () => (perMinute === undefined ? 0 : (60_000 / perMinute) * PACE);

  async function limited(answer: Answer, { signal }: Call): Promise<void> {
    perMinute ??= limitIn(answer);
    await sleep(LIMITED_MS, signal);
  }

  /** Waits for a place. @throws KsmError `vault_unavailable`: nothing was run. OutcomeUnknown: nobody knows */
  async function handIn(call: Call, path: string, text: string, timeout?: number): Promise<Answer> {
    for (;;) {
      let answer: Answer;
      const early = Math.min(handedInAt + turnMs() - clock.monotonic(), turnMs());
      if (early > 0) await sleep(early, call.signal);
      handedInAt = clock.monotonic();
      try {
        answer = await ask('POST', path, { command: text }, timeout);
      } catch (error) {
        // Nobody knows whether it arrived, unless nobody was there.
        if (isUnreachable(error))
          throw unavailable(`Keeper Commander at ${base.host} does not answer (${codeOf(error)})`);
        throw new OutcomeUnknown(`The connection to Keeper Commander was lost (${codeOf(error)}).`, { cause: error });
      }
      if (!isLimited(answer)) return answer;
      if (call.deadline !== undefined && clock.monotonic() + LIMITED_MS > call.deadline) throw busy();
      await limited(answer, call);
    }
  }

  /** @throws KsmError `vault_unavailable` where it refused at its door; OutcomeUnknown for what is no reply of Commander's */
  function requireRun(answer: Answer): void {
    const { status, body } = answer;
    if (status === 426) throw unavailable(`Keeper Commander is older than ${MIN_VERSION}: update it`);
    if (isJson(answer)) {
      const cure = CURES[textOf(body)];
      if (cure !== undefined) throw unavailable(cure);
    } else if (isPage(answer)) {
      const what = notCommander(status);
      // A proxy's error may come after Commander has got the command.
      throw status >= 300 && status < 500 ? unavailable(what) : new OutcomeUnknown(`${what}.`);
    }
  }

  const notCommander = (status: number) =>
    `What answers at ${base.host} is no Service Mode of Keeper Commander, or a proxy before it (status ${status})`;

  async function viaQueue(call: Call, text: string, { note, place }: Sending): Promise<Reply | 'no queue'> {
    await note?.({});
    const answer = await handIn(call, '/api/v2/executecommand-async', text);
    const { status, body } = answer;
    if (status === 404) return 'no queue';
    requireRun(answer);
    const { request_id: id } = parsed(body) as { request_id?: unknown };
    if (typeof id !== 'string') {
      if (status >= 400 && status < 500) throw notRun(answer);
      throw new OutcomeUnknown(`Keeper Commander did not say whether it took the command (status ${status}).`);
    }
    await note?.({ requestId: id });
    place?.taken();
    await place?.endedBefore;
    const reply = await onceRun(() => poll(call, id));
    if (reply === undefined) throw new OutcomeUnknown('Keeper Commander forgot the command: it was restarted.');
    return reply;
  }

  async function poll(call: Call, id: string): Promise<Reply | undefined> {
    const until = clock.monotonic() + COMMAND_MAX_MS;
    let pagesUntil = Number.POSITIVE_INFINITY;
    for (let waited = 0; ; ) {
      const wait = pollAfter(waited, turnMs());
      await pause(wait, call);
      waited += wait;
      let answer: Answer;
      try {
        answer = await ask('GET', `/api/v2/result/${encodeURIComponent(id)}`);
      } catch (error) {
        if (clock.monotonic() > until || call.signal.aborted || isUnreachable(error)) {
          throw new OutcomeUnknown(`The reply of Keeper Commander was lost (${codeOf(error)}).`, { cause: error });
        }
        continue;
      }
      if (isLimited(answer)) {
        await limited(answer, call);
        continue;
      }
      if (answer.status === 202) {
        if (clock.monotonic() > until) throw new OutcomeUnknown('Keeper Commander did not end the command in time.');
        continue;
      }
      if (answer.status === 404) return undefined;
      if (isPage(answer)) {
        pagesUntil = Math.min(pagesUntil, clock.monotonic() + PAGES_MS);
        if (clock.monotonic() < pagesUntil && !call.signal.aborted) continue;
      }
      requireRun(answer);
      return replyOf(answer, encryptionKey);
    }
  }

  async function direct(call: Call, text: string, { note }: Sending): Promise<Reply> {
    await note?.({ isDirect: true });
    // It answers when the command has ended, however long that takes.
    const answer = await handIn(call, '/api/v1/executecommand', text, COMMAND_MAX_MS);
    requireRun(answer);
    return onceRun(async () => replyOf(answer, encryptionKey));
  }

  /**
   * One command after another. A read that follows a read has its place in Commander's queue already while that one runs, so that
   * Commander does not wait for us; nothing is ever handed in beside a change.
   */
  function inTurn<T>(call: Call, text: string, work: (place: Place) => Promise<T>, isLook = false): Promise<T> {
    const asked = clock.monotonic();
    queued++;
    const before = ended;
    const start = isLook && latestLook ? Promise.all([latestLook, endedBefore]) : before;
    let taken = () => {};
    const isTaken = new Promise<void>((resolve) => {
      taken = resolve;
    });
    const turn = start.then(async () => {
      waitedMs += clock.monotonic() - asked;
      if (call.signal.aborted) throw unavailable('The service is stopping');
      if (call.deadline !== undefined && clock.monotonic() > call.deadline) throw busy();
      // Never what follows them: names and ids.
      const words = WORDS.exec(text)?.[0] ?? 'other';
      commands.set(words, (commands.get(words) ?? 0) + 1);
      return work({ taken, endedBefore: before });
    });
    const done = turn.finally(() => {
      queued--;
      taken();
    });
    endedBefore = before;
    ended = done.then(
      () => before,
      () => before,
    );
    latestLook = isLook ? isTaken : undefined;
    return done;
  }

  async function sent(call: Call, text: string, sending: Sending = {}): Promise<Reply> {
    if (hasQueue !== false) {
      const reply = await viaQueue(call, text, sending);
      if (reply !== 'no queue') {
        hasQueue = true;
        return reply;
      }
      hasQueue = false;
    }
    return direct(call, text, sending);
  }

  /** Whether it had expired: by now it is there again. The command that logs in loses what Commander only logs: one without effect. */
  async function renewed(call: Call, reply: Reply): Promise<boolean> {
    if (!hasExpired(reply)) return false;
    await sent(call, 'sync-down');
    return true;
  }

  /**
   * @throws OutcomeUnknown also where the session of Commander ended under the command: it may be one of several calls to
   *   Keeper that was refused
   */
  async function change(call: Call, text: string, facts: object = {}): Promise<Changed> {
    const sentAt = clock.now();
    const note: Note = (more) => call.note({ ...facts, sentAt, ...more } satisfies Progress);
    const reply = await sent(call, text, { note });
    if (isLoggedOut(reply)) throw new OutcomeUnknown(LOGGED_OUT);
    if (await renewed(call, reply)) throw new OutcomeUnknown(EXPIRED);
    return { ...reply, sentAt };
  }

  async function look(call: Call, text: string, place: Place): Promise<Reply> {
    const first = await sent(call, text, { place });
    // Behind a read that found the session expired it was the command that logged in.
    const again = isLoggedOut(first) || (await renewed(call, first));
    const reply = again ? await sent(call, text) : first;
    if (isLoggedOut(reply)) throw new OutcomeUnknown(LOGGED_OUT);
    if (hasExpired(reply)) throw new OutcomeUnknown(EXPIRED);
    return reply;
  }

  /** What was only looked at has changed nothing, whatever became of the reply. */
  async function harmless<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw error instanceof OutcomeUnknown ? unavailable(error.detail.replace(/\.$/, '')) : error;
    }
  }

  return {
    look: (call, text) => inTurn(call, text, (place) => harmless(look(call, text, place)), true),

    change: (call, text, facts) => inTurn(call, text, () => change(call, text, facts)),

    resultOf: (call, id) => inTurn(call, 'result', () => harmless(poll(call, id))),

    allows: (call, word) =>
      inTurn(call, 'probe', async () => {
        // The older endpoint is there with and without a queue, and answers at once.
        const answer = await handIn(call, '/api/v1/executecommand', `${word}\r`);
        if (answer.status === 400 && isJson(answer)) return true;
        if (textOf(answer.body) === NOT_PERMITTED) return false;
        requireRun(answer);
        throw notRun(answer);
      }),

    async hasQueue() {
      return (await ask('GET', '/api/v2/queue/status')).status !== 404;
    },

    async health() {
      let answer: Answer;
      try {
        answer = await ask('GET', '/health');
      } catch (error) {
        throw unavailable(`Keeper Commander at ${base.host} does not answer (${codeOf(error)})`);
      }
      if (answer.status !== 200) throw unavailable(`Keeper Commander at ${base.host} answers ${answer.status}`);
    },

    counts: { commands, queued: () => queued, waitedMs: () => waitedMs },
  };
}

type Note = (progress: Partial<Progress>) => Promise<void>;

interface Place {
  /** It has its place in Commander's queue: what follows may be handed in. */
  readonly taken: () => void;
  /** When its result may be asked for: two that ask at once would be over the rate limit. */
  readonly endedBefore: Promise<void>;
}

interface Sending {
  readonly note?: Note;
  readonly place?: Place;
}

/** Commander's own words at its door: the command was not run. What is on the allow-list is asked for by `allows`. */
const CURES: Readonly<Record<string, string>> = {
  'Please provide a valid api key': 'The API key is not one of this Commander. Set KSM_IAC_COMMANDER_API_KEY',
  'API key has expired': 'The API key of Commander has expired. Make another, and set KSM_IAC_COMMANDER_API_KEY',
  'IP is not allowed to call API service': "Commander's list of addresses does not allow this machine",
  [NOT_PERMITTED]: 'The command is not on the allow-list of this Commander (docs/commander.md names what is needed)',
};

/** The command was run: whatever is wrong with its reply, nobody knows what it did. */
async function onceRun<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isKsmError(error) ? new OutcomeUnknown(error.detail, { cause: error }) : error;
  }
}

const LOGGED_OUT = 'The session of Commander has ended: log in to Commander again (docs/commander.md).';
const EXPIRED = 'The session of Commander had expired; it has been made to log in again.';

/** Without a session every command "succeeds" and does nothing. One that logged in again says the same, and more. */
const isLoggedOut = (reply: Reply) =>
  reply.data === undefined && says(reply, 'Logging in to Keeper as') && !says(reply, SYNCED);

const hasExpired = ({ error }: Reply) => error?.includes('session_token_expired') ?? false;

/** Ends with the waiting of a stop, and then looks once more. */
const pause = (milliseconds: number, { signal }: Call) => sleep(milliseconds, signal).catch(() => undefined);

/** The words of the door are Commander's own; a command's are never repeated. */
const notRun = ({ status, body }: Answer) =>
  unavailable(`Keeper Commander refused the command (status ${status}: ${textOf(body).slice(0, 120)})`);
