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
  if (isLoopback(url.hostname)) return undefined;
  return `Plain HTTP to ${url.hostname} would send the API token unencrypted. Use https://; http:// is for this machine alone (localhost, 127.0.0.1, [::1]).`;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
