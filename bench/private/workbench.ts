/** A real service on an embedded vault, the built provider in a mirror, and Terraform in folders of their own. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { KsmClient } from '../../contract/client';
import { run } from '../../scripts/demo/command';
import { CLI, type Ready, ServiceProcess } from '../../scripts/demo/service';
import { developmentOverrides } from '../../scripts/development-overrides';
import { unpackExecutable } from '../../scripts/release/executable';

/** Terraform neither installs nor hashes the provider then, as while it is developed. */
const DEV_OVERRIDE = process.env.KSM_IAC_BENCH_DEV_OVERRIDE !== undefined;

function overrideProvider(folder: string, archives: string | undefined): void {
  mkdirSync(folder);
  if (archives) unpackExecutable(archives, folder);
  else cpSync(join(dirname(CLI), 'terraform-provider-ksm.cjs'), join(folder, 'terraform-provider-ksm'));
  writeFileSync(join(folder, 'terraformrc'), developmentOverrides({ 'ksm-iac/ksm': folder }));
}

export class Workbench {
  private constructor(
    readonly folder: string,
    private readonly service: ServiceProcess,
    readonly ready: Ready,
  ) {}

  /** @param more as of `ServiceProcess` */
  static async open(more: ConstructorParameters<typeof ServiceProcess>[1] = {}): Promise<Workbench> {
    const folder = mkdtempSync(join(tmpdir(), 'ksm-iac-bench-'));
    const service = new ServiceProcess(folder, more);
    const ready = await service.ready();
    const archives = process.env.KSM_IAC_BENCH_ARCHIVES;
    if (DEV_OVERRIDE) {
      overrideProvider(join(folder, 'provider'), archives);
    } else {
      const form = archives ? ['--archives', archives] : [];
      await run(process.execPath, [CLI, 'provider', 'install', '--dir', join(folder, 'provider'), ...form]);
    }
    return new Workbench(folder, service, ready);
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

  client(options: { runId?: string } = {}): KsmClient {
    return new KsmClient({
      ...options,
      endpoint: this.ready.endpoint,
      token: readFileSync(this.ready.tokenFile, 'utf8').trim(),
      caCertificate: readFileSync(this.ready.caCertificateFile, 'utf8'),
      requestTimeoutMs: 60_000,
      operationTimeoutMs: 60_000,
      maxRetries: 0,
      userAgent: 'bench',
    });
  }

  /** How many requests of the API the service has answered. */
  async requests(): Promise<number> {
    const ca = readFileSync(this.ready.caCertificateFile);
    const text = await new Promise<string>((resolve, reject) => {
      get(`${this.ready.endpoint}/metrics`, { ca, agent: false }, (reply) => {
        let body = '';
        reply.setEncoding('utf8').on('data', (part) => {
          body += part;
        });
        reply.once('end', () => resolve(body));
      }).once('error', reject);
    });
    const counts = [...text.matchAll(/^ksm_iac_http_requests_total\{[^}]*route="\/v1[^}]*\} (\d+)$/gm)];
    return counts.reduce((sum, [, count]) => sum + Number(count), 0);
  }

  /** A folder with this configuration, initialised. */
  async stack(name: string, configuration: object): Promise<Stack> {
    const folder = join(this.folder, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(configuration));
    const stack = new Stack(folder, this.environment);
    if (!DEV_OVERRIDE) await stack.terraform('init');
    return stack;
  }

  async close(): Promise<void> {
    await this.service.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
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

/** The configuration of so many devices. */
export function devices(attributes: object, count: number): object {
  const blocks: Record<string, object> = {};
  for (let n = 0; n < count; n++) blocks[`d${n}`] = { ...attributes, name: `device ${n}` };
  return {
    terraform: { required_providers: { ksm: { source: 'ksm-iac/ksm' } } },
    provider: { ksm: {} },
    resource: { ksm_client_device: blocks },
  };
}
