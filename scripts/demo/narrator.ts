/** Tells a person what happens, a line a step, and refuses to print a secret. */
import { stripVTControlCharacters, styleText } from 'node:util';

const PROGRESS_EVERY_MS = 5_000;

export class Narrator {
  private steps = 0;
  private readonly started = Date.now();
  private readonly secrets = new Set<string>();

  constructor(
    private readonly write: (text: string) => void = (text) => void process.stdout.write(text),
    /** Of the terminal; undefined: there is none, so neither wrapped lines nor colours. */
    private readonly columns: number | undefined = process.stdout.columns,
  ) {}

  /** From now on, text that contains this is a failure of the demo instead of output. */
  keepSecret(secret: string): void {
    if (secret.length >= 8) this.secrets.add(secret);
  }

  say(text: string): void {
    for (const secret of this.secrets) {
      if (text.includes(secret)) throw new Error('The demo was about to print a secret. Please report this.');
    }
    this.write(`${text}\n`);
  }

  /** Runs one step, says how long it took, and on long ones that it still runs. What `work` returns is told as its result. */
  async step<T>(title: string, work: () => Promise<{ told: string; value: T }>): Promise<T> {
    const number = String(++this.steps).padStart(2);
    const started = Date.now();
    this.say(this.wrapped(`${number}. ${title}`));
    const timer = setInterval(() => this.say(`    … ${seconds(started)}`), PROGRESS_EVERY_MS);
    try {
      const { told, value } = await work();
      this.say(this.wrapped(`    ${this.green('✓')} ${told} (${seconds(started)})`));
      return value;
    } finally {
      clearInterval(timer);
    }
  }

  private green(text: string): string {
    return this.columns === undefined || process.env.NO_COLOR
      ? text
      : styleText('green', text, { validateStream: false });
  }

  private wrapped(line: string): string {
    return wrap(line, this.columns ?? Infinity);
  }

  end(): void {
    this.say(`\nDone: ${this.steps} steps in ${seconds(this.started)}.`);
  }
}

/** At the words; further lines stand under the text after the number or mark. */
function wrap(line: string, columns: number): string {
  const indent = ' '.repeat(/^ *\S+ /.exec(stripVTControlCharacters(line))![0].length);
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/(?<=\S) (?=\S)/)) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current !== '' && stripVTControlCharacters(longer).length >= columns) {
      lines.push(current);
      current = indent + word;
    } else current = longer;
  }
  return [...lines, current].join('\n');
}

const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Says that there is a secret, and how long it is; nothing of it. */
export const mask = (secret: string): string => `${'•'.repeat(8)} (${secret.length} characters)`;
