import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stop } from './command';

/** The built command. */
export const CLI = resolve(__dirname, '../../dist/bin/ksm-iac.cjs');
const READY_WITHIN_MS = 20_000;

/** What the ready file of a service says. */
export interface Ready {
  readonly endpoint: string;
  readonly caCertificateFile: string;
  readonly tokenFile: string;
  readonly deviceApi: {
    readonly hostname: string;
    readonly serverPublicKeyId: string;
    readonly serverPublicKey: string;
  };
}

/** A real service of its own process, on a free port, with its data in `<folder>/data`. */
export class ServiceProcess {
  private readonly child: ChildProcess;
  private readonly readyFile: string;
  private said = '';

  /** @param more of `service start`'s options, and of its environment */
  constructor(folder: string, more: { options?: readonly string[]; environment?: NodeJS.ProcessEnv } = {}) {
    this.readyFile = join(folder, 'ready.json');
    const where = ['--data', join(folder, 'data'), '--listen', '127.0.0.1:0', '--ready-file', this.readyFile];
    const options = [...where, '--log-level', 'warn', ...(more.options ?? [])];
    this.child = spawn(process.execPath, [CLI, 'service', 'start', ...options], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...more.environment },
    });
    this.child.stderr?.on('data', (chunk) => {
      this.said += chunk;
    });
  }

  async ready(): Promise<Ready> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!existsSync(this.readyFile)) {
      if (this.child.exitCode !== null) throw new Error(`the service ended before it was ready:\n${this.said}`);
      if (Date.now() > deadline) throw new Error(`the service was not ready within ${READY_WITHIN_MS / 1000} s`);
      await new Promise((done) => setTimeout(done, 20));
    }
    return JSON.parse(readFileSync(this.readyFile, 'utf8'));
  }

  async stop(): Promise<void> {
    await stop(this.child);
  }
}
