import type { Database } from '../store/database';
import type { Vault } from '../vault/vault';
import type { AuditTrail } from './audit-trail';
import { forgetItems } from './run-lease';

interface Redeemed {
  readonly applicationId: string;
  readonly clientId: string;
  readonly kind: 'device' | 'gateway';
}

/** What follows from a device that has its credential, as this service's own device API sees it. */
export function redemptionOperations(options: { vault: Vault; database: Database; auditTrail: AuditTrail }) {
  const { vault, database, auditTrail } = options;
  /** Whoever has the credential holds it, whatever became of the run. */
  const note = async ({ applicationId, clientId, kind }: Redeemed, verb: 'bind' | 'use'): Promise<void> => {
    const noun = kind === 'gateway' ? 'gateway' : 'client_device';
    const { id, name } = await vault[kind === 'gateway' ? 'gateways' : 'devices'].get(applicationId, clientId);
    await forgetItems(database.db, id);
    await auditTrail.done({ kind: 'device', clientId }, { action: `${noun}.${verb}`, target: id, name });
  };
  return {
    /** Runs in the transaction of the bind of a token. */
    bound: (client: Redeemed) => note(client, 'bind'),
    /** Runs in the transaction of the first use of a configuration, which the service itself had bound. */
    used: (client: Redeemed) => note(client, 'use'),
  };
}
