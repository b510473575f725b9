import type { ExchangeEvent } from '../../../contract/client';
import type { Log } from '../../framework';

/**
 * Every HTTP attempt in the provider's log: a retry as a warning, since the user waits for it, all else for whoever
 * looks closely. What an event has is no secret.
 */
export function exchangeLog(log: Log): (event: ExchangeEvent) => void {
  return ({ requestId, durationMs, waitMs, ...event }) => {
    const fields = { ...event, durationMs: Math.round(durationMs), requestId };
    if (waitMs === undefined) log.debug('called the service', fields);
    else log.warn('calls the service again', { ...fields, waitMs: Math.round(waitMs) });
  };
}
