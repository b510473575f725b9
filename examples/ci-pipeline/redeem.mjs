/**
 * What a consumer does with its one-time token: Keeper's official SDK redeems
 * it, keeps the configuration in a file of mode 0600, and reads the secrets
 * that are granted. Prints titles and UIDs; a secret only where an argument
 * names it: node redeem.mjs keeper://UID/field/password
 *
 * Without a token it reads again with the configuration of an earlier run.
 * It needs `npm install @keeper-security/secrets-manager-core` beside it.
 *
 *   DEVICE_ONE_TIME_TOKEN   the token; left out to read again
 *   DEVICE_CONFIG_FILE      where the configuration is kept (default: device-config.json)
 *   DEVICE_HOSTNAME         where to redeem the token, `host` or `host:port`
 *
 * With the embedded vault also:
 *   DEVICE_SERVER_PUBLIC_KEY_ID, DEVICE_SERVER_PUBLIC_KEY
 *                           its key, which is not built into the SDK
 *   DEVICE_CA_CERTIFICATE   PEM text of the CA that signed its certificate; a file of it may be in
 *                           NODE_EXTRA_CA_CERTS instead
 *
 * In Terraform they come from the device and from `ksm_service`. The last four are also taken as
 * KSM_IAC_DEVICE_HOSTNAME and so on, which `ksm-iac dev` and `ksm-iac env --devices` set.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { globalAgent } from 'node:https';
import { rootCertificates } from 'node:tls';
import { getSecrets, getValue, initializeStorage, localConfigStorage } from '@keeper-security/secrets-manager-core';

const { DEVICE_ONE_TIME_TOKEN: token, DEVICE_CONFIG_FILE: configFile = 'device-config.json' } = process.env;
const setting = (name) => process.env[`DEVICE_${name}`] || process.env[`KSM_IAC_DEVICE_${name}`] || undefined;
const hostname = setting('HOSTNAME');
const serverPublicKeyId = setting('SERVER_PUBLIC_KEY_ID');
const serverPublicKey = setting('SERVER_PUBLIC_KEY');
const caCertificate = setting('CA_CERTIFICATE');

// The SDK asks by Node's own agent. NODE_EXTRA_CA_CERTS would have to be there when Node starts.
if (caCertificate) globalAgent.options.ca = [...rootCertificates, caCertificate];

async function main() {
  if (!token && !existsSync(configFile)) {
    throw new Error(`There is no DEVICE_ONE_TIME_TOKEN, and no ${configFile} of an earlier run. Give a token.`);
  }
  const storage = token ? await redeemable(token) : localConfigStorage(configFile);
  const secrets = await getSecrets({ storage, serverPublicKeyId, serverPublicKey });
  const [notation] = process.argv.slice(2);
  if (notation) return console.log(getValue(secrets, notation));
  const { appData, records } = secrets;
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
  console.error(`The secrets could not be read${hostname ? ` from ${hostname}` : ''}: ${error.message}`);
  process.exitCode = 1;
});
