import { InvalidArgumentError } from 'commander';
import { parseAdvertisedAddress } from '../../service/host/advertised-address';
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

/** The value as it is, if devices can be told it: `host:port`, as they reach the service. */
export function advertisedAddress(value: string): string {
  try {
    parseAdvertisedAddress(value);
  } catch {
    throw new InvalidArgumentError('Write host:port as devices reach it, for instance ksm.example.com:8443.');
  }
  return value;
}
