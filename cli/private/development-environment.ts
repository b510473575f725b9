/** The environment of a command under `ksm-iac dev`. */
import { ENV } from '../../contract/api';
import type { DeviceApi } from '../../contract/types';

/** What `dev` knows of the service that it started. */
export interface DevelopmentService {
  readonly endpoint: string;
  /** SECRET. */
  readonly token: string;
  readonly caCertificateFile: string | null;
  readonly deviceApi: DeviceApi | null;
}

/** What a device's SDK needs beside its token, since the embedded vault's key is not built into the SDKs. */
export const DEVICE_ENV = {
  hostname: 'KSM_IAC_DEVICE_HOSTNAME',
  serverPublicKeyId: 'KSM_IAC_DEVICE_SERVER_PUBLIC_KEY_ID',
  serverPublicKey: 'KSM_IAC_DEVICE_SERVER_PUBLIC_KEY',
} as const;

/**
 * The user's environment, pointed at the service. Variables that are the user's own stay: `TF_CLI_CONFIG_FILE`, and
 * `NODE_EXTRA_CA_CERTS`, which Node adds to its roots (it replaces none of them) so that devices trust the local CA.
 */
export function developmentEnvironment(
  user: NodeJS.ProcessEnv,
  service: DevelopmentService,
  cliConfigFile: string | undefined,
): NodeJS.ProcessEnv {
  const { [ENV.caCertificate]: _, [ENV.caCertificateFile]: __, ...env } = user;
  env.NO_PROXY = exceptLoopback(env.NO_PROXY || env.no_proxy);
  delete env.no_proxy;
  Object.assign(env, { [ENV.endpoint]: service.endpoint, [ENV.token]: service.token });
  if (service.caCertificateFile) {
    env[ENV.caCertificateFile] = service.caCertificateFile;
    env.NODE_EXTRA_CA_CERTS ||= service.caCertificateFile;
  }
  if (service.deviceApi) {
    env[DEVICE_ENV.hostname] = service.deviceApi.hostname;
    env[DEVICE_ENV.serverPublicKeyId] = service.deviceApi.serverPublicKeyId;
    env[DEVICE_ENV.serverPublicKey] = service.deviceApi.serverPublicKey;
  }
  if (cliConfigFile) env.TF_CLI_CONFIG_FILE = cliConfigFile;
  return env;
}

/** A proxy knows another 127.0.0.1 than ours; what the user excepts already stays. */
function exceptLoopback(exceptions: string | undefined): string {
  if (exceptions === '*') return exceptions;
  return [...(exceptions ? [exceptions] : []), '127.0.0.1', 'localhost'].join(',');
}
