import { randomBytes } from 'node:crypto';

/** Time and chance, from outside: a test moves them, and one process can play a history again from a seed. */
export interface Surroundings {
  /** Milliseconds from any beginning; never set back, as the time of day is. */
  now(): number;
  /** The time of day in milliseconds since 1970. */
  date(): number;
  /** Calls `then` after so many milliseconds, unless the returned function is called before. */
  after(milliseconds: number, then: () => void): () => void;
  /** From 0 to 1, 1 excluded. */
  random(): number;
  randomBytes(size: number): Buffer;
}

export const systemSurroundings: Surroundings = {
  now: () => performance.now(),
  date: Date.now,
  after: (milliseconds, then) => {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  },
  random: Math.random,
  randomBytes,
};
