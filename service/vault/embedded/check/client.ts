import type { CheckedClient } from '../../check';
import { publicKeyOf } from '../crypto';
import type { CheckContext } from './context';
import { inPortions, opened } from './portions';

const TABLE = 'client_devices';
/** 64 bytes in base64url without padding. */
const CLIENT_ID = /^[\w-]{86}$/;
/** The application key of 32 bytes with IV and tag; only the client can open it. */
const WRAPPED_KEY_BYTES = 12 + 32 + 16;

/** Client devices and gateways. @returns them by Terraform's id, `<applicationId>/<clientId>` */
export async function checkClients({ db, check }: CheckContext): Promise<Map<string, CheckedClient>> {
  const clients = new Map<string, CheckedClient>();
  await inPortions(
    (after, limit) =>
      db.selectFrom(TABLE).selectAll().where('position', '>', after).orderBy('position').limit(limit).execute(),
    (row) => {
      const { application_uid, client_id, public_key, initialization } = row;
      const id = `${application_uid}/${client_id}`;
      check.seen(TABLE);
      const redeemed = initialization === 'token' && public_key !== null;
      clients.set(id, { kind: row.kind === 'gateway' ? 'gateway' : 'client_device', redeemed });
      if (!CLIENT_ID.test(client_id)) check.found(TABLE, id, 'its client id is none');
      if (row.encrypted_app_key.length !== WRAPPED_KEY_BYTES) {
        check.found(TABLE, id, 'the application key that it gets has another length than keys have');
      }
      if (public_key !== null && !opened(() => publicKeyOf(public_key))) {
        check.found(TABLE, id, 'its public key is no point of the curve');
      }
      if (initialization === 'config' && public_key === null) {
        check.found(TABLE, id, 'it was handed out as a configuration, and its public key is missing');
      }
      if (public_key === null && (row.first_access_at !== null || row.ip_address !== null)) {
        check.found(TABLE, id, 'it was used without having redeemed its token');
      }
      if (redeemed && row.first_access_at === null) {
        check.found(TABLE, id, 'it has redeemed its token at no time');
      }
    },
  );
  return clients;
}
