/** Generates the OpenAPI document of `/v1` from the routes themselves. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VERSION } from '../../contract/version';
import { buildApp } from '../../service/app';
import { createLog } from '../../service/host/log';
import { createOperations } from '../../service/operations/operations';
import { openDatabase } from '../../service/store/database';
import { openMasterKey } from '../../service/store/master-key';
import { createEmbeddedVault } from '../../service/vault/embedded/embedded';
import { systemClock } from '../../service/world/clock';

/** The text of docs/openapi.json. */
export async function generateOpenApi(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
  try {
    const database = await openDatabase({ file: join(folder, 'service.db') });
    const masterKey = await openMasterKey({ database, file: join(folder, 'master.key') });
    const vault = await createEmbeddedVault({ database, masterKey, clock: systemClock, hostname: () => '' });
    const operations = createOperations({
      vault,
      database,
      masterKey,
      clock: systemClock,
      version: VERSION,
      vaultId: 'AAAAAAAAAAAAAAAAAAAAAA',
    });
    const { http } = await buildApp({ operations, database, log: createLog('silent'), version: VERSION });
    const { body } = await http.inject('/openapi.json');
    await http.close();
    await database.close();
    return `${JSON.stringify(JSON.parse(body), null, 2)}\n`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
