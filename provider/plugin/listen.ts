import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Endpoint } from './handshake';

/** 104 on macOS and 108 on Linux, a closing zero included. */
const LONGEST_SOCKET_PATH = 103;

/**
 * Listens where go-plugin's launcher wants it: a unix socket in
 * PLUGIN_UNIX_SOCKET_DIR (default: the temp folder), or, where that path is
 * longer than a socket's may be, in a folder of its own (mode 0700) in /tmp or
 * XDG_RUNTIME_DIR. On loopback, on a port
 * from PLUGIN_MIN_PORT to PLUGIN_MAX_PORT (default: any free one), where no
 * folder is short enough, on Windows, whose Node has no unix sockets, and where
 * KSM_IAC_PLUGIN_NETWORK=tcp asks for it (a sandbox that forbids unix sockets).
 */
export async function listen(
  server: Server,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
  shortFolders: readonly (string | undefined)[] = ['/tmp', env.XDG_RUNTIME_DIR],
): Promise<Endpoint> {
  const socket =
    platform === 'win32' || env.KSM_IAC_PLUGIN_NETWORK === 'tcp' ? undefined : socketPath(env, shortFolders);
  if (socket === undefined) {
    return await listenOnLoopback(server, portFrom(env.PLUGIN_MIN_PORT), portFrom(env.PLUGIN_MAX_PORT));
  }
  await started(server, { path: socket.path });
  return { network: 'unix', ...socket };
}

function socketPath(
  env: NodeJS.ProcessEnv,
  shortFolders: readonly (string | undefined)[],
): { path: string; ownFolder?: string } | undefined {
  const name = `ksm-${randomBytes(8).toString('hex')}.sock`;
  const path = join(env.PLUGIN_UNIX_SOCKET_DIR || tmpdir(), name);
  if (fits(path)) return { path };
  for (const folder of shortFolders) {
    // mkdtemp adds six characters.
    if (!folder || !fits(join(folder, 'ksm-XXXXXX', name))) continue;
    try {
      const ownFolder = mkdtempSync(join(folder, 'ksm-'));
      return { path: join(ownFolder, name), ownFolder };
    } catch {
      // It is not there, or not ours to write to.
    }
  }
  return undefined;
}

const fits = (path: string): boolean => Buffer.byteLength(path) <= LONGEST_SOCKET_PATH;

async function listenOnLoopback(server: Server, min: number, max: number): Promise<Endpoint> {
  const host = '127.0.0.1';
  for (let port = min; port <= max; port++) {
    try {
      await started(server, { host, port });
      return { network: 'tcp', host, port: (server.address() as { port: number }).port };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error(`every port from PLUGIN_MIN_PORT ${min} to PLUGIN_MAX_PORT ${max} is in use`);
}

function portFrom(text = '0'): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`PLUGIN_MIN_PORT and PLUGIN_MAX_PORT are ports from 0 to 65535, not "${text}"`);
  }
  return port;
}

function started(server: Server, where: { path: string } | { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
