/** Commander's times: `YYYY-MM-DD HH:MM:SS` in the zone of its host. */
import type { NewGateway } from '../vault';

/** A command that took longer may have been held up before it made anything. */
const LONG_MS = 30_000;

export const MINUTE_MS = 60_000;

/** When the token of a command that was sent then and has ended by now lapses, rather too late; a configuration never. */
export function tokenEnd(
  { initialization, tokenExpiresInMinutes }: Pick<NewGateway, 'initialization' | 'tokenExpiresInMinutes'>,
  sentAt: number,
  now: number,
): number | null {
  if (initialization === 'config') return null;
  return (now - sentAt > LONG_MS ? now : sentAt) + tokenExpiresInMinutes * MINUTE_MS;
}

/** @returns milliseconds since 1970; null for what is none */
export function timeOf(text: unknown, timeZone: string): number | null {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return null;
  const asUtc = Date.parse(`${text.replace(' ', 'T')}Z`);
  if (timeZone === 'UTC') return asUtc;
  // The offset that the zone has at about that time; once more, in case it changes in between.
  const guess = asUtc - offsetAt(asUtc, timeZone);
  return asUtc - offsetAt(guess, timeZone);
}

function offsetAt(time: number, timeZone: string): number {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
      .formatToParts(time)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<string, number>;
  const local = Date.UTC(parts.year!, parts.month! - 1, parts.day, parts.hour, parts.minute, parts.second);
  return local - Math.floor(time / 1000) * 1000;
}
