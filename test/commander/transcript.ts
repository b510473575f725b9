/**
 * What the service and Keeper Commander said to each other in each test, the side channel of the cloud included: kept by
 * a machine that has the real package, and played by those that have not. A recording is of the real package alone, and
 * asking for a result until it is there is no part of it.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { mapped, Placeholders } from './placeholders';

type Answer = readonly [status: number, body: unknown];

interface Exchange {
  readonly ask: string;
  readonly body?: unknown;
  answer?: Answer;
  /** Of a command that was handed in. */
  result?: Answer;
}

export type Transcripts = ReadonlyMap<string, readonly Exchange[]>;

const REPEAT_MIN_CHARACTERS = 40;
const CONTROL = '/control';
const RESULT = /^GET \/api\/v2\/result\/(.+)$/;

/** Stands between the service and what answers it, one test after the other. */
abstract class Stage {
  protected title = '';
  protected placeholders = new Placeholders('', 0);
  readonly #server: Server;

  protected constructor(readonly apiKey: string) {
    this.#server = createServer((asked, answer) => {
      this.#handle(asked, answer).catch((error) => answer.destroy(error));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  protected async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  /** @returns when the test starts, by its clock */
  begin(title: string): number {
    this.title = title;
    const startedAt = this.startedAt();
    this.placeholders = new Placeholders(title, startedAt);
    return startedAt;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #handle(asked: IncomingMessage, reply: ServerResponse): Promise<void> {
    const text = (await buffer(asked)).toString();
    const [status, body] = await this.answer(asked, `${asked.method} ${asked.url}`, text);
    const isText = typeof body === 'string' && asked.url !== CONTROL;
    reply.writeHead(status, { 'content-type': isText ? 'text/html; charset=utf-8' : 'application/json' });
    reply.end(isText ? body : JSON.stringify(body));
  }

  protected abstract startedAt(): number;
  protected abstract answer(asked: IncomingMessage, ask: string, text: string): Promise<Answer>;
}

/** Passes on what is asked, and keeps it. */
export class Recorder extends Stage {
  readonly transcripts = new Map<string, Exchange[]>();
  readonly #handedIn = new Map<string, Exchange>();
  readonly #secrets = new Set<string>();

  private constructor(readonly commander: { readonly url: string; readonly cloud: string; readonly apiKey: string }) {
    super(commander.apiKey);
    this.#secrets.add(commander.apiKey);
  }

  static before = (commander: Recorder['commander']) => new Recorder(commander).listen();

  protected startedAt = () => Date.now();

  override begin(title: string): number {
    this.transcripts.set(title, []);
    return super.begin(title);
  }

  protected async answer(asked: IncomingMessage, ask: string, text: string): Promise<Answer> {
    const exchange: Exchange = { ask, ...(text !== '' && { body: this.placeholders.named(JSON.parse(text)) }) };
    const id = RESULT.exec(ask)?.[1];
    if (id === undefined) this.transcripts.get(this.title)!.push(exchange);
    const reply = await fetch(`${asked.url === CONTROL ? this.commander.cloud : this.commander.url}${asked.url}`, {
      method: asked.method!,
      headers: pickHeaders(asked),
      ...(text !== '' && { body: text }),
    });
    const body = parsed(await reply.text());
    if (id !== undefined && reply.status === 202) return [202, body];
    const kept: Answer = [reply.status, this.placeholders.named(body)];
    for (const value of this.placeholders.values()) this.#secrets.add(value);
    if (id === undefined) {
      exchange.answer = kept;
      if (isHandedIn(body)) this.#handedIn.set(body.request_id, exchange);
    } else {
      this.#handedIn.get(id)!.result = kept;
    }
    return [reply.status, body];
  }

  /** @throws Error when something of it has no placeholder */
  text(): string {
    const text = written(this.transcripts);
    for (const secret of this.#secrets) {
      if (text.includes(secret)) throw new Error('A transcript has a value of its recording in it.');
    }
    return text;
  }
}

/** Answers as it was recorded, to who asks as it was recorded. */
export class Replay extends Stage {
  readonly played = new Set<string>();
  readonly #results = new Map<string, Answer>();
  #left: Exchange[] = [];
  #failure: string | undefined;

  private constructor(readonly transcripts: Transcripts) {
    super('A'.repeat(43));
  }

  static of = (transcripts: Transcripts) => new Replay(transcripts).listen();

  protected startedAt = () => Date.UTC(2030, 0, 1);

  override begin(title: string): number {
    const kept = this.transcripts.get(title);
    if (!kept) throw new Error(`Nothing was recorded of "${title}". ${REFRESH}`);
    this.played.add(title);
    this.#left = [...kept];
    this.#failure = undefined;
    return super.begin(title);
  }

  /** @throws Error where another thing was asked than was recorded, or less */
  end(): void {
    const next = this.#left[0];
    const failure = this.#failure ?? (next && `This was recorded, and not asked any more:\n${JSON.stringify(next)}`);
    if (failure !== undefined) throw new Error(`${failure}\n${REFRESH}`);
  }

  protected async answer(asked: IncomingMessage, ask: string, text: string): Promise<Answer> {
    if (asked.url !== CONTROL && asked.headers['api-key'] !== this.apiKey) throw new Error('It has no API key.');
    const id = RESULT.exec(ask)?.[1];
    if (id !== undefined) return this.#results.get(id) ?? [404, { error: 'Not recorded' }];
    const got = JSON.stringify({ ask, ...(text !== '' && { body: this.placeholders.named(JSON.parse(text)) }) });
    const next = this.#left.shift();
    const expected = next && JSON.stringify({ ask: next.ask, body: next.body });
    if (!next || got !== expected) {
      this.#failure ??= `Asked:\n${got}\nRecorded:\n${expected ?? 'nothing more'}`;
      return [500, { error: 'Not recorded' }];
    }
    const body = this.placeholders.filled(next.answer![1]);
    if (next.result && isHandedIn(body)) {
      this.#results.set(body.request_id, [next.result[0], this.placeholders.filled(next.result[1])]);
    }
    return [next.answer![0], body];
  }
}

export const REFRESH =
  'The transcripts are recorded again, with a Python that has keepercommander, by: KSM_IAC_RECORD=1 npm test -- test/service/vault/commander/vault';

/** A line each test, then a line each exchange. */
export function written(transcripts: Transcripts): string {
  const lines: string[] = [];
  for (const [title, exchanges] of transcripts) {
    lines.push(JSON.stringify({ test: title }));
    const packed = repeats();
    for (const exchange of exchanges) lines.push(JSON.stringify(packed.pack(exchange)));
  }
  return `${lines.join('\n')}\n`;
}

export function readTranscripts(text: string): Transcripts {
  const transcripts = new Map<string, Exchange[]>();
  let exchanges: Exchange[] = [];
  let packed = repeats();
  for (const line of text.split('\n').filter(Boolean)) {
    const facts = JSON.parse(line) as Exchange | { test: string };
    if ('test' in facts) {
      exchanges = [];
      packed = repeats();
      transcripts.set(facts.test, exchanges);
    } else {
      exchanges.push(packed.unpack(facts));
    }
  }
  return transcripts;
}

/** What comes again within a test stands there once, and then as the number of its coming («=3»): a list of devices grows by one. */
function repeats() {
  const numbers = new Map<string, number>();
  const texts: string[] = [];
  const seen = (text: string) => {
    if (text.length < REPEAT_MIN_CHARACTERS || numbers.has(text)) return;
    numbers.set(text, texts.push(text));
  };

  function pack(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const text = JSON.stringify(value);
    const number = numbers.get(text);
    if (number !== undefined) return `«=${number}»`;
    const packed = mapped(value, pack);
    seen(text);
    return packed;
  }

  function unpack(value: unknown): unknown {
    const number = typeof value === 'string' && /^«=(\d+)»$/.exec(value)?.[1];
    if (number) return JSON.parse(texts[Number(number) - 1]!);
    if (typeof value !== 'object' || value === null) return value;
    const unpacked = mapped(value, unpack);
    seen(JSON.stringify(unpacked));
    return unpacked;
  }

  return {
    pack: (exchange: Exchange) => mapped(exchange, pack),
    unpack: (exchange: Exchange) => mapped(exchange, unpack) as Exchange,
  };
}

const isHandedIn = (body: unknown): body is { request_id: string } =>
  typeof body === 'object' && body !== null && 'request_id' in body && typeof body.request_id === 'string';

const pickHeaders = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    ['api-key', 'content-type', 'min-commander-version'].flatMap((name) =>
      headers[name] === undefined ? [] : [[name, String(headers[name])]],
    ),
  );

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
