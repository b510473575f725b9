import { X509Certificate } from 'node:crypto';
import type { Logger } from 'pino';
import type { ServerIdentity } from './local-authority';

const WARN_BEFORE_MS = 30 * 86_400_000;
const WARN_EVERY_MS = 86_400_000;

/** The certificate that connections get, and its successors. */
export interface ServedCertificate {
  /** The one of now. */
  readonly identity: ServerIdentity;
  /** When it ends, in milliseconds since 1970. */
  notAfter(): number;
  /**
   * Reads it again (the local one: renews it if it ends soon) and serves what has changed. What cannot be served is
   * logged, once for each cause, and the certificate of before stays. Never throws.
   */
  reload(): Promise<void>;
  /** Called with each successor. */
  onChange(serve: (identity: ServerIdentity) => void): void;
}

/** @param load what is to be served at this moment; throws a StartError when that cannot be */
export async function serveCertificate(options: {
  load: () => ServerIdentity | Promise<ServerIdentity>;
  now: () => number;
  log: Pick<Logger, 'info' | 'warn' | 'error'>;
}): Promise<ServedCertificate> {
  const { load, now, log } = options;
  let identity = await load();
  let serve: (identity: ServerIdentity) => void = () => undefined;
  let failure: string | undefined;
  let warnedAt = Number.NEGATIVE_INFINITY;
  const notAfter = () => Date.parse(new X509Certificate(identity.cert).validTo);

  function warn(): void {
    const end = notAfter();
    if (end - now() >= WARN_BEFORE_MS || now() - warnedAt < WARN_EVERY_MS) {
      return;
    }
    warnedAt = now();
    const ended = end <= now() ? 'the certificate has ended' : 'the certificate ends soon';
    log.warn(
      { notAfter: new Date(end).toISOString() },
      `${ended}; replace its files, they are read again by themselves`,
    );
  }

  warn();
  return {
    get identity() {
      return identity;
    },
    notAfter,
    onChange: (call) => {
      serve = call;
    },
    async reload() {
      try {
        const loaded = await load();
        if (loaded.cert !== identity.cert || loaded.key !== identity.key) {
          serve(loaded);
          identity = loaded;
          warnedAt = Number.NEGATIVE_INFINITY;
          log.info({ notAfter: new Date(notAfter()).toISOString() }, 'another certificate is served');
        }
        failure = undefined;
      } catch (error) {
        const { message } = error as Error;
        // Files that are just being replaced do not fit together for a moment.
        if (message !== failure)
          log.error({ err: error }, 'the certificate was not reloaded; that of before is served on');
        failure = message;
      }
      warn();
    },
  };
}
