import { randomUUID } from 'node:crypto';
import type { ObjectValue, Session, SessionEnding } from '../../../provider/framework';

/** What the tiny provider's things work with; remembers within one process. */
export class Desk implements Session {
  readonly runId = randomUUID();
  readonly shelves = new Map<string, ObjectValue>();
  private made = 0;

  /**
   * @param say what it was told, for tests that look
   * @param remembers whether a shelf that this process did not make is gone
   */
  constructor(
    readonly say: (words: string) => void,
    readonly remembers = false,
  ) {}

  nextId(noun: string): string {
    this.made += 1;
    return `${noun}-${this.made}`;
  }

  keep(state: ObjectValue): ObjectValue {
    this.shelves.set(String(state.id), state);
    return state;
  }

  /** Boards get a serial number when they are made. */
  numbered(state: ObjectValue): ObjectValue {
    if (!Array.isArray(state.boards)) return state;
    const boards = state.boards.map((board, index) => {
      const { serial, height = null } = board as ObjectValue;
      return { height, serial: typeof serial === 'string' ? serial : `${String(state.id)}/${index}` } as ObjectValue;
    });
    return { ...state, boards };
  }

  wasRead() {}
  wasMissing() {}
  wasApplied() {}
  wasDeleted() {}

  async close({ inFlight }: SessionEnding): Promise<void> {
    await inFlight.idle(1000);
    this.say('shutdown');
  }
}
