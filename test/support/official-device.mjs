/**
 * A device: redeems its one-time token with Keeper's official SDK, unchanged, or reads with the configuration it has.
 *
 * From the environment: DEVICE_CONFIG (file of the configuration), DEVICE_SERVER_PUBLIC_KEY,
 * DEVICE_SERVER_PUBLIC_KEY_ID, and for the first use DEVICE_TOKEN and DEVICE_HOSTNAME. TLS trust by
 * NODE_EXTRA_CA_CERTS. Prints one line of JSON: {"titles": [...]} or {"error": text}.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import sdk from '@keeper-security/secrets-manager-core';

const { getSecrets, initializeStorage, inMemoryStorage } = sdk;
const env = process.env;
const config = existsSync(env.DEVICE_CONFIG) ? JSON.parse(readFileSync(env.DEVICE_CONFIG, 'utf8')) : {};
const storage = inMemoryStorage(config);
try {
  if (env.DEVICE_TOKEN) await initializeStorage(storage, env.DEVICE_TOKEN, env.DEVICE_HOSTNAME);
  const { records } = await getSecrets({
    storage,
    serverPublicKey: env.DEVICE_SERVER_PUBLIC_KEY,
    serverPublicKeyId: env.DEVICE_SERVER_PUBLIC_KEY_ID,
  });
  process.stdout.write(`${JSON.stringify({ titles: records.map((record) => record.data.title).sort() })}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: error.message })}\n`);
  process.exitCode = 1;
} finally {
  writeFileSync(env.DEVICE_CONFIG, JSON.stringify(config), { mode: 0o600 });
}
