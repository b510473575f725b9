/** Turns what went wrong with an exchange into a `KsmError`. Never attaches axios' error: it carries the bearer token. */
import { type ErrorFacts, KsmError, PROBLEMS, type ProblemCode } from '../errors';
import type { Problem } from '../types';
import type { ClientOptions, Exchange, Reply } from './exchange';

/** OpenSSL's and Node's codes for a certificate that is not accepted. */
const UNTRUSTED =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_|ERR_SSL_TLSV1_ALERT_UNKNOWN_CA|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_EXCEEDED|ERROR_IN_CERT_)/;
/** The other side speaks no TLS, or speaks TLS where plain HTTP was expected. */
const WRONG_PROTOCOL = /^(EPROTO|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_|HPE_)/;
const FOR_GOOD = new Set(['ENOTFOUND', 'EACCES', 'EINVAL', 'ERR_INVALID_URL', 'ERR_BAD_OPTION_VALUE']);

export function connectionFailure(failure: unknown, options: ClientOptions): KsmError {
  const { code = 'unknown', message = '' } = (failure ?? {}) as { code?: string; message?: string };
  const { endpoint } = options;
  if (UNTRUSTED.test(code)) {
    return new KsmError(
      'service_untrusted',
      `The certificate of ${endpoint} is not trusted (${code}). ${
        options.caCertificate
          ? 'The given CA certificate is not the one that signed it, or the certificate is not for this host name.'
          : 'Give the CA certificate of the service as ca_certificate_file or ca_certificate (KSM_IAC_CA_CERTIFICATE_FILE, KSM_IAC_CA_CERTIFICATE).'
      }`,
    );
  }
  if (code === 'ECONNABORTED' || code === 'ETIMEDOUT') {
    return new KsmError(
      'request_timeout',
      `${endpoint} did not answer within ${Math.round(options.requestTimeoutMs / 1000)} s (${code}). Check the service, or raise request_timeout_seconds.`,
    );
  }
  if (WRONG_PROTOCOL.test(code)) {
    return new KsmError(
      'service_unreachable',
      `${endpoint} does not speak ${endpoint.startsWith('https:') ? 'HTTPS' : 'plain HTTP'} (${code}). Check the scheme and the port of the endpoint.`,
      { transient: false },
    );
  }
  // Node's own words name host and port, never a header; axios' other messages are left out.
  const reason = /^(connect|getaddrinfo|read|write|socket hang up)/.test(message) ? message : code;
  return new KsmError(
    'service_unreachable',
    `Cannot reach the service at ${endpoint}: ${reason}. Is it running (ksm-iac service start), and is the endpoint right?${proxyHint(options)}`,
    { transient: !FOR_GOOD.has(code) },
  );
}

/** The address in Node's words may be that of a proxy, of which the user did not think. */
function proxyHint({ direct, endpoint }: ClientOptions): string {
  const names = endpoint.startsWith('https:') ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy'];
  const name = direct ? undefined : names.find((variable) => process.env[variable]);
  return name ? ` ${name} is set: unless NO_PROXY excepts the service, the way to it is by that proxy.` : '';
}

/** Whether another attempt may succeed. What the service refused for a reason is never tried again. */
export function isTransient(error: KsmError): boolean {
  if (error.code === 'service_unreachable') return error.facts.transient !== false;
  return (
    error.code === 'request_timeout' ||
    error.code === 'rate_limited' ||
    error.code === 'shutting_down' ||
    error.code === 'vault_unavailable' ||
    (error.code === 'invalid_reply' && error.facts.transient === true)
  );
}

export function problemOf(response: Reply, exchange: Exchange, endpoint: string): KsmError {
  const problem = parseProblem(response.data);
  const asked = retryAfterSeconds(response.headers['retry-after']);
  if (!problem) {
    return new KsmError(
      'invalid_reply',
      `${endpoint} answered ${exchange.method} ${exchange.path} with status ${response.status} and no problem of this API. Is the endpoint that of a ksm-iac service, and no proxy's page?`,
      { transient: [502, 503, 504, 429].includes(response.status), retryAfterSeconds: asked },
    );
  }
  const facts: ErrorFacts = {
    requestId: problem.requestId,
    errors: problem.errors,
    dependents: problem.dependents as ErrorFacts['dependents'],
    dependentsTotal: problem.dependentsTotal,
    existingId: problem.existingId,
    retryAfterSeconds: asked,
  };
  return new KsmError(problem.code as ProblemCode, problem.detail, facts);
}

function parseProblem(body: unknown): Problem | undefined {
  try {
    const problem = JSON.parse(String(body)) as Problem;
    return typeof problem.code === 'string' && problem.code in PROBLEMS && typeof problem.detail === 'string'
      ? problem
      : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds, or an HTTP date; at least a tenth of a second so that a zero is no busy loop. */
export function retryAfterSeconds(header: unknown, now = Date.now()): number | undefined {
  if (typeof header !== 'string' || header === '') return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0.1, seconds) : undefined;
}
