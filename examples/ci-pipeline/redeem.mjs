/**
 * What a consumer does with its one-time token: Keeper's official SDK redeems
 * it, keeps the configuration in a file of mode 0600, and reads the secrets
 * that are granted. Prints titles and UIDs, never a secret value.
 *
 * Without a token it reads again with the configuration of an earlier run.
 *
 *   DEVICE_ONE_TIME_TOKEN   the token; left out to read again
 *   DEVICE_HOSTNAME         where to redeem it, `host` or `host:port`
 *   DEVICE_CONFIG_FILE      where the configuration is kept (default: device-config.json)
 *
 * With the embedded vault also (`ksm-iac dev` sets them):
 *   KSM_IAC_DEVICE_SERVER_PUBLIC_KEY_ID, KSM_IAC_DEVICE_SERVER_PUBLIC_KEY
 *                           its key, which is not built into the SDK
 *   NODE_EXTRA_CA_CERTS     file with the CA that signed its certificate
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { getSecrets, initializeStorage, localConfigStorage } from '@keeper-security/secrets-manager-core';

const {
  DEVICE_ONE_TIME_TOKEN: token,
  DEVICE_HOSTNAME: hostname,
  DEVICE_CONFIG_FILE: configFile = 'device-config.json',
  KSM_IAC_DEVICE_SERVER_PUBLIC_KEY_ID: serverPublicKeyId,
  KSM_IAC_DEVICE_SERVER_PUBLIC_KEY: serverPublicKey,
} = process.env;

async function main() {
  if (!token && !existsSync(configFile)) {
    throw new Error(`There is no DEVICE_ONE_TIME_TOKEN, and no ${configFile} of an earlier run. Give a token.`);
  }
  const storage = token ? await redeemable(token) : localConfigStorage(configFile);
  const { appData, records } = await getSecrets({ storage, serverPublicKeyId, serverPublicKey });
  console.log(`Application "${appData?.title ?? ''}": ${records.length} secret(s)`);
  for (const { recordUid, data } of records) console.log(`${recordUid} ${data.title}`);
}

/** The storage for this token: the one that it was redeemed to, or a new one in place of an older device's. */
async function redeemable(token) {
  const fresh = localConfigStorage();
  await initializeStorage(fresh, token, hostname);
  const clientId = await fresh.getString('clientId');
  if (existsSync(configFile) && JSON.parse(readFileSync(configFile, 'utf8')).clientId !== clientId) rmSync(configFile);
  const storage = localConfigStorage(configFile);
  await initializeStorage(storage, token, hostname);
  return storage;
}

main().catch((error) => {
  console.error(`The secrets could not be read: ${error.message}`);
  process.exitCode = 1;
});
