/** Runs test/support/official-device.mjs: a device with Keeper's official SDK in a process of its own. */
import { join } from 'node:path';
import { Running } from './process';
import type { TestService } from './service';

export const DEVICE_SCRIPT = join(__dirname, 'official-device.mjs');

/** What a device of this service needs beside its token and its configuration file. */
export function deviceEnv(service: TestService): Record<string, string> {
  return {
    NODE_EXTRA_CA_CERTS: service.caCertificateFile,
    DEVICE_SERVER_PUBLIC_KEY: service.deviceApi.serverPublicKey,
    DEVICE_SERVER_PUBLIC_KEY_ID: service.deviceApi.serverPublicKeyId,
  };
}

/** What the device read, or why it was refused. */
export async function useDevice(
  service: TestService,
  device: { config: string; token?: string; hostname?: string },
): Promise<{ titles?: string[]; error?: string }> {
  const { stdout, stderr } = await new Running(process.execPath, [DEVICE_SCRIPT], {
    env: {
      ...process.env,
      ...deviceEnv(service),
      DEVICE_CONFIG: device.config,
      ...(device.token ? { DEVICE_TOKEN: device.token, DEVICE_HOSTNAME: device.hostname } : {}),
    },
  }).ended;
  // The SDK logs on standard output too.
  const line = stdout.trim().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) throw new Error(`The device said neither records nor an error:\n${stdout}\n${stderr}`);
  return JSON.parse(line) as { titles?: string[]; error?: string };
}
