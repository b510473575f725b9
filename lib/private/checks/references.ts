/** What an expression of Terraform refers to, as far as it says where each value goes: functions are taken to pass on what they get. */

/** `ksm_client_device.x["a"].id` has the root `ksm_client_device` and the steps `x`, `[a]`, `id`. */
export interface Reference {
  readonly root: string;
  /** Names; `[key]` for an index that is literal, `*` for another one and for a splat. */
  readonly steps: readonly string[];
  /** Where it stands in an object or a list that the expression makes: keys, and `*` in a list. */
  readonly at: readonly string[];
}

export const isIndex = (step: string) => step === '*' || step.startsWith('[');
export const nameOf = (step: string) => step.replace(/^\[(.*)\]$/, '$1');

/** References of a template, which is what each text of Terraform's JSON is. */
export function referencesIn(template: string): Reference[] {
  return /[$%]\{/.test(template) ? new Reader(template).template() : [];
}

/** The reference after these steps are taken from it; none, where they lead to another part of what it stands in. */
export function extended(reference: Reference, steps: readonly string[]): Reference[] {
  const [step, ...more] = steps;
  if (step === undefined) return [reference];
  const [key, ...at] = reference.at;
  if (key === undefined) return extended({ ...reference, steps: [...reference.steps, step] }, more);
  if (key !== '*') return step === '*' || nameOf(step) === key ? extended({ ...reference, at }, more) : [];
  // A function such as element() has taken the index itself, where a name follows at once.
  return extended({ ...reference, at }, isIndex(step) ? more : steps);
}

/** Functions whose result tells nothing of the values. */
const TELLING_NOTHING = new Set(['length', 'keys']);
/** `for k, v in …`: the names before the collection. */
const LOOP = /~?\s*for\s+([\w-]+)(?:\s*,\s*([\w-]+))?\s+in\s+/y;

class Reader {
  private position = 0;

  constructor(private readonly text: string) {}

  /** @param end the quote that ends a template within an expression */
  public template(end = ''): Reference[] {
    const found: Reference[] = [];
    while (this.position < this.text.length && !(end !== '' && this.skip(end))) {
      if (this.skip('$${') || this.skip('%%{')) continue;
      if (end !== '' && this.match(/\\./sy)) continue;
      if (this.skip('${')) found.push(...this.until('}'));
      else if (this.skip('%{')) {
        const loop = this.match(LOOP);
        const inner = this.until('}');
        if (loop) return [...found, ...bound(this.template(end), loop, inner)];
        found.push(...inner);
      } else this.position++;
    }
    return found;
  }

  private until(end: string): Reference[] {
    const found = this.expression(end);
    this.position++;
    return found;
  }

  /** Up to one of these characters, at this depth. */
  private expression(ends: string): Reference[] {
    const found: Reference[] = [];
    while (this.position < this.text.length && !ends.includes(this.text[this.position]!)) found.push(...this.operand());
    return found;
  }

  private operand(): Reference[] {
    if (this.skip('"')) return this.template('"');
    const name = this.match(/[A-Za-z_][\w-]*/y)?.[0];
    let inner: Reference[];
    if (this.skip('(')) inner = this.until(')');
    else if (name !== undefined) return [{ root: name, steps: this.path(), at: [] }];
    else if (this.skip('[')) inner = this.collection(']');
    else if (this.skip('{')) inner = this.collection('}');
    else {
      this.position++;
      return [];
    }
    const path = this.path();
    if (name !== undefined && TELLING_NOTHING.has(name)) return [];
    return inner.flatMap((reference) => extended(reference, path));
  }

  /** What follows a name or a bracket: `.id`, `.*`, `[0]`, `["key"]`. */
  private path(): string[] {
    const steps: string[] = [];
    for (;;) {
      const attribute = this.match(/\.([A-Za-z_][\w-]*)/y);
      const key = attribute ? undefined : this.match(/\["([^"$%\\]*)"\]/y);
      if (attribute) steps.push(attribute[1]!);
      else if (key) steps.push(`[${key[1]}]`);
      else if (this.match(/\.(\*|\d+)/y)) steps.push('*');
      else if (this.skip('[')) {
        this.until(']');
        steps.push('*');
      } else return steps;
    }
  }

  /** A list or an object, after its bracket: of what it makes, or of what a `for` makes it. */
  private collection(end: string): Reference[] {
    const loop = this.match(LOOP);
    if (loop) {
      const over = this.until(':');
      return bound(this.until(end), loop, over).map((reference) => ({ ...reference, at: ['*', ...reference.at] }));
    }
    const found: Reference[] = [];
    while (this.position < this.text.length && !this.skip(end)) {
      const key = end === '}' ? this.match(/\s*(?:"([^"$%\\]*)"|([A-Za-z_][\w-]*))\s*(?:=(?![=>])|:)/y) : undefined;
      const at = key?.[1] ?? key?.[2] ?? '*';
      const values = this.expression(`,\n${end}`);
      found.push(...values.map((reference) => ({ ...reference, at: [at, ...reference.at] })));
      if (!this.skip(',')) this.skip('\n');
    }
    return found;
  }

  private skip(text: string): boolean {
    const there = this.text.startsWith(text, this.position);
    if (there) this.position += text.length;
    return there;
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text);
    if (found) this.position = pattern.lastIndex;
    return found ?? undefined;
  }
}

/** In what a `for` repeats, its variable is an element of what it goes through. */
function bound(body: Reference[], [, first, second]: RegExpExecArray, over: Reference[]): Reference[] {
  return body.flatMap((reference) =>
    reference.root === (second ?? first)
      ? over
          .flatMap((one) => extended(one, ['*', ...reference.steps]))
          .map((one) => ({ ...one, at: [...reference.at, ...one.at] }))
      : [reference],
  );
}
