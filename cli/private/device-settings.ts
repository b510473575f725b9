/** What a device needs beside its token, and where a command finds it. */
import { ENV } from '../../contract/api';
import type { DeviceApi } from '../../contract/types';
import { clientFor, resolveConnection } from './connection';
import { DEVICE_ENV } from './development-environment';
import { readText } from './read-text';

/**
 * Of the service on `--data DIR`, else the variables that `dev` and `env --devices` set, else of the service that the
 * environment names.
 */
export async function deviceSettings(
  dataDir: string | undefined,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<DeviceApi> {
  const hostname = env[DEVICE_ENV.hostname];
  const serverPublicKeyId = env[DEVICE_ENV.serverPublicKeyId];
  const serverPublicKey = env[DEVICE_ENV.serverPublicKey];
  if (dataDir === undefined && hostname && serverPublicKeyId && serverPublicKey) {
    return { hostname, serverPublicKeyId, serverPublicKey, caCertificate: await caCertificateOf(env) };
  }
  return (await clientFor(await resolveConnection(dataDir, env), signal)).deviceApi();
}

async function caCertificateOf(env: NodeJS.ProcessEnv): Promise<string | null> {
  const file = env[ENV.caCertificateFile];
  return file ? readText(ENV.caCertificateFile, file) : env[ENV.caCertificate] || null;
}
