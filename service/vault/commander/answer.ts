/** What an answer is: Commander's own, encrypted or not, or that of something before it. */

import { createDecipheriv } from 'node:crypto';
import type { Answer } from './exchange';
import { type Reply, readReply } from './reply';
import { unavailable } from './unavailable';

export const isJson = ({ headers }: Pick<Answer, 'headers'>) => String(headers['content-type']).includes('json');

/** A proxy's own words. What Commander encrypts it calls text/html too, and answers none of these statuses with it. */
export const isPage = (answer: Answer) =>
  !isJson(answer) &&
  ([502, 503, 504].includes(answer.status) || /^\s*<(!doctype|html|head|body|\?xml)/i.test(answer.body.toString()));

/** At the door: its limit of requests, or its queue is full. One that Keeper itself throttled was run. */
export function isLimited(answer: Answer): boolean {
  const { status, body } = answer;
  if (!isJson(answer)) return status === 429 && (body.length === 0 || isPage(answer));
  const { result_code: code } = parsed(body) as { result_code?: unknown };
  return (status === 429 && code === 'rate_limited') || (status === 503 && textOf(body).includes('queue is full'));
}

/** Requests a minute, as the refusal says; undefined where it says nothing, as of a full queue. */
export function limitIn({ body }: Answer): number | undefined {
  const [, count, of, unit] = /(\d+) per (\d+) (second|minute|hour|day)/.exec(textOf(body)) ?? [];
  return unit === undefined ? undefined : Math.max(1, Number(count) / (Number(of) * MINUTES[unit]!));
}

const MINUTES: Readonly<Record<string, number>> = { second: 1 / 60, minute: 1, hour: 60, day: 1440 };

export function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return {};
  }
}

export function textOf(body: Buffer): string {
  const { error } = parsed(body) as { error?: unknown };
  return typeof error === 'string' ? error : '';
}

/** 12-byte IV, ciphertext, 16-byte tag. */
function decrypted(body: Buffer, key: string): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key), body.subarray(0, 12));
    decipher.setAuthTag(body.subarray(-16));
    return Buffer.concat([decipher.update(body.subarray(12, -16)), decipher.final()]);
  } catch {
    throw unavailable(
      "Commander's replies do not open with the key that was given: set KSM_IAC_COMMANDER_ENCRYPTION_KEY",
    );
  }
}

/** @throws KsmError `vault_unavailable` for one that does not open with the key */
export function replyOf(answer: Answer, encryptionKey: string | undefined): Reply {
  const { status, body } = answer;
  if (isJson(answer)) return readReply(status, parsed(body));
  if (encryptionKey === undefined) {
    throw unavailable(
      'Commander encrypts its replies, and no key to them was given: set KSM_IAC_COMMANDER_ENCRYPTION_KEY',
    );
  }
  return readReply(status, parsed(decrypted(body, encryptionKey)));
}
