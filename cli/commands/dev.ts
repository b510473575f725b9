import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { runChild } from '../private/child';
import { clientFor } from '../private/connection';
import { type DevelopmentService, developmentEnvironment } from '../private/development-environment';
import { builtProvider, defaultMirrorDir, installProvider, writeCliConfiguration } from '../private/provider-mirror';
import { type EndingSignal, onEndingSignal, signalExitCode } from '../private/signals';
import { importVault, readVaultFile } from '../private/vault-import';
import { inWorkFolder } from '../private/work-folder';
import { summaryLines } from '../vault-import';
import { REPLACED_HINT } from './provider';

interface DevOptions {
  data?: string;
  vaultFile?: string;
}

export function addDev(program: Command): void {
  program
    .command('dev')
    .description('Start a service for the length of one command, with the environment set for it.')
    .argument('<command...>', 'the command and its arguments, after --')
    .option('--data <dir>', 'data folder to keep (default: a temporary one, removed afterwards)')
    .option('--vault-file <file>', "vault to load first, in Keeper's JSON import format")
    .passThroughOptions()
    .addHelpText(
      'after',
      `
The command gets KSM_IAC_ENDPOINT, KSM_IAC_TOKEN and KSM_IAC_CA_CERTIFICATE_FILE; for devices in it,
KSM_IAC_DEVICE_HOSTNAME, KSM_IAC_DEVICE_SERVER_PUBLIC_KEY and KSM_IAC_DEVICE_SERVER_PUBLIC_KEY_ID; and, unless you set
them yourself, NODE_EXTRA_CA_CERTS (Node devices trust the local CA) and TF_CLI_CONFIG_FILE (Terraform finds the
provider without a registry; your ~/.terraformrc is then not read).
Its exit code is passed on: 128 + n when signal n ended it, 127 when there is no such command.

Examples:
  ksm-iac dev --vault-file vault.json -- sh -c 'terraform init && terraform apply'
  ksm-iac dev --data ./vault -- terraform plan
  ksm-iac dev -- npx cdktf deploy`,
    )
    .action(dev);
}

async function dev(command: string[], options: DevOptions): Promise<void> {
  const [name, ...args] = command as [string, ...string[]];
  // Checked first: a bad file costs no start of a service.
  const vault = options.vaultFile === undefined ? undefined : await readVaultFile(options.vaultFile);
  const run = (dataDir: string) =>
    withService(dataDir, async (service, interruption) => {
      if (vault && options.vaultFile !== undefined) {
        const client = await clientFor({ ...service, direct: true }, interruption.signal);
        const result = await importVault(client, options.vaultFile, vault);
        for (const line of summaryLines(result, vault.skipped)) say(line);
      }
      const env = developmentEnvironment(process.env, service, await cliConfigFile());
      if (interruption.signal.aborted) return signalExitCode(interruption.signal.reason as EndingSignal);
      interruption.release();
      return runChild(name, args, env);
    });
  process.exitCode = options.data === undefined ? await inWorkFolder(run) : await run(options.data);
}

/** Until it is released, a signal aborts it (with the signal as reason) instead of ending the process. */
interface Interruption {
  readonly signal: AbortSignal;
  release(): void;
}

type Work = (
  service: DevelopmentService & { caCertificate: string | undefined },
  interruption: Interruption,
) => Promise<number>;

async function withService(dataDir: string, work: Work): Promise<number> {
  const controller = new AbortController();
  const release = onEndingSignal((signal) => controller.abort(signal));
  // While the service stops, a second Ctrl-C must not leave its data folder behind.
  const deafen = () => onEndingSignal(() => {});
  const { startService } = await import('../../service/main.js');
  const service = await startService({ dataDir, listen: '127.0.0.1:0', insecureHttp: false, logLevel: 'warn' });
  try {
    const token = (await readFile(service.tokenFile, 'utf8')).trim();
    const ca = service.caCertificateFile ?? null;
    const caCertificate = ca ? await readFile(ca, 'utf8') : undefined;
    const known = {
      endpoint: service.endpoint,
      token,
      caCertificateFile: ca,
      caCertificate,
      deviceApi: service.deviceApi,
    };
    return await work(known, { signal: controller.signal, release });
  } finally {
    deafen();
    release();
    await service.stop();
  }
}

/** The CLI configuration that finds the provider; undefined when the user's own stays, or no provider is built. */
async function cliConfigFile(): Promise<string | undefined> {
  const own = process.env.TF_CLI_CONFIG_FILE;
  if (own && existsSync(own)) {
    say('TF_CLI_CONFIG_FILE is yours and stays; it must find the provider (ksm-iac provider install --print).');
    return undefined;
  }
  const provider = builtProvider();
  if (!existsSync(provider)) {
    say(`there is no ${provider} (npm run build makes it), so Terraform will look for the provider by itself.`);
    return undefined;
  }
  const dir = defaultMirrorDir(process.env);
  const { mirror, replaced } = await installProvider(provider, dir);
  if (replaced) process.stderr.write(`${REPLACED_HINT}\n`);
  const file = await writeCliConfiguration(dir, mirror);
  const instead = own ? `instead of ${own}, which does not exist` : 'and ~/.terraformrc is not read';
  say(`TF_CLI_CONFIG_FILE is ${file}, ${instead}: Terraform takes ksm-iac/ksm from there.`);
  return file;
}

function say(line: string): void {
  process.stderr.write(`ksm-iac: ${line}\n`);
}
