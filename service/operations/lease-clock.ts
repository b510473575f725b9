import type { Clock } from '../world/clock';

/**
 * The time that leases are counted in: wall-clock time as of the start of the
 * process, and from then on what has really passed. Somebody who sets the
 * clock of the machine neither ends nor prolongs a lease.
 */
export interface LeaseClock {
  /** Milliseconds. */
  now(): number;
  /** The end of a lease as the wall clock will show it. */
  toWall(leaseEnd: number): number;
}

export function createLeaseClock(clock: Clock): LeaseClock {
  const offset = clock.now() - clock.monotonic();
  const now = () => Math.round(clock.monotonic() + offset);
  return { now, toWall: (leaseEnd) => leaseEnd - now() + clock.now() };
}
