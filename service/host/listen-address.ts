import { isIPv4, isIPv6 } from 'node:net';
import { hostname } from 'node:os';
import { StartError } from './start-error';

export interface ListenAddress {
  /** A name or an address; an IPv6 address without its brackets. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** @throws StartError `listen_refused` */
export function parseListenAddress(text: string): ListenAddress {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s/]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65_535 || (bracketed !== undefined && !isIPv6(bracketed))) {
    throw new StartError(
      'listen_refused',
      `The address to listen on is ${JSON.stringify(text)}; expected host:port, for instance 127.0.0.1:8443 or [::1]:8443. Port 0 takes a free one.`,
    );
  }
  return { host, port };
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

const isWildcard = (host: string) => host === '0.0.0.0' || host === '::';

/** Host names and addresses that clients may use, each of which the certificate must name; with what is advertised. */
export function namesOf(host: string, advertised: readonly string[] = []): string[] {
  return [...new Set(['localhost', '127.0.0.1', '::1', isWildcard(host) ? hostname() : host, ...advertised])];
}

/** How a client on this machine reaches the listener. */
export function localAuthority(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return authority(reachable, port);
}

/** How a device reaches it: of a wildcard, by the name of this machine. */
export function deviceAuthority(host: string, port: number): string {
  return authority(isWildcard(host) ? hostname() : host, port);
}

function authority(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
