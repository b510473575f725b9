import type { AddressInfo } from 'node:net';
import pino from 'pino';
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
  const { text: token } = await operations.apiTokens.create({
    name: 'test',
    scope: 'write',
    limits: { applications: null, secrets: null, allowEdit: false },
    expiresAt: null,
  });
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
    async close() {
      await app.http.close();
      await close();
    },
  };
}
