import type { Log, LogFields } from '../../../provider/framework';

/** A log that keeps everything, at every level, for checks that no secret is in it. */
export function recordingLog(): Log & { readonly entries: [string, string, LogFields | undefined][] } {
  const entries: [string, string, LogFields | undefined][] = [];
  const at = (level: string) => (message: string, fields?: LogFields) => void entries.push([level, message, fields]);
  return {
    entries,
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
}
