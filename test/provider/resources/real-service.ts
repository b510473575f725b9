import type { AddressInfo } from 'node:net';
import pino from 'pino';
import type { ApiTokenScope } from '../../../contract/types';
import { buildApp } from '../../../service/app';
import { createOperations } from '../../../service/operations/operations';
import { fillVault, temporaryVault } from '../../service/vault/temporary-vault';

export interface RealService {
  readonly endpoint: string;
  readonly token: string;
  readonly uids: Awaited<ReturnType<typeof fillVault>>;
  readonly vault: Awaited<ReturnType<typeof temporaryVault>>['vault'];
  /** `METHOD /path` of every request so far. */
  readonly requests: string[];
  /** Time passes for the service. */
  passMinutes(minutes: number): void;
  /** What the official SDK's first request does: the token is used up, and a gateway has its UID. */
  redeem(clientId: string): Promise<void>;
  /** A token of this scope, of a principal of its own. */
  tokenOf(scope: ApiTokenScope): Promise<string>;
  /** Of every audit event so far, the oldest first: who did what to what. */
  audited(): Promise<{ principal: string | null; action: string; target: string | null }[]>;
  /** A run that was not renewed lapses, and what ends with it ends. */
  lapse(): Promise<void>;
  close(): Promise<void>;
}

/** The real service on an embedded vault with some secrets, over plain HTTP on a loopback port. */
export async function realService({ vaultId = 'AAAAAAAAAAAAAAAAAAAAAA' } = {}): Promise<RealService> {
  const { vault, database, masterKey, clock, passMinutes, close } = await temporaryVault();
  const uids = await fillVault(vault);
  const log = pino({ level: 'silent' });
  const operations = createOperations({
    vault,
    database,
    masterKey,
    clock,
    version: '0.0.0',
    vaultId,
  });
  const app = await buildApp({ operations, database, log, version: '0.0.0' });
  const requests: string[] = [];
  app.http.addHook('onRequest', async ({ method, url }) => void requests.push(`${method} ${url}`));
  await app.http.listen({ host: '127.0.0.1', port: 0 });
  const tokenOf = async (scope: ApiTokenScope, name: string = scope) => {
    const limits = { applications: null, secrets: null, allowEdit: false };
    return (await operations.apiTokens.create({ name, scope, limits, expiresAt: null })).text;
  };
  const token = await tokenOf('write', 'test');
  return {
    endpoint: `http://127.0.0.1:${(app.http.server.address() as AddressInfo).port}`,
    token,
    uids,
    vault,
    requests,
    passMinutes,
    async redeem(clientId) {
      const client = await vault.redemption.find(clientId);
      await vault.redemption.bind(client!, Buffer.alloc(65, 4), '192.0.2.1', async () => undefined);
    },
    tokenOf,
    async audited() {
      const rows = await database.db.selectFrom('audit_events').selectAll().orderBy('id').execute();
      return rows.map(({ principal, action, target }) => ({ principal, action, target }));
    },
    async lapse() {
      passMinutes(3);
      await operations.tick();
    },
    async close() {
      await app.http.close();
      await close();
    },
  };
}
