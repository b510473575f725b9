import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { KsmError, PROBLEMS } from '../../contract/errors';
import { fixedWindow } from '../fixed-window';
import type { Clock } from '../world/clock';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Probes are never refused: an orchestrator would end the service for it. */
    unlimited?: boolean;
    /** Whose strangers a request counts among. @default 'api' */
    face?: Face;
  }
}

export interface RateLimit {
  /** Requests within ten seconds, by token; of those without a valid one by address. */
  readonly requests: number;
  /** Requests within a second by one address that carry no valid token. */
  readonly strangers: number;
}

/**
 * Generous to tokens: Terraform's own pace, ten requests at a time of a few milliseconds each, stays far below; a
 * client in a loop does not. Little for strangers: a person who has mistyped a token, and scrapers of metrics.
 */
export const DEFAULT_RATE_LIMIT: RateLimit = { requests: 20_000, strangers: 100 };

const WINDOW_MS = 10_000;
/** Short, so that a good token is waited with for a moment only, on an address from which somebody floods the service. */
const STRANGERS_WINDOW_MS = 1_000;
/** Only valid tokens get in, so this is far more than there are. */
const MOST_KNOWN = 10_000;

/** Strangers on `/v1` and those on the device API are counted apart: neither is held against the other's users. */
type Face = 'api' | 'device';

export interface RateLimiter {
  /** @throws KsmError `rate_limited` */
  admit(credential: string | undefined, address: string, face: Face): void;
  /** Notes that this credential was valid: from now on no stranger's doings are held against it. */
  accept(credential: string): void;
  /** Notes that this credential is not valid, or not any more. */
  reject(credential: string): void;
  /** Counts a request that no valid credential carried. */
  countStranger(credential: string | undefined, address: string, face: Face): void;
  /** Counts what was no request at all. The error if this address has sent too much of it. */
  countUnreadable(address: string): KsmError | undefined;
}

export function createRateLimiter(options: {
  limit: RateLimit;
  clock: Clock;
  log: Pick<FastifyBaseLogger, 'warn'>;
}): RateLimiter {
  const { limit, log } = options;
  const { monotonic } = options.clock;
  const requests = fixedWindow({ monotonic, limit: limit.requests, windowMs: WINDOW_MS });
  const strangers = fixedWindow({ monotonic, limit: limit.strangers, windowMs: STRANGERS_WINDOW_MS });
  const noted = fixedWindow({ monotonic, limit: 1, windowMs: WINDOW_MS });
  /** Hashes of credentials that were accepted, the one that came last at the end. */
  const known = new Set<string>();

  const knownHash = (credential: string | undefined): string | undefined => {
    const hash = credential === undefined ? undefined : hashOf(credential);
    return hash !== undefined && known.has(hash) ? hash : undefined;
  };

  const ofStrangers = (address: string) => `${limit.strangers} requests a second without a valid token from ${address}`;

  function refusal(address: string, waitMs: number, what: string): KsmError {
    if (noted.count(networkOf(address)) === 0) {
      log.warn({ ip: address }, `Requests are refused: more than ${what}`);
    }
    return new KsmError('rate_limited', `These are more than ${what}. Wait, then ask for less at once.`, {
      retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
    });
  }

  return {
    admit(credential, address, face) {
      const network = networkOf(address);
      const hash = knownHash(credential);
      const wait = requests.count(hash ?? network);
      if (wait > 0) {
        const whose = hash === undefined ? `from ${address}` : 'with one API token';
        throw refusal(address, wait, `${limit.requests} requests in ${WINDOW_MS / 1000} s ${whose}`);
      }
      if (hash === undefined) {
        const strangersWait = strangers.wait(`${face} ${network}`);
        if (strangersWait > 0) {
          throw refusal(address, strangersWait, ofStrangers(address));
        }
      }
    },

    accept(credential) {
      const hash = hashOf(credential);
      known.delete(hash);
      known.add(hash);
      if (known.size > MOST_KNOWN) {
        known.delete(known.values().next().value as string);
      }
    },

    reject(credential) {
      known.delete(hashOf(credential));
    },

    countStranger(credential, address, face) {
      if (knownHash(credential) === undefined) {
        strangers.count(`${face} ${networkOf(address)}`);
      }
    },

    countUnreadable(address) {
      const wait = strangers.count(`api ${networkOf(address)}`);
      return wait > 0 ? refusal(address, wait, ofStrangers(address)) : undefined;
    },
  };
}

/** Before everything that costs something: an unknown path, a token that is none, a body. */
export function limitRate(app: FastifyInstance, limiter: RateLimiter): void {
  app.addHook('onRequest', async ({ headers, ip, routeOptions }) => {
    const { unlimited, face = 'api' } = routeOptions.config;
    if (!unlimited) {
      limiter.admit(headers.authorization, ip, face);
    }
  });
  // Before the reply is sent, so that it counts when the client comes again.
  app.addHook('onSend', async ({ headers: { authorization }, ip, routeOptions, authenticated }, { statusCode }) => {
    const { unlimited, face = 'api' } = routeOptions.config;
    if (unlimited || face !== 'api' || statusCode === PROBLEMS.rate_limited.status) {
      return;
    }
    if (authenticated !== undefined && authorization !== undefined) {
      limiter.accept(authorization);
      return;
    }
    if (statusCode === PROBLEMS.unauthenticated.status && authorization !== undefined) {
      limiter.reject(authorization);
    }
    limiter.countStranger(authorization, ip, face);
  });
}

const hashOf = (credential: string) => createHash('sha256').update(credential).digest('base64');

/** Of IPv6 the network of 64 bits: whoever has one address of it has them all. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) {
    return plain;
  }
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...before, ...Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0'), ...after];
  return groups.slice(0, 4).join(':');
}
