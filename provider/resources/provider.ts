/** The `provider "ksm"` block: its arguments, and the session that they make. */
import { randomBytes } from 'node:crypto';
import { ENV } from '../../contract/api';
import { problemOfCertificates } from '../../contract/certificate';
import { KsmClient } from '../../contract/client';
import { problemOfEndpoint } from '../../contract/endpoint';
import {
  type ConfigureRequest,
  type Diagnostic,
  errorDiagnostic,
  hasErrors,
  integerBetween,
  isWhollyKnown,
  type Log,
  type ObjectValue,
  oneOf,
  optionalNumberOf,
  type Schema,
} from '../framework';
import { exchangeLog } from './private/exchange-log';
import type { VaultChange } from './private/kept';
import { KsmSession } from './private/session';
import { type Environment, Settings } from './private/settings';
import { problemOfToken } from './private/token';

const REQUEST_TIMEOUT_SECONDS = 60;
const OPERATION_TIMEOUT_SECONDS = 600;
const MAX_RETRIES = 4;

export const providerSchema: Schema = {
  version: 0,
  description:
    'Manages Keeper Secrets Manager applications, grants, client devices and gateways through a ksm-iac service. Not a Keeper product.',
  attributes: {
    endpoint: {
      type: 'string',
      optional: true,
      description: `URL of the service, for instance \`https://127.0.0.1:8443\`; plain \`http://\` for this machine alone. Default: the environment variable \`${ENV.endpoint}\`; one of both is needed.`,
      validators: [(value) => problemOfEndpoint(String(value))],
    },
    token: {
      type: 'string',
      optional: true,
      sensitive: true,
      description: `API token of the service, made by \`ksm-iac token create\`. Default: the environment variable \`${ENV.token}\`, which keeps it out of the configuration; one of both is needed.`,
      validators: [(value) => problemOfToken(String(value))],
    },
    ca_certificate: {
      type: 'string',
      optional: true,
      description: `Certificate of the CA that signed the service's certificate, PEM text. Not together with \`ca_certificate_file\`. Default: the environment variable \`${ENV.caCertificate}\`, or else the public roots.`,
      validators: [(value) => problemOfCertificates(String(value))],
    },
    ca_certificate_file: {
      type: 'string',
      optional: true,
      description: `File with that certificate, in PEM form. Not together with \`ca_certificate\`. Default: the environment variable \`${ENV.caCertificateFile}\`.`,
    },
    request_timeout_seconds: {
      type: 'number',
      optional: true,
      description: `Longest wait for one HTTP attempt, in seconds, 1 to 3600. Default: ${REQUEST_TIMEOUT_SECONDS}.`,
      validators: [integerBetween(1, 3600, 'seconds')],
    },
    operation_timeout_seconds: {
      type: 'number',
      optional: true,
      description: `Longest wait for one operation on a resource with all its calls and retries, in seconds, 1 to 86400. Default: ${OPERATION_TIMEOUT_SECONDS}.`,
      validators: [integerBetween(1, 86_400, 'seconds')],
    },
    vault_change: {
      type: 'string',
      optional: true,
      description: `What it means when another vault is behind the endpoint than the one that a resource was made in. \`refuse\`: an error at refresh and before every update and delete. \`recreate\`: everything is taken as gone and planned anew, for throw-away vaults. Default: the environment variable \`${ENV.vaultChange}\`, or else \`refuse\`.`,
      validators: [oneOf('refuse', 'recreate')],
    },
    max_retries: {
      type: 'number',
      optional: true,
      description: `Retries of a call after a failure that may pass, 0 to 100; waits that the service asks for do not count. Default: ${MAX_RETRIES}.`,
      validators: [integerBetween(0, 100, 'retries')],
    },
  },
};

/** Across attributes; never uses the network. */
export function validateProvider(config: ObjectValue): Diagnostic[] {
  // A variable is unknown here, and may turn out to be null.
  const given = [config.ca_certificate, config.ca_certificate_file].filter((value) => typeof value === 'string');
  if (given.length < 2) return [];
  const detail = '"ca_certificate" and "ca_certificate_file" are both set. Set one of them.';
  return [errorDiagnostic('Two CA certificates', detail, ['ca_certificate_file'])];
}

export interface ProviderOptions {
  /** Version of the provider. */
  readonly version: string;
  readonly log: Log;
  /** @default process.env */
  readonly environment?: Environment;
}

/** Makes the session; never uses the network. No session without errors: the configuration is unknown as yet. */
export function configureProvider(
  { config, terraformVersion }: ConfigureRequest,
  { version, log, environment = process.env }: ProviderOptions,
): { session?: KsmSession; diagnostics: Diagnostic[] } {
  const settings = new Settings(providerSchema, config, environment);
  const endpoint = settings.required('endpoint');
  const token = settings.required('token');
  const caCertificate = settings.caCertificate();
  const vaultChange = (settings.optional('vault_change') ?? 'refuse') as VaultChange;
  const { diagnostics } = settings;
  if (hasErrors(diagnostics) || !isWhollyKnown(config)) return { diagnostics };
  const runId = randomBytes(32).toString('base64url');
  const operationTimeoutMs =
    (optionalNumberOf(config, 'operation_timeout_seconds') ?? OPERATION_TIMEOUT_SECONDS) * 1000;
  const client = new KsmClient({
    endpoint: endpoint!,
    token: token!,
    caCertificate,
    requestTimeoutMs: (optionalNumberOf(config, 'request_timeout_seconds') ?? REQUEST_TIMEOUT_SECONDS) * 1000,
    operationTimeoutMs,
    maxRetries: optionalNumberOf(config, 'max_retries') ?? MAX_RETRIES,
    runId,
    userAgent: `terraform-provider-ksm/${version} (terraform ${terraformVersion})`,
    environment,
    onExchange: exchangeLog(log),
  });
  const now = () => performance.now();
  const session = new KsmSession({ client, runId, log, now, vaultChange, operationTimeoutMs });
  return { session, diagnostics };
}
