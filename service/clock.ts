/** The time, wherever it decides something: injected, so that tests move it. */
export interface Clock {
  /** Milliseconds since 1970. An administrator or NTP may set it, in either direction. */
  now(): number;
  /** Milliseconds since some moment in the past; never goes back. What measures a duration within the process takes it. */
  monotonic(): number;
}

export const systemClock: Clock = { now: Date.now, monotonic: () => performance.now() };
