import type { Database } from '../store/database';
import type { Vault } from '../vault/vault';
import type { AuditTrail } from './audit-trail';
import { forgetItems } from './run-lease';

/** What follows from a device that redeemed its token at this service's own device API. */
export function redemptionOperations(options: { vault: Vault; database: Database; auditTrail: AuditTrail }) {
  const { vault, database, auditTrail } = options;
  return {
    /** Runs in the transaction of the bind: who has redeemed a token holds it, whatever became of the run. */
    async bound(client: { applicationId: string; clientId: string; kind: 'device' | 'gateway' }): Promise<void> {
      const { applicationId, clientId, kind } = client;
      const { id, name } = await vault[kind === 'gateway' ? 'gateways' : 'devices'].get(applicationId, clientId);
      await forgetItems(database.db, id);
      const action = kind === 'gateway' ? 'gateway.bind' : 'client_device.bind';
      await auditTrail.done({ kind: 'device', clientId }, { action, target: id, name });
    },
  };
}
