import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Outcome, run } from './command';
import { mask, type Narrator } from './narrator';
import { CLI, type Ready, ServiceProcess } from './service';
import type { Tool } from './terraform';

const root = resolve(__dirname, '../..');
const EXAMPLE = join(root, 'examples/ci-pipeline');

/** Of examples/ci-pipeline/vault.json: what the example grants (a folder and a record), and what it does not. */
const GRANTED = ['Production database', 'Container registry', 'Release signing key'];
const NOT_GRANTED = 'Payroll export';

/** What Terraform wrote of the one device, in the state. */
interface Device {
  readonly client_id: string;
  readonly hostname: string;
  readonly one_time_token: string;
}

export class Demo {
  readonly folder = mkdtempSync(join(tmpdir(), 'ksm-iac-demo-'));
  private readonly data = join(this.folder, 'data');
  private readonly stack = join(this.folder, 'cdktf.out/stacks/ci-pipeline');
  private readonly deviceConfig = join(this.folder, 'device/config.json');
  private service: ServiceProcess | undefined;
  private env: NodeJS.ProcessEnv = {};
  /** What Terraform hands the consumer, for a device that is started here. */
  private deviceEnv: NodeJS.ProcessEnv = {};

  constructor(
    private readonly narrator: Narrator,
    private readonly tool: Tool,
  ) {}

  async run(options: { destroy: boolean }): Promise<void> {
    const { tool } = this;
    this.narrator.say(
      `Keeper Secrets Manager as code: the main job with ${tool.command} ${tool.version},\nin ${this.folder}\n`,
    );
    await this.startService();
    await this.importVault();
    await this.installProvider();
    await this.synthesize();
    await this.plan();
    await this.apply();
    const device = await this.redeemed();
    await this.tokenIsUsedUp(device);
    await this.planIsEmpty();
    if (!options.destroy) return;
    await this.destroy();
    await this.deviceIsRefused();
  }

  private startService(): Promise<void> {
    return this.step('Start the service on an embedded vault', async () => {
      this.service = new ServiceProcess(this.folder);
      const ready = await this.service.ready();
      this.env = this.environment(ready);
      this.deviceEnv = {
        ...this.env,
        NODE_EXTRA_CA_CERTS: ready.caCertificateFile,
        DEVICE_SERVER_PUBLIC_KEY_ID: ready.deviceApi.serverPublicKeyId,
        DEVICE_SERVER_PUBLIC_KEY: ready.deviceApi.serverPublicKey,
        DEVICE_CONFIG_FILE: this.deviceConfig,
      };
      return `listens at ${ready.endpoint}, with its own local CA`;
    });
  }

  private importVault(): Promise<void> {
    return this.step("Import a small vault, in Keeper's own JSON format", async () => {
      // Standard output is a table of UIDs; the summary is on standard error.
      const { stderr } = await this.cli('vault', 'import', join(EXAMPLE, 'vault.json'), '--data', this.data);
      return stderr.trim();
    });
  }

  private installProvider(): Promise<void> {
    return this.step('Install the provider ksm-iac/ksm into a local mirror', async () => {
      await this.cli('provider', 'install', '--dir', join(this.folder, 'provider'));
      return `${this.tool.command} takes it from there and from no registry`;
    });
  }

  private synthesize(): Promise<void> {
    return this.step('Synthesize the CDKTF app examples/ci-pipeline', async () => {
      const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
      mkdirSync(join(this.deviceConfig, '..'), { mode: 0o700 });
      await run(process.execPath, [tsx, '--tsconfig', 'tsconfig.dev.json', join(EXAMPLE, 'main.ts')], {
        cwd: root,
        env: {
          ...process.env,
          CDKTF_OUTDIR: join(this.folder, 'cdktf.out'),
          // cdktf asks the tool for its version when it synthesizes.
          TERRAFORM_BINARY_NAME: this.tool.command,
          CI_PIPELINE_DEVICE_CONFIG_FILE: this.deviceConfig,
        },
      });
      check(existsSync(join(this.stack, 'cdk.tf.json')), `no cdk.tf.json in ${this.stack}`);
      return 'an application, two grants, a client device, a gateway and a consumer of the token';
    });
  }

  private plan(): Promise<void> {
    return this.step(`${this.tool.command} init and plan`, async () => {
      await this.terraform('init', '-input=false');
      const { stdout, code } = await this.terraform('plan', '-input=false', '-detailed-exitcode', '-out=plan');
      check(code === 2, 'the first plan has nothing to do');
      return summary(stdout, /Plan: .*/);
    });
  }

  private apply(): Promise<void> {
    return this.step(
      `${this.tool.command} apply: the consumer gets the one-time token in this very apply`,
      async () => {
        const { stdout } = await this.terraform('apply', '-input=false', 'plan');
        const device = this.device();
        this.narrator.keepSecret(device.one_time_token);
        check(!stdout.includes(device.one_time_token), 'Terraform printed the token');
        return `${summary(stdout, /Apply complete! .*/)} The token is ${mask(device.one_time_token)}`;
      },
    );
  }

  private redeemed(): Promise<Device> {
    const title = "The consumer redeemed it with Keeper's official SDK; read again with what it got";
    return this.narrator.step(title, async () => {
      const { stdout } = await this.redeem({});
      for (const granted of GRANTED) check(stdout.includes(granted), `the granted secret "${granted}" is not visible`);
      check(!stdout.includes(NOT_GRANTED), `"${NOT_GRANTED}" is visible although it was not granted`);
      const told = `sees ${GRANTED.map((name) => `"${name}"`).join(', ')}; "${NOT_GRANTED}" was not granted and is not visible`;
      return { told, value: this.device() };
    });
  }

  private tokenIsUsedUp(device: Device): Promise<void> {
    return this.step('Redeem the same token once more, as another device would', async () => {
      const { stderr } = await this.redeem(
        {
          DEVICE_ONE_TIME_TOKEN: device.one_time_token,
          DEVICE_HOSTNAME: device.hostname,
          DEVICE_CONFIG_FILE: join(this.folder, 'device/thief.json'),
        },
        [1],
      );
      return refusal(stderr);
    });
  }

  private planIsEmpty(): Promise<void> {
    return this.step(`${this.tool.command} plan again, although the token is used up`, async () => {
      const { code, stdout } = await this.terraform('plan', '-input=false', '-detailed-exitcode');
      check(code === 0, `the second plan is not empty:\n${stdout}`);
      return summary(stdout, /No changes\..*/);
    });
  }

  private destroy(): Promise<void> {
    return this.step(`${this.tool.command} destroy`, async () => {
      const { stdout } = await this.terraform('destroy', '-input=false', '-auto-approve');
      return summary(stdout, /Destroy complete! .*/);
    });
  }

  private deviceIsRefused(): Promise<void> {
    return this.step('Read once more with the device that was destroyed', async () => {
      const { stderr } = await this.redeem({}, [1]);
      return refusal(stderr);
    });
  }

  explainWhatIsLeft(): void {
    const { host } = new URL(this.env.KSM_IAC_ENDPOINT ?? '');
    this.narrator.say(`
Left for a look around. The service is stopped; this opens a shell with it, until you leave the shell:
  cd ${this.stack}
  export TF_CLI_CONFIG_FILE=${join(this.folder, 'provider/terraformrc')}
  node ${CLI} dev --data ${this.data} --listen ${host} -- bash
In it, for instance:
  ${this.tool.command} plan
  DEVICE_CONFIG_FILE=${this.deviceConfig} node ${join(EXAMPLE, 'redeem.mjs')}
When you are done:
  rm -r ${this.folder}`);
  }

  async close(): Promise<void> {
    await this.service?.stop();
  }

  private environment(ready: Ready): NodeJS.ProcessEnv {
    const token = readFileSync(ready.tokenFile, 'utf8').trim();
    this.narrator.keepSecret(token);
    return {
      ...process.env,
      KSM_IAC_ENDPOINT: ready.endpoint,
      KSM_IAC_TOKEN: token,
      KSM_IAC_CA_CERTIFICATE_FILE: ready.caCertificateFile,
      TF_CLI_CONFIG_FILE: join(this.folder, 'provider/terraformrc'),
      CHECKPOINT_DISABLE: '1',
    };
  }

  private step(title: string, work: () => Promise<string>): Promise<void> {
    return this.narrator.step(title, async () => ({ told: await work(), value: undefined }));
  }

  private cli(...args: string[]): Promise<Outcome> {
    return run(process.execPath, [CLI, ...args]);
  }

  private terraform(command: string, ...args: string[]): Promise<Outcome> {
    const expect = args.includes('-detailed-exitcode') ? [0, 2] : [0];
    return run(this.tool.command, [command, '-no-color', ...args], { cwd: this.stack, env: this.env, expect });
  }

  private redeem(env: NodeJS.ProcessEnv, expect = [0]): Promise<Outcome> {
    return run(process.execPath, [join(EXAMPLE, 'redeem.mjs')], {
      env: { ...this.deviceEnv, ...env },
      expect,
    });
  }

  private device(): Device {
    const state = JSON.parse(readFileSync(join(this.stack, 'terraform.tfstate'), 'utf8'));
    const resource = state.resources.find(({ type }: { type: string }) => type === 'ksm_client_device');
    check(resource !== undefined, 'there is no ksm_client_device in the state');
    return resource.instances[0].attributes;
  }
}

function check(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

/** Keeper's own error, as the SDK passes it on. */
function refusal(stderr: string): string {
  const { error, message } = JSON.parse(summary(stderr, /\{"error".*\}/));
  return `refused with ${error}: ${message}`;
}

/** The line that says how it went, or a failure: output that does not say it is not what we expect. */
function summary(text: string, line: RegExp): string {
  const found = line.exec(text)?.[0];
  check(found !== undefined, `expected ${line} in:\n${text}`);
  return found;
}
