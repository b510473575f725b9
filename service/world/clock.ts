/**
 * The world as the service sees it: time, timers and chance. Nothing else of
 * the service takes them from anywhere else (`test/service/world.test.ts`), so
 * that a process can be played with a clock of its own. It imports nothing of
 * the service.
 */

/** The time, wherever it decides something: injected, so that tests move it. */
export interface Clock {
  /** Milliseconds since 1970. An administrator or NTP may set it, in either direction. */
  now(): number;
  /** Milliseconds since some moment in the past; never goes back. What measures a duration within the process takes it. */
  monotonic(): number;
}

export const systemClock: Clock = { now: Date.now, monotonic: () => performance.now() };
