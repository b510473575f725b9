import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { writeNodeCertificates } from '../private/ca-bundles';
import { runChild } from '../private/child';
import { errorCode, reasonOf } from '../private/command-error';
import { clientFor } from '../private/connection';
import { type DevelopmentService, developmentEnvironment } from '../private/development-environment';
import { lastPort, rememberPort } from '../private/last-port';
import { listenAddress } from '../private/listen-address';
import {
  builtProvider,
  defaultMirrorDir,
  goPlatform,
  installProvider,
  scriptFor,
  writeCliConfiguration,
} from '../private/provider-mirror';
import { type EndingSignal, onEndingSignal, signalExitCode } from '../private/signals';
import { importVault, readVaultFile } from '../private/vault-import';
import { inWorkFolder } from '../private/work-folder';
import { summaryLines } from '../vault-import';
import { REPLACED_HINT } from './provider';

interface DevOptions {
  data?: string;
  listen?: string;
  vaultFile?: string;
}

export function addDev(program: Command): void {
  program
    .command('dev')
    .description('Start a service for the length of one command, with the environment set for it.')
    .argument('<command...>', 'the command and its arguments, after --')
    .option('--data <dir>', 'data folder to keep (default: a temporary one, removed afterwards)')
    .option(
      '--listen <host:port>',
      'address of the service (default: 127.0.0.1, at the port of the last run on DIR, or else a free one)',
      listenAddress,
    )
    .option('--vault-file <file>', "vault to load first, in Keeper's JSON import format")
    .passThroughOptions()
    .addHelpText(
      'after',
      `
The command gets KSM_IAC_ENDPOINT, KSM_IAC_TOKEN and KSM_IAC_CA_CERTIFICATE_FILE; for devices in it,
KSM_IAC_DEVICE_HOSTNAME, KSM_IAC_DEVICE_SERVER_PUBLIC_KEY and KSM_IAC_DEVICE_SERVER_PUBLIC_KEY_ID, and
NODE_EXTRA_CA_CERTS, with which Node devices trust the local CA (a file of yours is joined with it into a new one).
TF_CLI_CONFIG_FILE, unless a file of yours is there, is a CLI configuration with which Terraform finds the provider
without a registry: the provider is put into a mirror under your home (~/.local/share/ksm-iac, as by ksm-iac provider
install), which stays there, and your ~/.terraformrc is not read.
Without --data it gets KSM_IAC_VAULT_CHANGE=recreate too: a state of an earlier run is made anew in the new vault.
So is one of a vault that you keep, whose devices are then left without a state: keep the two in different folders.
With --data the port stays the same from run to run, since devices keep the hostname that they were redeemed at.
Its exit code is passed on: 128 + n when signal n ended it, 127 when there is no such command.

Examples:
  ksm-iac dev --vault-file vault.json -- sh -c 'terraform init && terraform apply'
  ksm-iac dev --data ./vault -- terraform plan
  ksm-iac dev --vault-file vault.json -- npx cdktf deploy --auto-approve --skip-provider-lock '*'`,
    )
    .action(dev);
}

async function dev(command: string[], options: DevOptions): Promise<void> {
  const [name, ...args] = command as [string, ...string[]];
  // Checked first: a bad file costs no start of a service.
  const vault = options.vaultFile === undefined ? undefined : await readVaultFile(options.vaultFile);
  // From before the folder is made until this process is gone: in a moment without a listener a signal would end this
  // process, and leave the command running and a folder with keys behind.
  const interruption = new AbortController();
  onEndingSignal((signal) => interruption.abort(signal));
  const run = (dataDir: string) =>
    withDevelopmentService(dataDir, options, async (service) => {
      if (vault && options.vaultFile !== undefined) {
        const client = await clientFor({ ...service, direct: true }, interruption.signal);
        const result = await importVault(client, options.vaultFile, vault);
        for (const line of summaryLines(result, vault)) say(line);
      }
      const nodeCertificates = await nodeCertificatesFor(service, dataDir);
      const env = developmentEnvironment(process.env, service, { nodeCertificates, cliConfig: await cliConfigFile() });
      if (interruption.signal.aborted) return signalExitCode(interruption.signal.reason as EndingSignal);
      return runChild(name, args, env);
    });
  process.exitCode = options.data === undefined ? await inWorkFolder(run) : await run(options.data);
}

/** The PEM of `caCertificateFile`, too. */
type StartedService = DevelopmentService & { readonly caCertificate: string | undefined };

async function withDevelopmentService(
  dataDir: string,
  { data, listen }: DevOptions,
  work: (service: StartedService) => Promise<number>,
): Promise<number> {
  const service = await startAt(dataDir, listen);
  try {
    await rememberPort(dataDir, service.endpoint);
    const token = (await readFile(service.tokenFile, 'utf8')).trim();
    const ca = service.caCertificateFile ?? null;
    return await work({
      endpoint: service.endpoint,
      token,
      caCertificateFile: ca,
      caCertificate: ca ? await readFile(ca, 'utf8') : undefined,
      deviceApi: service.deviceApi,
      isThrowAway: data === undefined,
    });
  } finally {
    await service.stop();
  }
}

/** Devices keep the hostname that they were redeemed at, so the port of the last run on this folder comes first. */
async function startAt(dataDir: string, listen: string | undefined) {
  const { startService } = await import('../../service/main.js');
  const logText = process.stderr.isTTY ? (await import('../private/log-text.js')).logText : undefined;
  const start = (address: string) =>
    startService({ dataDir, listen: address, advertise: null, insecureHttp: false, logLevel: 'warn', logText });
  if (listen !== undefined) return start(listen);
  const last = await lastPort(dataDir);
  try {
    return await start(`127.0.0.1:${last ?? 0}`);
  } catch (error) {
    if (last === undefined || errorCode(error) !== 'address_in_use') throw error;
    say(`port ${last} of the last run is taken: devices that were redeemed there do not find this service.`);
    return start('127.0.0.1:0');
  }
}

/** The file for NODE_EXTRA_CA_CERTS. What the user has there stays trusted; Node ignores a file that it cannot read. */
async function nodeCertificatesFor(service: StartedService, dataDir: string): Promise<string | undefined> {
  const own = process.env.NODE_EXTRA_CA_CERTS;
  const { caCertificate, caCertificateFile } = service;
  if (!own || !caCertificate || !caCertificateFile) return caCertificateFile ?? undefined;
  try {
    const file = await writeNodeCertificates(await readFile(own, 'utf8'), caCertificate, dataDir);
    say(`NODE_EXTRA_CA_CERTS is ${file}: the certificates of ${own}, and the local CA.`);
    return file;
  } catch (error) {
    say(`NODE_EXTRA_CA_CERTS is ${caCertificateFile}, without the certificates of ${own}: ${reasonOf(error)}.`);
    return caCertificateFile;
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
  const here = goPlatform(process.platform, process.arch);
  const { mirror, replaced } = await installProvider(await scriptFor([here], provider), dir);
  if (replaced) process.stderr.write(`${REPLACED_HINT}\n`);
  const file = await writeCliConfiguration(dir, mirror);
  const instead = own ? `instead of ${own}, which does not exist` : 'and ~/.terraformrc is not read';
  say(`TF_CLI_CONFIG_FILE is ${file}, ${instead}: Terraform takes ksm-iac/ksm from there.`);
  return file;
}

function say(line: string): void {
  process.stderr.write(`ksm-iac: ${line}\n`);
}
