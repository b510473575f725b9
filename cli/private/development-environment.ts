/** The environment of a command under `ksm-iac dev`. */
import { ENV } from '../../contract/api';
import type { DeviceApi } from '../../contract/types';

/** What `dev` knows of the service that it started. */
export interface DevelopmentService {
  readonly endpoint: string;
  /** SECRET. */
  readonly token: string;
  readonly caCertificateFile: string | null;
  readonly deviceApi: Omit<DeviceApi, 'caCertificate'> | null;
  /** Its vault goes with it, so that a Terraform state outlives it. */
  readonly isThrowAway: boolean;
}

/** What a device's SDK needs beside its token, since the embedded vault's key is not built into the SDKs. */
export const DEVICE_ENV = {
  hostname: 'KSM_IAC_DEVICE_HOSTNAME',
  serverPublicKeyId: 'KSM_IAC_DEVICE_SERVER_PUBLIC_KEY_ID',
  serverPublicKey: 'KSM_IAC_DEVICE_SERVER_PUBLIC_KEY',
} as const;

export function deviceVariables(settings: Omit<DeviceApi, 'caCertificate'>): Record<string, string> {
  return {
    [DEVICE_ENV.hostname]: settings.hostname,
    [DEVICE_ENV.serverPublicKeyId]: settings.serverPublicKeyId,
    [DEVICE_ENV.serverPublicKey]: settings.serverPublicKey,
  };
}

/** Files that are made for the command; undefined leaves the variable as the user has it. */
export interface DevelopmentFiles {
  /** For `NODE_EXTRA_CA_CERTS`: what Node trusts beside its own roots. */
  readonly nodeCertificates: string | undefined;
  /** For `TF_CLI_CONFIG_FILE`. */
  readonly cliConfig: string | undefined;
}

/** The user's environment, pointed at the service. */
export function developmentEnvironment(
  user: NodeJS.ProcessEnv,
  service: DevelopmentService,
  files: DevelopmentFiles,
): NodeJS.ProcessEnv {
  const { [ENV.caCertificate]: _, [ENV.caCertificateFile]: __, ...env } = user;
  env.NO_PROXY = exceptLoopback(env.NO_PROXY || env.no_proxy);
  delete env.no_proxy;
  Object.assign(env, { [ENV.endpoint]: service.endpoint, [ENV.token]: service.token });
  if (service.caCertificateFile) env[ENV.caCertificateFile] = service.caCertificateFile;
  if (files.nodeCertificates) env.NODE_EXTRA_CA_CERTS = files.nodeCertificates;
  if (service.deviceApi) {
    Object.assign(env, deviceVariables(service.deviceApi));
  }
  // A state of the run before belongs to a vault that is gone: everything is made anew.
  if (service.isThrowAway) env[ENV.vaultChange] ||= 'recreate';
  if (files.cliConfig) env.TF_CLI_CONFIG_FILE = files.cliConfig;
  return env;
}

/** A proxy knows another 127.0.0.1 than ours; what the user excepts already stays. */
function exceptLoopback(exceptions: string | undefined): string {
  if (exceptions === '*') return exceptions;
  return [...(exceptions ? [exceptions] : []), '127.0.0.1', 'localhost'].join(',');
}
