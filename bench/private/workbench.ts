/** A real service on an embedded vault, the built provider in a mirror, and Terraform in folders of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { KsmClient } from '../../contract/client';
import { run, stop } from '../../scripts/demo/command';

const root = resolve(__dirname, '../..');
export const PROVIDER = join(root, 'dist/bin/terraform-provider-ksm.cjs');
const CLI = join(root, 'dist/bin/ksm-iac.cjs');
const READY_WITHIN_MS = 20_000;

export class Workbench {
  private constructor(
    readonly folder: string,
    private readonly service: ChildProcess,
    readonly ready: { endpoint: string; caCertificateFile: string; tokenFile: string; deviceApi: DeviceApiNote },
  ) {}

  static async open(): Promise<Workbench> {
    const folder = mkdtempSync(join(tmpdir(), 'ksm-iac-bench-'));
    const readyFile = join(folder, 'ready.json');
    const args = [
      'service',
      'start',
      '--data',
      join(folder, 'data'),
      '--listen',
      '127.0.0.1:0',
      '--ready-file',
      readyFile,
    ];
    const service = spawn(process.execPath, [CLI, ...args, '--log-level', 'warn'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!existsSync(readyFile)) {
      if (service.exitCode !== null || Date.now() > deadline) throw new Error('the service did not become ready');
      await new Promise((done) => setTimeout(done, 20));
    }
    await run(process.execPath, [CLI, 'provider', 'install', '--dir', join(folder, 'provider')]);
    return new Workbench(folder, service, JSON.parse(readFileSync(readyFile, 'utf8')));
  }

  get environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      KSM_IAC_ENDPOINT: this.ready.endpoint,
      KSM_IAC_TOKEN: readFileSync(this.ready.tokenFile, 'utf8').trim(),
      KSM_IAC_CA_CERTIFICATE_FILE: this.ready.caCertificateFile,
      TF_CLI_CONFIG_FILE: join(this.folder, 'provider', 'terraformrc'),
      CHECKPOINT_DISABLE: '1',
    };
  }

  client(): KsmClient {
    return new KsmClient({
      endpoint: this.ready.endpoint,
      token: readFileSync(this.ready.tokenFile, 'utf8').trim(),
      caCertificate: readFileSync(this.ready.caCertificateFile, 'utf8'),
      requestTimeoutMs: 60_000,
      operationTimeoutMs: 60_000,
      maxRetries: 0,
      userAgent: 'bench',
    });
  }

  /** A folder with this configuration, initialised. */
  async stack(name: string, configuration: object): Promise<Stack> {
    const folder = join(this.folder, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(configuration));
    const stack = new Stack(folder, this.environment);
    await stack.terraform('init');
    return stack;
  }

  async close(): Promise<void> {
    await stop(this.service);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface DeviceApiNote {
  readonly hostname: string;
  readonly serverPublicKeyId: string;
  readonly serverPublicKey: string;
}

export class Stack {
  constructor(
    readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  async terraform(command: string, ...args: string[]): Promise<{ code: number; stdout: string }> {
    const tool = process.env.KSM_IAC_BENCH_TERRAFORM ?? 'terraform';
    const input = command === 'init' ? ['-input=false'] : ['-input=false', '-compact-warnings'];
    return run(tool, [command, '-no-color', ...input, ...args], { cwd: this.folder, env: this.env, expect: [0, 2] });
  }
}
