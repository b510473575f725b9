import { InvalidArgumentError } from 'commander';
import { parseListenAddress } from '../../service/host/listen-address';

/** The value as it is, if the service can listen there: `host:port`, an IPv6 address in brackets. */
export function listenAddress(value: string): string {
  try {
    parseListenAddress(value);
  } catch {
    throw new InvalidArgumentError(
      'Write host:port, for instance 127.0.0.1:8443 (port 0 to 65535; 0 takes a free one).',
    );
  }
  return value;
}
