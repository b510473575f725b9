import type { FastifyReply } from 'fastify';
import { HEADER_IDEMPOTENCY_REPLAYED } from '../../contract/api';
import type { Written } from '../operations/change/mutation';

/** Takes the value out of what a change answered, and says so when it is that of an earlier attempt. */
export function written<T>({ value, replayed }: Written<T>, reply: FastifyReply): T {
  if (replayed) {
    reply.header(HEADER_IDEMPOTENCY_REPLAYED, 'true');
  }
  return value;
}
