import type { Command } from 'commander';
import type { KsmClient } from '../../contract/client';
import { REVOKED_MAX_ITEMS } from '../../contract/limits';
import type { Orphan, OrphansRevoked } from '../../contract/types';
import { findApplication, noApplication } from '../private/applications';
import { UsageError } from '../private/command-error';
import { type Listing, printList } from '../private/list';
import { timeText } from '../private/table';
import {
  type ListOptions,
  listOptions,
  type ServiceOptions,
  serviceOptions,
  withService,
} from '../private/with-service';

const ORPHANS: Listing<Orphan> = {
  columns: [
    { heading: 'STATE', value: ({ state }) => state },
    { heading: 'KIND', value: ({ kind }) => kind },
    { heading: 'NAME', value: ({ name }) => name },
    { heading: 'APPLICATION', value: ({ applicationName }) => applicationName },
    { heading: 'PRINCIPAL', value: ({ principal }) => principal },
    { heading: 'CREATED', value: ({ createdAt }) => timeText(createdAt) },
    { heading: 'ENDS', value: ({ endsAt }) => timeText(endsAt) ?? 'never' },
    { heading: 'ID', value: ({ id }) => id, whole: true },
  ],
  none: 'There are no orphans',
};

const APPLICATION = ['--application <uid|name>', 'only in this application'] as const;

interface Filter {
  application?: string;
}

export function addOrphans(program: Command): void {
  const orphans = program
    .command('orphans')
    .description('What runs of Terraform left behind, and nobody is known to have.');
  listOptions(orphans.command('list'))
    .description('List orphans: the unsure, the unclaimed and the suspected.')
    .option(...APPLICATION)
    .addHelpText('after', EXPLAINED)
    .action(list);
  serviceOptions(orphans.command('revoke'))
    .description('End orphans: the unsure, or those that are named.')
    .argument('[id...]', 'ids as the list shows them; the unclaimed and the suspected end by their ids alone')
    .option(...APPLICATION)
    .option('--all', 'all that are unsure, in every application')
    .option('--json', "print the API's reply as JSON, for programs")
    .addHelpText('after', EXPLAINED)
    .action(revoke);
}

const EXPLAINED = `
unsure: the run that made it was killed or lost, so it may stand in a state or not. A one-time token that nobody
redeems ends by itself. unclaimed: Terraform had it, but nobody has redeemed it and no later run has read it.
suspected: over Keeper Commander, the reply to a command was lost, and this may be what it made: it has the name that
was asked for, and nobody has its token. One that nobody redeems is removed when it has certainly expired.
Run 'terraform plan' on a state first: what it holds is no orphan any more.

Examples:
  ksm-iac orphans list --data ./vault
  ksm-iac orphans revoke --application 0Zq7rJmNBqKIl0mLkAJhMg`;

async function list({ application, json, ...options }: ListOptions & Filter): Promise<void> {
  const items = await withService(options, async (client) => client.listOrphans(await filterOf(client, application)));
  printList(items, ORPHANS, json);
}

async function revoke(
  ids: string[],
  { application, all, json, ...options }: ServiceOptions & Filter & { all?: true; json?: true },
): Promise<void> {
  if (ids.length === 0 && application === undefined && !all) {
    throw new UsageError(
      'Nothing says what to end. Name ids, or give --application UID (or name) for all that is unsure in it, or --all.',
    );
  }
  if (ids.length > 0 && all) throw new UsageError('Ids and --all exclude each other; leave one of them out.');
  const done = await withService(options, async (client) =>
    inPortions(client, ids, await filterOf(client, application)),
  );
  if (json) {
    process.stdout.write(`${JSON.stringify(done, undefined, 2)}\n`);
  } else {
    for (const id of done.revoked) process.stdout.write(`${id}\n`);
    process.stderr.write(`ksm-iac: ${done.revokedTotal} revoked\n`);
    for (const { id, reason } of done.kept) process.stderr.write(`ksm-iac: kept ${id}: ${reason}\n`);
  }
  if (ids.length > 0 && done.kept.length > 0) process.exitCode = 1;
}

async function filterOf(client: KsmClient, application: string | undefined): Promise<{ applicationId?: string }> {
  if (application === undefined) return {};
  const found = await findApplication(client, application);
  if (!found) throw noApplication(application);
  return { applicationId: found.id };
}

async function inPortions(client: KsmClient, ids: readonly string[], where: object): Promise<OrphansRevoked> {
  if (ids.length === 0) return client.revokeOrphans(where);
  const done: OrphansRevoked = { revoked: [], revokedTotal: 0, kept: [] };
  for (let start = 0; start < ids.length; start += REVOKED_MAX_ITEMS) {
    const some = await client.revokeOrphans({ ids: ids.slice(start, start + REVOKED_MAX_ITEMS), ...where });
    done.revoked.push(...some.revoked);
    done.revokedTotal += some.revokedTotal;
    done.kept.push(...some.kept);
  }
  return done;
}
