/**
 * What differs from one recording to the next, by its shape: UIDs, client ids, tokens, keys, configurations, ids of
 * requests, times. A recording names each by the order of its coming («uid:1»); a replay gives it a value of the same
 * shape, drawn from its name, and knows it again in what is asked.
 */

import { createHash, randomUUID } from 'node:crypto';
import { clientIdOf } from '../../contract/one-time-token';

type Kind = 'uid' | 'token' | 'client' | 'key';

const MINUTE_MS = 60_000;
/** A test takes seconds, on a busy machine a minute or two: times of one moment stay one. */
const ROUNDED_MINUTES = 5;
const SHAPES =
  /(?<![\w-])(?:(?<request>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|(?<client>[\w-]{85}[AQgw])|(?<token>[\w-]{42}[AEIMQUYcgkosw048])|(?<uid>[\w-]{21}[AQgw])|(?<time>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?))(?![\w-])/g;
const NAMES = /«(?<kind>\w+):(?<rest>[^»]+)»/g;
/** Of a request there is no number: nothing else names it. */
const REQUEST = '«request»';
/** The ids of the suite that nobody has. */
export const NOBODYS = /^A{20,}[AB]+$/;
/** A value in the quotes of a command, whose dashes are followed by a pair of them where it has any. */
const QUOTED = /'((?:[\w-]|'')+)'/g;
const CONFIG = '«config»';

export class Placeholders {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  constructor(
    readonly seed: string,
    readonly startedAt: number,
  ) {}

  /** Every value that has a name. SECRET, of a recording. */
  values = (): string[] => [...this.#names.keys()];

  /** With names in the place of values. */
  named(value: unknown): unknown {
    if (typeof value === 'string') {
      const fields = configIn(value);
      return fields ? { [CONFIG]: mapped(fields, (one, name) => this.#namedField(name, one)) } : this.#namedText(value);
    }
    return mapped(value, (one, field) =>
      field === 'short_id' && typeof one === 'string' ? `«short:${one.length}»` : this.named(one),
    );
  }

  /** With values in the place of names. */
  filled(value: unknown): unknown {
    if (typeof value === 'string') return this.#filledText(value);
    const fields = isObject(value) ? value[CONFIG] : undefined;
    if (fields === undefined) return mapped(value, (one) => this.filled(one));
    const filled = mapped(fields, (one, name) =>
      name === 'clientId'
        ? Buffer.from(this.#filledText(String(one)), 'base64url').toString('base64')
        : this.filled(one),
    );
    return Buffer.from(JSON.stringify(filled)).toString('base64');
  }

  #namedField(field: string, value: unknown): unknown {
    if (typeof value !== 'string') return value;
    const bytes = Buffer.from(value, 'base64');
    if (field === 'clientId') return this.#name('client', bytes.toString('base64url'));
    return /^[\w+/-]{40,}=*$/.test(value) ? this.#name('key', value, `:${value.length}`) : value;
  }

  #namedText(text: string): string {
    const plain = text.replace(QUOTED, (quoted, inner: string) => {
      const value = inner.replaceAll("''", '');
      return value.replace(SHAPES, '') === '' ? value : quoted;
    });
    return plain.replace(SHAPES, (value, ...more) => {
      if (NOBODYS.test(value)) return value;
      const found = more.at(-1) as Record<Kind | 'request' | 'time', string | undefined>;
      if (found.request !== undefined) return REQUEST;
      if (found.time !== undefined) {
        const at = Date.parse(`${value.replace(' ', 'T')}Z`);
        return `«time:${Math.round((at - this.startedAt) / MINUTE_MS / ROUNDED_MINUTES) * ROUNDED_MINUTES}${value.includes('T') ? 'T' : ''}»`;
      }
      return this.#name((['client', 'token', 'uid'] as const).find((kind) => found[kind])!, value);
    });
  }

  #name(kind: Kind, value: string, more = ''): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const number = (this.#counts.get(kind) ?? 0) + 1;
    return this.#learn(kind, number, value, `«${kind}:${number}${more}»`);
  }

  /** With a token its client id is known, which is made of it. */
  #learn(kind: string, number: number, value: string, name: string): string {
    this.#counts.set(kind, Math.max(number, this.#counts.get(kind) ?? 0));
    this.#names.set(value, name);
    if (kind === 'token') this.#names.set(clientIdOf(Buffer.from(value, 'base64url')), `«client:of token ${number}»`);
    return name;
  }

  #filledText(text: string): string {
    return text
      .replaceAll(REQUEST, () => randomUUID())
      .replace(NAMES, (name, kind: string, rest: string) => {
        if (kind === 'time') {
          const time = new Date(this.startedAt + Number.parseInt(rest, 10) * MINUTE_MS).toISOString().slice(0, 19);
          return rest.endsWith('T') ? time : time.replace('T', ' ');
        }
        // The first characters of a client id, which nothing is asked by.
        if (kind === 'short') return this.#drawn('client', name).slice(0, Number(rest));
        const ofToken = /^of token (\d+)$/.exec(rest)?.[1];
        const value = ofToken
          ? clientIdOf(Buffer.from(this.#drawn('token', `«token:${ofToken}»`), 'base64url'))
          : this.#drawn(kind as Kind, name, Number(rest.split(':')[1]));
        if (!ofToken) this.#learn(kind, Number.parseInt(rest, 10), value, name);
        return value;
      });
  }

  #drawn(kind: Kind, name: string, length = 0): string {
    const bytes = (count: number, more = '') =>
      createHash('shake256', { outputLength: count }).update(`${this.seed} ${name}${more}`).digest();
    if (kind === 'key') return bytes(length).toString('base64').slice(0, length);
    if (kind === 'token') return bytes(32).toString('base64url');
    if (kind === 'client') return bytes(64).toString('base64url');
    // None with a dash first, as there is none in a recording.
    for (let number = 0; ; number++) {
      const uid = bytes(16, ` ${number}`).toString('base64url');
      if (!uid.startsWith('-')) return uid;
    }
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** With another in the place of each item. */
export function mapped(value: unknown, one: (value: unknown, name: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => one(item, ''));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, one(item, name)]));
}

function configIn(text: string): Record<string, unknown> | undefined {
  if (!/^eyJ[\w+/-]{100,}=*\s*$/.test(text)) return undefined;
  const fields = JSON.parse(Buffer.from(text, 'base64').toString()) as unknown;
  return isObject(fields) ? fields : undefined;
}
