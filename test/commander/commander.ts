/**
 * The real Keeper Commander with its own Service Mode, over the simulated cloud (`cloud.py`). It needs a Python that has
 * the package `keepercommander`: KSM_IAC_TEST_COMMANDER_PYTHON names it.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export const commanderPython = process.env.KSM_IAC_TEST_COMMANDER_PYTHON;

/** Says what is missing where it is, and is not run. */
export const describeCommander = ((title: string, work: () => void) =>
  commanderPython
    ? describe(title, work)
    : describe.skip(
        `${title} (needs a Python with keepercommander 18.1.8: set KSM_IAC_TEST_COMMANDER_PYTHON)`,
        work,
      )) as (title: string, work: () => void) => void;

export const ALLOWED = 'secrets-manager,pam,sync-down,list-sf,nsf-list,list';

export interface CommanderSettings {
  readonly commands?: string;
  readonly rate_limiting?: string;
  readonly encryption_private_key?: string;
  readonly queue_enabled?: 'y' | 'n';
  readonly ip_allowed_list?: string;
  readonly expiration?: string;
  /** On an install made for Terraform, which alone looks at `Min-Commander-Version`. */
  readonly says_version?: string;
  /** @default 60, as Commander has it */
  readonly gateway_cache_seconds?: number;
  /** Base64url of what the next one-time tokens are made of, in their order. */
  readonly one_time_secrets?: readonly string[];
  /** It draws no UID with a dash first, which one in 64 has, and which the service has made again. */
  readonly plain_uids?: true;
  /** So much of what it sleeps where Keeper throttles it. @default 1: 30 s at least */
  readonly throttle_scale?: number;
}

/** Of `service start`: for a Commander whose rate limit is far away, as it is by default here. */
export const commanderOptions = (url: string): string[] => [
  '--vault',
  'commander',
  '--commander-url',
  url,
  '--commander-rate-limit',
  '100000',
];

/** What the cloud has, as its side channel tells it. */
export interface CloudApplication {
  readonly uid: string;
  readonly title: string;
  readonly shares: readonly { uid: string; editable: boolean; opens: boolean }[];
  readonly clients: readonly { id: string; name: string; lockIp: boolean; gateway: boolean; redeemed: boolean }[];
}

/** A command in its queue, in milliseconds by the clock of its host. */
export interface QueuedCommand {
  readonly text: string;
  readonly handedInAt: number;
  readonly startedAt: number;
  readonly completedAt: number;
}

export class Commander {
  apiKey = newKey();
  readonly url: string;
  #service: ChildProcess | undefined;

  private constructor(
    readonly cloud: string,
    readonly port: number,
    readonly settings: CommanderSettings,
    readonly cloudProcess: ChildProcess,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(settings: CommanderSettings = {}): Promise<Commander> {
    const cloud = spawn(commanderPython!, [join(__dirname, 'cloud.py')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(cloud.stdout!), 'line')) as [string];
    const { port } = JSON.parse(line) as { port: number };
    const commander = new Commander(`http://127.0.0.1:${port}`, await freePort(), settings, cloud);
    await commander.startService();
    return commander;
  }

  /** Everything that its queue and its cache knew is gone. */
  async restart(): Promise<void> {
    await this.stopService();
    await this.startService();
  }

  /** As `service-create` does, which draws another key with each start. */
  async rotateKey(): Promise<void> {
    this.apiKey = newKey();
    await this.restart();
  }

  async startService(): Promise<void> {
    const settings = {
      port: this.port,
      apiKey: this.apiKey,
      commands: ALLOWED,
      rate_limiting: '100000/minute',
      ...this.settings,
    };
    const args = [join(__dirname, 'service_mode.py'), '--cloud', this.cloud, '--settings', JSON.stringify(settings)];
    const service = spawn(commanderPython!, args, { stdio: ['ignore', 'ignore', 'ignore'] });
    this.#service = service;
    for (;;) {
      if (service.exitCode !== null) throw new Error(`Commander ended with ${service.exitCode}`);
      const reply = await fetch(`${this.url}/health`).catch(() => undefined);
      if (reply?.ok) return;
      await sleep(50);
    }
  }

  async stopService(): Promise<void> {
    if (!this.#service || this.#service.exitCode !== null || this.#service.signalCode !== null) return;
    this.#service.kill('SIGKILL');
    await once(this.#service, 'exit');
  }

  async stop(): Promise<void> {
    await this.stopService();
    this.cloudProcess.kill('SIGKILL');
    await once(this.cloudProcess, 'exit');
  }

  /** The side channel: what happens behind Commander's back, and what goes wrong. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
  control = (word: string, facts: object = {}): Promise<any> => askControl(this.cloud, word, facts);

  applications = (): Promise<CloudApplication[]> => this.control('applications');

  /** Hands in a command that nobody waits for. @returns the status of the answer */
  async submit(command: string): Promise<number> {
    const reply = await fetch(`${this.url}/api/v2/executecommand-async`, {
      method: 'POST',
      headers: { 'api-key': this.apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ command }),
    });
    return reply.status;
  }

  /** What it knows of a request that was handed in; asked for again where it allows no more. */
  async queued(request: string): Promise<QueuedCommand> {
    for (;;) {
      const reply = await fetch(`${this.url}/api/v2/status/${request}`, { headers: { 'api-key': this.apiKey } });
      if (reply.status === 429) {
        await sleep(1_000);
        continue;
      }
      const told = (await reply.json()) as Record<string, string>;
      const at = (time: string | undefined) => timeOf(time ?? '');
      return {
        text: told.command ?? '',
        handedInAt: at(told.created_at),
        startedAt: at(told.started_at),
        completedAt: at(told.completed_at),
      };
    }
  }

  /** A command as an operator would send it. */
  async command(command: string): Promise<{ status: number; body: Record<string, unknown> }> {
    const reply = await fetch(`${this.url}/api/v1/executecommand`, {
      method: 'POST',
      headers: { 'api-key': this.apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ command }),
    });
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
  }
}

/** Python's microseconds are more than `Date` reads. */
function timeOf(text: string): number {
  const [second, fraction = '0'] = text.split('.');
  return Date.parse(second!) + Number(`0.${fraction}`) * 1_000;
}

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
export async function askControl(cloud: string, word: string, facts: object = {}): Promise<any> {
  const reply = await fetch(`${cloud}/control`, { method: 'POST', body: JSON.stringify({ do: word, ...facts }) });
  const answer = await reply.json();
  if (!reply.ok) throw new Error(`${word}: ${JSON.stringify(answer)}`);
  return answer;
}

const newKey = () => randomBytes(32).toString('base64url');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
