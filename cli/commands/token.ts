import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  API_TOKEN_EXPIRES_MAX_DAYS,
  API_TOKEN_EXPIRES_MAX_MINUTES,
  API_TOKEN_EXPIRES_MIN_DAYS,
  API_TOKEN_EXPIRES_MIN_MINUTES,
} from '../../contract/limits';
import type { ApiToken, ApiTokenScope } from '../../contract/types';
import { type Listing, printList } from '../private/list';
import { timeText } from '../private/table';
import { uidArgument, uidArguments } from '../private/uid-argument';
import {
  type ListOptions,
  listOptions,
  type ServiceOptions,
  serviceOptions,
  withService,
} from '../private/with-service';

interface CreateOptions extends ServiceOptions {
  name: string;
  scope: ApiTokenScope;
  applications?: string[];
  secrets?: string[];
  allowEdit?: true;
  expiresInDays?: number;
  expiresInMinutes?: number;
}

export function addToken(program: Command): void {
  const token = program.command('token').description("The service's API tokens: what Terraform and this command show.");
  const create = token
    .command('create')
    .description('Create an API token and print it: it is shown this once. Needs one of the scope admin.')
    .requiredOption('--name <name>', 'whose it is: a principal, which may have several tokens of one scope and limits')
    .addOption(
      new Option(
        '--scope <scope>',
        'read: see; session: read, and ephemeral devices; write: all but tokens; admin: all',
      )
        .choices(['read', 'session', 'write', 'admin'])
        .makeOptionMandatory(),
    )
    .option('--applications <pattern...>', "only applications of these names, such as 'payments-*'")
    .option(
      '--secrets <uid...>',
      'only these shared folders and records are seen and granted',
      uidArguments('ksm-iac secret list'),
    )
    .option('--allow-edit', 'with --secrets: they may be granted editable, too')
    .addOption(
      new Option('--expires-in-days <days>', 'how long it is good for (default: for ever)')
        .argParser(whole(API_TOKEN_EXPIRES_MIN_DAYS, API_TOKEN_EXPIRES_MAX_DAYS, 'days'))
        .conflicts('expiresInMinutes'),
    )
    .addOption(
      new Option('--expires-in-minutes <minutes>', 'the same for one job').argParser(
        whole(API_TOKEN_EXPIRES_MIN_MINUTES, API_TOKEN_EXPIRES_MAX_MINUTES, 'minutes'),
      ),
    );
  serviceOptions(create)
    .addHelpText(
      'after',
      `
Standard output is the token alone. The scope read is enough for terraform plan. A write token that is limited to
applications must name the secrets that it may grant. A UID that begins with a dash is written --secrets=-UID.

Examples:
  ksm-iac token create --name ci --scope write --expires-in-days 90 --data ./vault
  ksm-iac token create --name pay --scope write --applications 'pay-*' --secrets UID --expires-in-minutes 30
  export KSM_IAC_TOKEN="$(ksm-iac token create --name reviewer --scope read --data ./vault)"`,
    )
    .action(createToken);
  const list = token.command('list').description('List API tokens, without their text.');
  listOptions(list).addHelpText('after', '\nExamples:\n  ksm-iac token list --data ./vault').action(listTokens);
  const revoke = token
    .command('revoke')
    .description('Revoke an API token: it is refused from then on.')
    .argument('<id>', 'its id, as the list shows it', uidArgument('ksm-iac token list'));
  serviceOptions(revoke)
    .addHelpText('after', '\nExamples:\n  ksm-iac token revoke 3q2-7wAAAAAAAAAAAAAAAA --data ./vault')
    .action(revokeToken);
  token
    .command('recover')
    .description(
      'Make a new admin token in DIR/admin.token, and revoke the one that was there. The service is stopped.',
    )
    .requiredOption('--data <dir>', 'data folder of the stopped service')
    .addHelpText('after', '\nExamples:\n  ksm-iac token recover --data ./vault')
    .action(recoverToken);
}

async function createToken({ data, ...wanted }: CreateOptions): Promise<void> {
  const made = await withService({ data }, (client) => client.createApiToken(wanted));
  const until = made.expiresAt === null ? 'for ever' : `until ${made.expiresAt}`;
  process.stderr.write(`ksm-iac: API token ${made.id}, scope ${made.scope}, good ${until}. It is shown only now:\n`);
  process.stdout.write(`${made.token}\n`);
}

async function listTokens({ json, ...service }: ListOptions): Promise<void> {
  printList(await withService(service, (client) => client.listApiTokens()), LISTING, json);
}

async function revokeToken(id: string, service: ServiceOptions): Promise<void> {
  await withService(service, (client) => client.deleteApiToken(id));
  process.stderr.write(`ksm-iac: API token ${id} is revoked\n`);
}

async function recoverToken({ data }: { data: string }): Promise<void> {
  const { recoverAdminToken } = await import('../../service/host/recover-admin-token.js');
  const file = await recoverAdminToken({ dataDir: data });
  process.stderr.write(`ksm-iac: ${file} holds a new admin token; the one that was there is revoked\n`);
}

const LISTING: Listing<ApiToken> = {
  columns: [
    { heading: 'NAME', value: ({ name }) => name },
    { heading: 'SCOPE', value: ({ scope }) => scope },
    { heading: 'APPLICATIONS', value: ({ applications }) => applications?.join(', ') ?? 'all' },
    { heading: 'SECRETS', value: secretsText },
    { heading: 'ENDS', value: ({ expiresAt }) => timeText(expiresAt) ?? 'never', whole: true },
    { heading: 'ID', value: ({ id }) => id, whole: true },
  ],
  none: 'There is no API token',
};

function secretsText({ secrets, allowEdit }: ApiToken): string {
  return secrets === null ? 'all' : `${secrets.length}${allowEdit ? ', editable' : ''}`;
}

function whole(least: number, most: number, unit: string): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Write a whole number of ${unit} from ${least} to ${most}.`);
  };
}
