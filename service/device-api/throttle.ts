import type { Clock } from '../clock';
import { DeviceError } from './device-error';

/** As Keeper's backend does, by the SDKs' own notes: 100 requests in 10 s a client and endpoint. */
export const THROTTLE_REQUESTS = 100;
export const THROTTLE_WINDOW_MS = 10_000;
/** Windows kept before those that are over are swept out. */
const SWEEP_AT = 10_000;

export interface Throttle {
  /** Counts a request. @throws DeviceError `throttled` with `retry_after` in seconds */
  count(client: string, endpoint: string): void;
}

export function createThrottle(clock: Clock, limit: number): Throttle {
  const windows = new Map<string, { endsAt: number; requests: number }>();
  return {
    count(client, endpoint) {
      const now = clock.now();
      const key = `${client}/${endpoint}`;
      let window = windows.get(key);
      if (!window || now >= window.endsAt) {
        if (windows.size >= SWEEP_AT) {
          sweep(windows, now);
        }
        window = { endsAt: now + THROTTLE_WINDOW_MS, requests: 0 };
        windows.set(key, window);
      }
      window.requests++;
      if (window.requests > limit) {
        const retry_after = Math.ceil((window.endsAt - now) / 1000);
        throw new DeviceError('throttled', `More than ${limit} requests in ${THROTTLE_WINDOW_MS / 1000} seconds`, {
          retry_after,
        });
      }
    },
  };
}

function sweep(windows: Map<string, { endsAt: number }>, now: number): void {
  for (const [key, { endsAt }] of windows) {
    if (now >= endsAt) {
      windows.delete(key);
    }
  }
}
