/** Lets one at a time pass, in the order in which they came. */
export class Turn {
  #last: Promise<void> = Promise.resolve();
  #end: () => void = () => undefined;

  async take(): Promise<void> {
    const before = this.#last;
    let end: () => void = () => undefined;
    this.#last = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    this.#end = end;
  }

  /** Only by whoever has the turn. */
  give(): void {
    this.#end();
  }
}
