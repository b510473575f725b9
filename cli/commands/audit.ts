import { type Command, InvalidArgumentError } from 'commander';
import type { KsmClient } from '../../contract/client';
import { PAGE_DEFAULT_ITEMS, PAGE_MAX_ITEMS, UID_PATTERN } from '../../contract/limits';
import type { AuditEvent } from '../../contract/types';
import { type ApplicationOptions, applicationOptions, findApplication, noApplication } from '../private/applications';
import { type Listing, printList } from '../private/list';
import { timeText } from '../private/table';
import { type ListOptions, withService } from '../private/with-service';

interface AuditListOptions extends ListOptions, ApplicationOptions {
  principal?: string;
  action?: string;
  limit: number;
}

export function addAudit(program: Command): void {
  const audit = program.command('audit').description('Audit events: who changed what, and what was refused.');
  const command = audit
    .command('list')
    .description('List audit events, newest first. Needs a token of the scope admin.')
    .option('--principal <name>', 'only what this principal did (the name of its tokens)')
    .option('--action <action>', 'only this action (client_device.create), or all of a noun (client_device)')
    .option('--limit <count>', `at most so many, ${PAGE_MAX_ITEMS} at the most`, limitOf, PAGE_DEFAULT_ITEMS);
  applicationOptions(command, 'only events of this application and of what is in it')
    .addHelpText(
      'after',
      `
A deleted application is found by its UID. What changed, from what to what, is in the JSON.

Examples:
  ksm-iac audit list --data ./vault
  ksm-iac audit list --application payments --action client_device --limit 20
  ksm-iac audit list --principal ci --json`,
    )
    .action(list);
}

async function list({ application, principal, action, limit, json, ...service }: AuditListOptions): Promise<void> {
  const events = await withService(service, async (client) => {
    const target = application === undefined ? undefined : await targetOf(client, application);
    const filter = Object.entries({ target, principal, action }).filter(([, value]) => value !== undefined);
    return client.listAuditEvents({ ...Object.fromEntries(filter), limit });
  });
  printList(events, LISTING, json);
}

/** Events outlive their application, so a UID that is nobody's is taken as it is. */
async function targetOf(client: KsmClient, wanted: string): Promise<string> {
  const found = await findApplication(client, wanted);
  if (found) return found.id;
  if (new RegExp(UID_PATTERN).test(wanted)) return wanted;
  throw noApplication(wanted);
}

const LISTING: Listing<AuditEvent> = {
  columns: [
    { heading: 'AT', value: ({ at }) => timeText(at), whole: true },
    { heading: 'PRINCIPAL', value: ({ principal, actor }) => principal ?? actor },
    { heading: 'ACTION', value: ({ action }) => action },
    { heading: 'OUTCOME', value: ({ outcome, reason }) => (reason ? `${outcome}: ${reason}` : outcome) },
    { heading: 'NAME', value: ({ name }) => name },
    { heading: 'TARGET', value: ({ target }) => target, whole: true },
  ],
  none: 'There is no such event',
};

function limitOf(value: string): number {
  const limit = Number(value);
  if (/^\d+$/.test(value) && limit >= 1 && limit <= PAGE_MAX_ITEMS) return limit;
  throw new InvalidArgumentError(`Write a whole number from 1 to ${PAGE_MAX_ITEMS}.`);
}
