/** Replies with many items, written in portions: no other request waits for the whole text. */

import { Readable } from 'node:stream';
import type { TArray, TObject, TSchema } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import { turn } from '../world/timers';

/** Some 5 ms of writing. */
const ITEMS_A_PORTION = 500;

/**
 * The value as it is, which the route's schema serialises; or, where a member has many items, a stream of the same
 * text.
 */
export function large<T extends object>(reply: FastifyReply, schema: TObject, value: T): T {
  const many = Object.values(value).some((member) => Array.isArray(member) && member.length > ITEMS_A_PORTION);
  if (!many) return value;
  reply.type('application/json; charset=utf-8');
  return Readable.from(portions(reply, schema, value)) as unknown as T;
}

async function* portions(reply: FastifyReply, schema: TObject, value: object): AsyncGenerator<string> {
  let before = '{';
  for (const [name, member] of Object.entries(value)) {
    const known = schema.properties[name];
    if (known === undefined || member === undefined) continue;
    const head = `${before}${JSON.stringify(name)}:`;
    before = ',';
    if (Array.isArray(member)) {
      yield `${head}[`;
      yield* items(writer(reply, (known as TArray).items), member);
      yield ']';
    } else {
      yield head + writer(reply, known)(member);
    }
  }
  yield before === '{' ? '{}' : '}';
}

async function* items(write: (item: unknown) => string, all: readonly unknown[]): AsyncGenerator<string> {
  for (let start = 0; start < all.length; start += ITEMS_A_PORTION) {
    if (start > 0) await turn();
    const text = all
      .slice(start, start + ITEMS_A_PORTION)
      .map(write)
      .join();
    yield start > 0 ? `,${text}` : text;
  }
}

function writer(reply: FastifyReply, schema: TSchema): (value: unknown) => string {
  const write = reply.compileSerializationSchema(schema as never);
  return (value) => String(write(value as never));
}
