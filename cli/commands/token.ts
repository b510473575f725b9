import { type Command, InvalidArgumentError, Option } from 'commander';
import type { KsmClient } from '../../contract/client';
import { API_TOKEN_EXPIRES_MAX_DAYS, API_TOKEN_EXPIRES_MIN_DAYS } from '../../contract/limits';
import type { ApiToken, ApiTokenScope } from '../../contract/types';
import { clientFor, resolveConnection } from '../private/connection';
import { onEndingSignal } from '../private/signals';

interface ServiceOptions {
  data?: string;
}

interface CreateOptions extends ServiceOptions {
  name: string;
  scope: ApiTokenScope;
  expiresInDays?: number;
}

const DATA = [
  '--data <dir>',
  'data folder of the running service (default: the service of the KSM_IAC_… variables)',
] as const;

export function addToken(program: Command): void {
  const token = program.command('token').description("The service's API tokens: what Terraform and this command show.");
  token
    .command('create')
    .description('Create an API token and print it: it is shown this once.')
    .requiredOption('--name <name>', 'whose it is; the audit events carry it')
    .addOption(
      new Option('--scope <scope>', 'read: see everything; write: change everything; session: read')
        .choices(['read', 'write', 'session'])
        .makeOptionMandatory(),
    )
    .option('--expires-in-days <days>', 'how long it is good for (default: for ever)', parseDays)
    .option(...DATA)
    .addHelpText(
      'after',
      `
Standard output is the token alone. Every scope may hold and settle its own runs, so a token of the scope read is enough
for terraform plan.

Examples:
  ksm-iac token create --name ci --scope write --expires-in-days 90 --data ./vault
  export KSM_IAC_TOKEN="$(ksm-iac token create --name reviewer --scope read --data ./vault)"`,
    )
    .action(create);
  token
    .command('list')
    .description('List API tokens, without their text.')
    .option(...DATA)
    .option('--json', 'print them as JSON')
    .action(list);
  token
    .command('revoke')
    .description('Revoke an API token: it is refused from then on.')
    .argument('<id>', 'its id, as the list shows it')
    .option(...DATA)
    .action(revoke);
}

async function create({ data, name, scope, expiresInDays }: CreateOptions): Promise<void> {
  const made = await withService(data, (client) => client.createApiToken({ name, scope, expiresInDays }));
  const until = made.expiresAt === null ? 'for ever' : `until ${made.expiresAt}`;
  process.stderr.write(`ksm-iac: API token ${made.id}, scope ${made.scope}, good ${until}. It is shown only now:\n`);
  process.stdout.write(`${made.token}\n`);
}

async function list({ data, json }: ServiceOptions & { json?: true }): Promise<void> {
  const tokens = await withService(data, (client) => client.listApiTokens());
  const text = json ? JSON.stringify(tokens) : tokens.map(line).join('\n');
  if (text) process.stdout.write(`${text}\n`);
}

async function revoke(id: string, { data }: ServiceOptions): Promise<void> {
  await withService(data, (client) => client.deleteApiToken(id));
  process.stderr.write(`ksm-iac: API token ${id} is revoked\n`);
}

function line({ id, name, scope, expiresAt }: ApiToken): string {
  return `${id}  ${scope.padEnd(7)}  ${expiresAt ?? 'for ever'.padEnd(24)}  ${name}`;
}

async function withService<T>(data: string | undefined, work: (client: KsmClient) => Promise<T>): Promise<T> {
  const interruption = new AbortController();
  const release = onEndingSignal(() => interruption.abort());
  try {
    return await work(await clientFor(await resolveConnection(data, process.env), interruption.signal));
  } finally {
    release();
  }
}

function parseDays(value: string): number {
  const days = Number(value);
  if (/^\d+$/.test(value) && days >= API_TOKEN_EXPIRES_MIN_DAYS && days <= API_TOKEN_EXPIRES_MAX_DAYS) return days;
  throw new InvalidArgumentError(
    `Write a whole number of days from ${API_TOKEN_EXPIRES_MIN_DAYS} to ${API_TOKEN_EXPIRES_MAX_DAYS}.`,
  );
}
