import { type Command, InvalidArgumentError, Option } from 'commander';
import { UNCLAIMED_CONFIGURATION_HOURS } from '../../contract/limits';
import { type CommanderArguments, commanderSettings } from '../private/commander-settings';
import { advertisedAddress, listenAddress } from '../private/listen-address';
import { logText } from '../private/log-text';
import { requireReady } from '../private/readiness';
import { shellQuote } from '../private/shell-quote';
import { onEndingSignal } from '../private/signals';
import { vaultId } from '../private/vault-id';

interface StartOptions extends CommanderArguments {
  data: string;
  listen: string;
  readyFile?: string;
  tlsCert?: string;
  tlsKey?: string;
  masterKeyFile?: string;
  insecureHttp?: true;
  init?: true;
  advertise?: string;
  vaultId?: string;
  unclaimedConfigurationHours: number;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  logFormat?: 'text' | 'json';
}

/** What is in flight has 8 s; a stop that takes longer is cut off so that the process ends within 10 s. */
const STOP_LIMIT_MS = 9_500;
/** Not SIGHUP, which those who renew certificates send. */
const STOPPING_SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** How long a process that has stopped waits for whoever reads its standard error. */
const UNREAD_LOG_MS = 300;

export function addService(program: Command): void {
  const service = program.command('service').description('Run the ksm-iac service, and ask whether it is ready.');
  service
    .command('start')
    .description('Run the service in the foreground, on an embedded vault or on the real Keeper through Commander.')
    .requiredOption('--data <dir>', 'data folder; made when it does not exist')
    .option('--listen <host:port>', 'address to listen on; port 0 takes a free one', listenAddress, '127.0.0.1:8443')
    .option(
      '--ready-file <file>',
      'written (mode 0600) when the service is ready: endpoint, CA, token file, device API',
    )
    .option('--tls-cert <file>', 'PEM certificate (with its chain) instead of one of the local CA; needs --tls-key')
    .option('--tls-key <file>', 'PEM key of --tls-cert')
    .option(
      '--master-key-file <file>',
      'the master key, which is kept elsewhere (default: KSM_IAC_MASTER_KEY, else master.key in the data folder, made at first)',
    )
    .option(
      '--advertise <host:port>',
      'address that devices are told, kept with the vault (default: the one before, at first --listen)',
      advertisedAddress,
    )
    .addOption(
      new Option('--vault <kind>', 'the vault that it stands on')
        .choices(['embedded', 'commander'])
        .default('embedded'),
    )
    .option('--commander-url <url>', 'Service Mode of Keeper Commander; plain http on a loopback address only')
    .option('--commander-key-file <file>', 'its API key, in a file of mode 0600 (default: KSM_IAC_COMMANDER_API_KEY)')
    .option('--commander-ca-file <file>', 'PEM of the CA of its certificate (default: what Node trusts)')
    .option('--commander-time-zone <name>', 'time zone of its host (default: UTC, as in its container)')
    .option(
      '--commander-rate-limit <n>',
      'requests a minute that it allows to each of its endpoints (its -rl)',
      requestsPerMinute,
      60,
    )
    .option('--insecure-http', 'plain HTTP; on a loopback address only')
    .option('--init', 'begin with an empty vault although the data folder has keys of an earlier one')
    .option(
      '--vault-id <id>',
      'id of the vault, where its store was lost or two services share one: states of Terraform belong to it',
      vaultId,
    )
    .option(
      '--unclaimed-configuration-hours <hours>',
      'after so long an unused configuration of a run that ended without a word is revoked; 0: never',
      wholeHours,
      UNCLAIMED_CONFIGURATION_HOURS,
    )
    .addOption(
      new Option('--log-level <level>', 'least severe log lines to write to standard error')
        .choices(['debug', 'info', 'warn', 'error', 'silent'])
        .default('info'),
    )
    .addOption(
      new Option('--log-format <format>', 'how they are written (default: text on a terminal, else json)').choices([
        'text',
        'json',
      ]),
    )
    .addHelpText(
      'after',
      `
Ctrl-C or SIGTERM stops it: requests in flight have 8 seconds, the exit code is 0; a second one ends it at once, with 1.
SIGHUP reads the certificate again and stops nothing.

Examples:
  ksm-iac service start --data ./vault
  ksm-iac service start --data /var/lib/ksm-iac --listen 0.0.0.0:8443 --tls-cert tls.pem --tls-key tls.key
  ksm-iac service start --data ./keeper --vault commander --commander-url http://127.0.0.1:8900
  ksm-iac service start --data "$(mktemp -d)" --listen 127.0.0.1:0 --ready-file ready.json`,
    )
    .action(start);
  service
    .command('check')
    .description('Ask Keeper Commander whether it does what the service needs; exit code 1 if it does not.')
    .requiredOption('--commander-url <url>', 'Service Mode of Keeper Commander; plain http on a loopback address only')
    .option('--commander-key-file <file>', 'its API key, in a file of mode 0600 (default: KSM_IAC_COMMANDER_API_KEY)')
    .option('--commander-ca-file <file>', 'PEM of the CA of its certificate (default: what Node trusts)')
    .option('--json', 'print JSON for programs')
    .addHelpText(
      'after',
      `
It changes nothing in Keeper. docs/commander.md says what each finding means.

Examples:
  ksm-iac service check --commander-url http://127.0.0.1:8900
  ksm-iac service check --commander-url https://commander.example.com --commander-key-file ./key --json`,
    )
    .action(check);
  service
    .command('status')
    .description('Say whether the service of a data folder is ready; exit code 1 if it is not.')
    .requiredOption('--data <dir>', 'data folder of the service')
    .addHelpText(
      'after',
      `
It asks /readyz on this machine, which commits one page to the database: for health checks of containers and monitors.

Examples:
  ksm-iac service status --data ./vault
  until ksm-iac service status --data ./vault; do sleep 1; done`,
    )
    .action(status);
}

async function status({ data }: { data: string }): Promise<void> {
  const { endpoint } = await requireReady(data);
  process.stdout.write(`ready at ${endpoint}\n`);
}

const MARKS = { ok: 'ok', warning: 'warning', failed: 'FAILED' } as const;

async function check(options: Omit<CommanderArguments, 'vault'> & { json?: true }, command: Command): Promise<void> {
  const settings = commanderSettings({ ...options, vault: 'commander' }, command)!;
  const { checkSetup } = await import('../../service/vault/commander/setup-check.js');
  const { systemClock } = await import('../../service/world/clock.js');
  const findings = [];
  for await (const finding of checkSetup({ ...settings, clock: systemClock })) {
    findings.push(finding);
    if (!options.json) process.stdout.write(`${MARKS[finding.state].padEnd(8)} ${finding.what}: ${finding.detail}\n`);
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ items: findings })}\n`);
  if (findings.some(({ state }) => state === 'failed')) process.exitCode = 1;
}

async function start(options: StartOptions, command: Command): Promise<void> {
  if ((options.tlsCert === undefined) !== (options.tlsKey === undefined)) {
    command.error('error: --tls-cert and --tls-key belong together; give both, or neither to use the local CA.');
  }
  if (options.tlsCert !== undefined && options.insecureHttp) {
    command.error('error: --insecure-http and --tls-cert exclude each other; leave one of them out.');
  }
  const { isLoopback, parseListenAddress } = await import('../../service/host/listen-address.js');
  if (options.insecureHttp && !isLoopback(parseListenAddress(options.listen).host)) {
    command.error(
      `error: --insecure-http is for loopback addresses only, and ${options.listen} is none: tokens would cross the network in clear. Leave it out, or listen on 127.0.0.1.`,
    );
  }
  const asked = askedToEnd();
  let reload = () => {};
  process.on('SIGHUP', () => reload());
  const { startService } = await import('../../service/main.js');
  const { logFormat = process.stderr.isTTY ? 'text' : 'json', ...given } = options;
  const {
    data,
    vault,
    commanderUrl,
    commanderKeyFile,
    commanderCaFile,
    commanderTimeZone,
    commanderRateLimit,
    ...rest
  } = given;
  const commander = commanderSettings(
    { vault, commanderUrl, commanderKeyFile, commanderCaFile, commanderTimeZone, commanderRateLimit },
    command,
  );
  const service = await startService({
    dataDir: data,
    ...rest,
    commander,
    insecureHttp: options.insecureHttp ?? false,
    logText: logFormat === 'text' ? logText : undefined,
  });
  reload = () => void service.reload();
  say(
    `ready at ${service.endpoint} (Ctrl-C stops it); in another shell: eval "$(ksm-iac env --data ${shellQuote(data)})"`,
  );
  await asked;
  const limit = setTimeout(() => process.exit(1), STOP_LIMIT_MS);
  await service.stop();
  clearTimeout(limit);
  // Log lines that nobody reads would keep the process alive for ever.
  setTimeout(() => process.exit(0), UNREAD_LOG_MS).unref();
}

/** A hundred years keep dates representable. */
const MAX_HOURS = 876_000;

function wholeHours(value: string): number {
  const hours = Number(value);
  if (/^\d+$/.test(value) && hours <= MAX_HOURS) return hours;
  throw new InvalidArgumentError(`Write a whole number of hours from 0 (never) to ${MAX_HOURS}.`);
}

/** Resolves at the first signal; a second one ends the process at once. */
function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    onEndingSignal(() => {
      if (asked) process.exit(1);
      asked = true;
      say('stopping');
      resolve();
    }, STOPPING_SIGNALS);
  });
}

/** To a person alone: elsewhere standard error is the log, a line of JSON an event. */
function say(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`ksm-iac: ${line}\n`);
}

function requestsPerMinute(value: string): number {
  const count = Number(value);
  if (/^[1-9]\d{0,6}$/.test(value)) return count;
  throw new InvalidArgumentError('Write a whole number of requests a minute from 1 to 9999999.');
}
