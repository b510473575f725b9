import { fixedWindow } from '../fixed-window';
import type { Clock } from '../world/clock';
import { DeviceError } from './device-error';

/** As Keeper's backend does, by the SDKs' own notes: 100 requests in 10 s a client and endpoint. */
export const THROTTLE_REQUESTS = 100;
export const THROTTLE_WINDOW_MS = 10_000;

export interface Throttle {
  /** Counts a request. @throws DeviceError `throttled` with `retry_after` in seconds */
  count(client: string, endpoint: string): void;
}

export function createThrottle({ monotonic }: Clock, limit: number): Throttle {
  const windows = fixedWindow({ monotonic, limit, windowMs: THROTTLE_WINDOW_MS });
  return {
    count(client, endpoint) {
      const wait = windows.count(`${client}/${endpoint}`);
      if (wait > 0) {
        throw new DeviceError('throttled', `More than ${limit} requests in ${THROTTLE_WINDOW_MS / 1000} seconds`, {
          retry_after: Math.ceil(wait / 1000),
        });
      }
    },
  };
}
