/**
 * What is wrong with the endpoint of a service, or undefined: `https://`, and plain `http://` to this machine alone,
 * since a bearer token goes with every request. Never quotes what may carry a password, or be a token.
 */
export function problemOfEndpoint(endpoint: string): string | undefined {
  const example = 'Expected a URL such as "https://ksm-iac.example.com:8443".';
  let url: URL;
  try {
    url = new URL(endpoint);
  } catch {
    return `It is not a URL. ${example}`;
  }
  if (url.username || url.password) return 'It has a user name or password in it. Give the API token as "token".';
  if (url.search || url.hash) return `It has a query or a fragment. ${example}`;
  if (url.protocol === 'https:') return undefined;
  if (url.protocol !== 'http:') return `Its scheme is "${url.protocol}//". ${example}`;
  // Names below localhost are this machine's by RFC 6761, yet some resolvers ask the network for them.
  if (isLoopback(url.hostname) && !/\.localhost\.?$/.test(url.hostname)) return undefined;
  return `Plain HTTP to ${url.hostname} would send the API token unencrypted. Use https://; http:// is for this machine alone (localhost, 127.0.0.1, [::1]).`;
}

/** Of a URL's host name: whether it is this machine, which no proxy leads to. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/\.$/, '');
  // RFC 6761, 6.3: every name below localhost is this machine. [::ffff:7fXX:XXXX] is 127.X.X.X.
  if (host === 'localhost' || host.endsWith('.localhost') || host === '[::1]') return true;
  return /^127\.\d+\.\d+\.\d+$/.test(host) || /^\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\]$/.test(host);
}
