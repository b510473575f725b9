/** Which service a command talks to: the one that runs on `--data DIR`, or the one that the environment names. */
import { ENV } from '../../contract/api';
import { problemOfCertificates } from '../../contract/certificate';
import type { KsmClient } from '../../contract/client';
import { problemOfEndpoint } from '../../contract/endpoint';
import { VERSION } from '../../contract/version';
import { UsageError } from './command-error';
import { readText } from './read-text';
import { readServiceNote } from './service-note';

export interface Connection {
  readonly endpoint: string;
  /** SECRET. */
  readonly token: string;
  /** PEM; undefined: the roots that Node trusts. */
  readonly caCertificate: string | undefined;
  /** It runs on this machine, so no proxy is asked for the way. */
  readonly direct?: true;
}

const REQUEST_TIMEOUT_MS = 60_000;
const OPERATION_TIMEOUT_MS = 600_000;
const MAX_RETRIES = 4;

/** `--data` wins over the environment. Empty variables count as unset. */
export async function resolveConnection(dataDir: string | undefined, env: NodeJS.ProcessEnv): Promise<Connection> {
  if (dataDir !== undefined) {
    const note = await readServiceNote(dataDir);
    return {
      endpoint: note.endpoint,
      token: (await readText('the admin token', note.tokenFile)).trim(),
      caCertificate: note.caCertificateFile ? await readText('the CA certificate', note.caCertificateFile) : undefined,
      direct: true,
    };
  }
  const endpoint = env[ENV.endpoint];
  const token = env[ENV.token];
  if (!endpoint && !token) {
    throw new UsageError(
      `No service is named. Give --data DIR of a running one, or set ${ENV.endpoint} and ${ENV.token} ('ksm-iac env' prints them).`,
    );
  }
  if (!endpoint || !token) {
    const [set, missing] = endpoint ? [ENV.endpoint, ENV.token] : [ENV.token, ENV.endpoint];
    throw new UsageError(`${set} is set, but ${missing} is not. Set both, or give --data DIR of a running service.`);
  }
  const problem = problemOfEndpoint(endpoint);
  if (problem) throw new UsageError(`${ENV.endpoint} is not usable. ${problem}`);
  return { endpoint, token, caCertificate: await caCertificateOf(env) };
}

/** The service as a client, with the CLI's patience. `signal` ends requests and waits. */
export async function clientFor(connection: Connection, signal: AbortSignal): Promise<KsmClient> {
  const client = await import('../../contract/client/index.js');
  return new client.KsmClient({
    ...connection,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    operationTimeoutMs: OPERATION_TIMEOUT_MS,
    maxRetries: MAX_RETRIES,
    userAgent: `ksm-iac/${VERSION}`,
    signal,
  });
}

async function caCertificateOf(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const text = env[ENV.caCertificate];
  const file = env[ENV.caCertificateFile];
  if (text && file) {
    throw new UsageError(`${ENV.caCertificate} and ${ENV.caCertificateFile} are both set. Unset one of them.`);
  }
  const pem = text || (file ? await readText(ENV.caCertificateFile, file) : undefined);
  const problem = pem && problemOfCertificates(pem);
  if (problem)
    throw new UsageError(
      `${text ? ENV.caCertificate : `${ENV.caCertificateFile} (${file})`} is not usable. ${problem}`,
    );
  return pem;
}
