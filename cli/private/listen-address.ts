import { InvalidArgumentError } from 'commander';

/** `host:port`, an IPv6 address in brackets; port 0 takes a free one. */
export function parseListenAddress(value: string): string {
  const port = /^(?:\[[0-9a-fA-F:.]+\]|[^:[\]\s/]+):(\d{1,5})$/.exec(value)?.[1];
  if (port === undefined || Number(port) > 65_535) {
    throw new InvalidArgumentError(
      'Write host:port, for instance 127.0.0.1:8443 (port 0 to 65535; 0 takes a free one).',
    );
  }
  return value;
}
