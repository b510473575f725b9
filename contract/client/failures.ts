/** Turns what went wrong with an exchange into a `KsmError`. Never attaches axios' error: it carries the bearer token. */
import { type ErrorFacts, KsmError, PROBLEMS, type ProblemCode } from '../errors';
import type { Problem } from '../types';
import type { ClientOptions, Exchange, Reply } from './exchange';

/** OpenSSL's and Node's codes for a certificate that is not accepted. */
const UNTRUSTED =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_|ERR_SSL_TLSV1_ALERT_UNKNOWN_CA|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_EXCEEDED|ERROR_IN_CERT_)/;
/** The other side speaks no TLS, or speaks TLS where plain HTTP was expected. */
const WRONG_PROTOCOL = /^(EPROTO|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_|HPE_)/;
const MAX_NAMES_LENGTH = 300;
const FOR_GOOD = new Set(['ENOTFOUND', 'EACCES', 'EINVAL', 'ERR_INVALID_URL', 'ERR_BAD_OPTION_VALUE']);

/** A port that speaks TLS closes the connection on which it is asked in plain HTTP, and says no more. */
const HTTPS_HINT = ' The service speaks HTTPS unless it was started with --insecure-http: try https:// in its place.';

/** The way to the service, for the words of a failure. */
export interface Way extends Pick<ClientOptions, 'endpoint' | 'caCertificate' | 'requestTimeoutMs'> {
  /** The environment variable whose proxy is the way. */
  readonly proxyVariable: string | undefined;
}

export function connectionFailure(failure: unknown, way: Way): KsmError {
  const { code = 'unknown', message = '' } = (failure ?? {}) as { code?: string; message?: string };
  const { endpoint } = way;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return new KsmError(
      'service_untrusted',
      `The certificate of ${endpoint} is for other names than this one (${code})${namesIn(failure)}. Name the service by one of them, or have it started with --advertise HOST:PORT for another.${proxyHint(way)}`,
    );
  }
  if (UNTRUSTED.test(code)) {
    return new KsmError(
      'service_untrusted',
      `The certificate of ${endpoint} is not trusted (${code}). ${
        way.caCertificate
          ? 'The given CA certificate is not the one that signed it.'
          : 'Give the CA certificate of the service as ca_certificate_file or ca_certificate (KSM_IAC_CA_CERTIFICATE_FILE, KSM_IAC_CA_CERTIFICATE).'
      }${proxyHint(way)}`,
    );
  }
  if (code === 'ECONNABORTED' || code === 'ETIMEDOUT') {
    return new KsmError(
      'request_timeout',
      `${endpoint} did not answer within ${Math.round(way.requestTimeoutMs / 1000)} s (${code}). Check the service, or raise request_timeout_seconds.${proxyHint(way)}`,
    );
  }
  if (WRONG_PROTOCOL.test(code)) {
    return new KsmError(
      'service_unreachable',
      `${endpoint} does not speak ${endpoint.startsWith('https:') ? 'HTTPS' : 'plain HTTP'} (${code}). Check the scheme and the port of the endpoint.${proxyHint(way)}`,
      { transient: false },
    );
  }
  // axios has one code for this and for a reply that breaks off, so its words must tell them apart.
  if (message.startsWith('maxContentLength')) {
    return new KsmError(
      'invalid_reply',
      `${endpoint} answered with more than any reply of this API has.${proxyHint(way)}`,
    );
  }
  // Node's own words name host and port, never a header; axios' other messages are left out.
  const hint = code === 'ECONNRESET' && endpoint.startsWith('http:') ? HTTPS_HINT : '';
  const reason = /^(connect|getaddrinfo|read|write|socket hang up)/.test(message) ? message : code;
  return new KsmError(
    'service_unreachable',
    `Cannot reach the service at ${endpoint}: ${reason}. Is it running (ksm-iac service start), and is the endpoint right?${hint}${proxyHint(way)}`,
    { transient: !FOR_GOOD.has(code) },
  );
}

/** What the certificate is for: Node's error has it, which axios wraps. */
function namesIn(failure: unknown): string {
  const names = (failure as { cause?: { cert?: { subjectaltname?: unknown } } })?.cause?.cert?.subjectaltname;
  if (typeof names !== 'string' || names === '') return '';
  // Whoever answers there wrote them.
  const clean = names.replace(/(DNS|IP Address):/g, '').replace(/[^\w.:*, -]/g, '?');
  return `: ${clean.length > MAX_NAMES_LENGTH ? `${clean.slice(0, MAX_NAMES_LENGTH)}…` : clean}`;
}

/** The address in Node's words may be that of a proxy, of which the user did not think. */
function proxyHint({ proxyVariable }: Way): string {
  return proxyVariable
    ? ` ${proxyVariable} is set: unless NO_PROXY excepts the service, the way to it is by that proxy.`
    : '';
}

export function problemOf(response: Reply, exchange: Exchange, way: Way, date: number): KsmError {
  const problem = parseProblem(response.data);
  const asked = retryAfterSeconds(response.headers['retry-after'], date);
  if (!problem) {
    return invalidReply(response, exchange, way, 'no problem of this API', {
      transient: [502, 503, 504, 429].includes(response.status),
      retryAfterSeconds: asked,
    });
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

export function invalidReply(
  { status }: Reply,
  { method, path }: Exchange,
  way: Way,
  what: string,
  facts: ErrorFacts = {},
): KsmError {
  return new KsmError(
    'invalid_reply',
    `${way.endpoint} answered ${method} ${path} with status ${status} and ${what}. Is the endpoint that of a ksm-iac service, and no proxy's page?${proxyHint(way)}`,
    facts,
  );
}

function parseProblem(body: unknown): Problem | undefined {
  try {
    const problem = JSON.parse(String(body)) as Problem;
    return typeof problem.code === 'string' &&
      Object.hasOwn(PROBLEMS, problem.code) &&
      typeof problem.detail === 'string'
      ? problem
      : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds, or an HTTP date; at least a tenth of a second so that a zero is no busy loop. */
export function retryAfterSeconds(header: unknown, date: number): number | undefined {
  if (typeof header !== 'string' || header === '') return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - date) / 1000;
  return Number.isFinite(seconds) ? Math.max(0.1, seconds) : undefined;
}
