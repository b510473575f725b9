/** Progress of long work on stderr: one line that rewrites itself on a terminal, a line every few seconds elsewhere. */

const TERMINAL_EVERY_MS = 100;
const LOG_EVERY_MS = 5_000;

export class Progress {
  private shownAt = Date.now();
  private open = false;

  constructor(
    /** What is counted, for instance `records`. */
    private readonly what: string,
    private readonly total: number,
    private readonly stream: NodeJS.WriteStream = process.stderr,
  ) {}

  update(done: number): void {
    const now = Date.now();
    if (now - this.shownAt < (this.stream.isTTY ? TERMINAL_EVERY_MS : LOG_EVERY_MS)) return;
    this.shownAt = now;
    const line = `${done} of ${this.total} ${this.what}`;
    this.stream.write(this.stream.isTTY ? `\r${line}` : `${line}\n`);
    this.open = this.stream.isTTY;
  }

  /** Clears the line, so that the next one starts at the margin. */
  end(): void {
    if (this.open) this.stream.write('\r\u001b[K');
    this.open = false;
  }
}
