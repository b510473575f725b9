import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { KsmError } from '../../contract/errors';

export interface RateLimit {
  /** Requests that one address may make within the window. */
  readonly requests: number;
  readonly windowSeconds: number;
}

/**
 * Generous: Terraform's own pace, ten requests at a time of a few milliseconds
 * each, stays far below; a client in a loop does not.
 */
export const DEFAULT_RATE_LIMIT: RateLimit = { requests: 20_000, windowSeconds: 10 };

export async function limitRate(app: FastifyInstance, { requests, windowSeconds }: RateLimit): Promise<void> {
  await app.register(rateLimit, {
    max: requests,
    timeWindow: windowSeconds * 1000,
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
    },
    errorResponseBuilder: (request, { ttl }) =>
      new KsmError(
        'rate_limited',
        `${request.ip} made more than ${requests} requests within ${windowSeconds} s. Wait, then ask for less at once.`,
        { retryAfterSeconds: Math.max(1, ttl / 1000) },
      ),
  });
}
