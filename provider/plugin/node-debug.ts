import type { Log } from '../framework/log';

/**
 * With NODE_DEBUG=http or net, Node prints every request with its headers, and so the API token, to stderr, which
 * Terraform keeps as the provider's log. Node reads the variable before any script runs, so it cannot be unset here:
 * what it prints is dropped. It writes to `process.stderr`; the provider's log writes to the descriptor itself.
 */
export function blindNodeDebug(env: NodeJS.ProcessEnv, log: Log): void {
  if (!env.NODE_DEBUG) return;
  log.warn('what NODE_DEBUG prints is dropped: it would have the API token in it');
  process.stderr.write = (...args: unknown[]): boolean => {
    const done = args.find((arg) => typeof arg === 'function');
    if (done) process.nextTick(done as () => void);
    return true;
  };
}
