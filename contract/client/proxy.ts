/**
 * Which proxy is the way to the service. The environment is read as Go programs read it, Terraform among them, so
 * that one setting means the same to the whole command.
 */
import { BlockList, isIP } from 'node:net';
import { isLoopback } from '../endpoint';
import { KsmError } from '../errors';

export interface ProxyServer {
  /** The environment variable that names it. */
  readonly variable: string;
  readonly protocol: string;
  /** Without the brackets of IPv6. */
  readonly host: string;
  readonly port: number;
  /** SECRET: sent to the proxy alone. */
  readonly auth?: { readonly username: string; readonly password: string };
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/**
 * Undefined: the service is asked directly. So is every service on this machine, whatever the environment says: a
 * proxy knows another 127.0.0.1 than ours, and would read what goes over plain HTTP.
 *
 * @throws KsmError `service_unreachable` if the variable names no proxy that can be used
 */
export function proxyOf(endpoint: string, env: NodeJS.ProcessEnv): ProxyServer | undefined {
  const service = new URL(endpoint);
  if (isLoopback(service.hostname)) return undefined;
  const names = service.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
  const variable = [...names, 'all_proxy', 'ALL_PROXY'].find((name) => env[name]);
  if (variable === undefined || isExcepted(service, env.no_proxy || env.NO_PROXY || '')) return undefined;
  return parsed(variable, env[variable] as string);
}

/** A text without a scheme, `proxy.example.com:3128`, names an HTTP proxy. The text may carry a password: never quoted. */
function parsed(variable: string, text: string): ProxyServer {
  const url = tryUrl(text.includes('://') ? text : `http://${text}`);
  const defaultPort = url && DEFAULT_PORTS[url.protocol];
  if (!url || defaultPort === undefined) {
    throw new KsmError(
      'service_unreachable',
      `${variable} names no HTTP proxy. Expected http://HOST:PORT, https://HOST:PORT or HOST:PORT. Correct or unset it, or except the service in NO_PROXY.`,
      { transient: false },
    );
  }
  return {
    variable,
    protocol: url.protocol,
    host: bare(url.hostname),
    port: Number(url.port) || defaultPort,
    ...(url.username ? { auth: { username: decoded(url.username), password: decoded(url.password) } } : {}),
  };
}

/**
 * NO_PROXY: `*`, or entries between commas or blanks: a name (and everything below it), `.name` or `*.name` (what is
 * below it alone), an address, a range of addresses as `10.0.0.0/8`; each with `:port` for that port alone.
 */
function isExcepted(service: URL, exceptions: string): boolean {
  const host = bare(service.hostname.replace(/\.$/, ''));
  const port = service.port || String(DEFAULT_PORTS[service.protocol]);
  const entries = exceptions.toLowerCase().split(/[,\s]+/);
  return entries.some((entry) => entry !== '' && (entry === '*' || matches(entry, host, port)));
}

function matches(entry: string, host: string, port: string): boolean {
  // An IPv6 address has colons of its own: with a port it stands in brackets.
  const [, name = entry, only] = isIP(entry) ? [] : (/^(.*?):(\d+)$/.exec(entry) ?? []);
  if (only !== undefined && only !== port) return false;
  const range = /^(.*)\/(\d+)$/.exec(name);
  if (range) return isInRange(host, range[1] as string, Number(range[2]));
  if (isIP(host)) return isInRange(host, bare(name), isIP(bare(name)) === 6 ? 128 : 32);
  const domain = name.replace(/^\*/, '').replace(/\.$/, '');
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

function isInRange(host: string, network: string, prefix: number): boolean {
  const family = isIP(network);
  if (family === 0 || family !== isIP(host) || prefix > (family === 6 ? 128 : 32)) return false;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, prefix, type);
  return list.check(host, type);
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

function tryUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
