/** One at a time at each place, in the order of their coming. */
export interface Turns {
  at<T>(place: string, work: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    at(place, work) {
      const before = last.get(place) ?? Promise.resolve();
      const turn = before.then(work, work);
      const done = turn.then(ignore, ignore).then(() => {
        if (last.get(place) === done) last.delete(place);
      });
      last.set(place, done);
      return turn;
    },
  };
}

const ignore = () => undefined;
