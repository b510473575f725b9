/** `DIR/dev.port`: where `ksm-iac dev` listened the last time, so that the devices of this vault find it again. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'dev.port';

/** Undefined at the first run, and when what is there is no port. */
export async function lastPort(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, FILE), 'utf8').catch(() => '');
  const port = /^[1-9]\d{0,4}$/.test(text.trim()) ? Number(text) : 0;
  return port > 0 && port <= 65_535 ? port : undefined;
}

export async function rememberPort(dataDir: string, endpoint: string): Promise<void> {
  await writeFile(join(dataDir, FILE), `${new URL(endpoint).port}\n`, { mode: 0o600 });
}
