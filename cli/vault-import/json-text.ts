/**
 * Reads JSON text and says where it is wrong.
 *
 * `JSON.parse` will not do here: its messages quote the text around the fault,
 * which in a vault file may be a password, and it keeps the last of two members
 * of one name without a word, which would drop a secret silently.
 */

/** A fault in the text itself. `message` never quotes the text. */
export class JsonTextError extends Error {
  constructor(
    message: string,
    /** 1-based. */
    readonly line: number,
    /** 1-based, in UTF-16 code units. */
    readonly column: number,
  ) {
    super(message);
  }
}

/** Deeper nesting than any vault file has; keeps a hostile file from exhausting the stack. */
const MAX_DEPTH = 200;

const LITERALS: ReadonlyArray<readonly [string, unknown]> = [
  ['true', true],
  ['false', false],
  ['null', null],
];
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
/** What a string holds before an escape or its end (RFC 8259 section 7). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a string
const CHARACTERS = /[^"\\\u0000-\u001f]*/y;
const HALF_PAIR = /\p{Surrogate}/u;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * The value of `text`, as `JSON.parse` gives it (a byte order mark at the start is skipped).
 * @throws JsonTextError with line and column: not JSON, a member twice in one object, half of a surrogate pair,
 *   nesting beyond 200 levels.
 */
export function parseJsonText(text: string): unknown {
  return new Reader(text).document();
}

class Reader {
  private at: number;

  constructor(private readonly text: string) {
    this.at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  document(): unknown {
    const value = this.value(0);
    this.space();
    if (this.at < this.text.length) this.fail('the text should end here, but there is more');
    return value;
  }

  private value(depth: number): unknown {
    if (depth > MAX_DEPTH) this.fail(`objects and arrays are nested more than ${MAX_DEPTH} deep`);
    this.space();
    const first = this.text[this.at];
    if (first === undefined) this.fail('the text ends too early');
    if (first === '{') return this.object(depth);
    if (first === '[') return this.array(depth);
    if (first === '"') return this.string();
    for (const [word, value] of LITERALS) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    const number = this.match(NUMBER);
    if (number === undefined) this.fail('a value should begin here');
    return Number(number);
  }

  private object(depth: number): unknown {
    const members = new Map<string, unknown>();
    this.at++;
    while (!this.closes('}', members.size > 0)) {
      const start = this.at;
      if (this.text[this.at] !== '"') this.fail('a name in double quotes should begin here');
      const name = this.string();
      if (members.has(name)) this.fail('this name occurs a second time in the same object', start);
      this.space();
      if (this.text[this.at] !== ':') this.fail('a colon should follow the name');
      this.at++;
      members.set(name, this.value(depth + 1));
    }
    // fromEntries defines own properties, `__proto__` too, as JSON.parse does.
    return Object.fromEntries(members);
  }

  private array(depth: number): unknown[] {
    const items: unknown[] = [];
    this.at++;
    while (!this.closes(']', items.length > 0)) items.push(this.value(depth + 1));
    return items;
  }

  /** Takes the closing bracket, or else the comma that must stand between two items. */
  private closes(bracket: string, needsComma: boolean): boolean {
    this.space();
    if (this.text[this.at] === bracket) {
      this.at++;
      return true;
    }
    if (needsComma) {
      if (this.text[this.at] !== ',') this.fail(`a comma or ${bracket} should stand here`);
      this.at++;
      this.space();
    }
    return false;
  }

  private string(): string {
    const start = this.at;
    this.at++;
    do this.match(CHARACTERS);
    while (this.match(ESCAPE) !== undefined);
    if (this.text[this.at] !== '"') {
      this.fail('a text in quotes ends too early, or holds a control character or an escape that JSON does not know');
    }
    this.at++;
    const value = JSON.parse(this.text.slice(start, this.at)) as string;
    if (HALF_PAIR.test(value)) this.fail('a text has half of a surrogate pair, which UTF-8 cannot carry', start);
    return value;
  }

  private space(): void {
    this.match(SPACE);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private fail(message: string, at = this.at): never {
    const before = this.text.slice(0, at).split('\n');
    throw new JsonTextError(message, before.length, (before.at(-1)?.length ?? 0) + 1);
  }
}
