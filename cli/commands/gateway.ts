import type { Command } from 'commander';
import type { Gateway } from '../../contract/types';
import { type ApplicationOptions, applicationOptions, inApplications } from '../private/applications';
import { type Listing, printList } from '../private/list';
import { STATUS_HELP, type StatusOptions, statusOption } from '../private/status-option';
import { timeText } from '../private/table';
import type { ListOptions } from '../private/with-service';

export function addGateway(program: Command): void {
  const gateway = program.command('gateway').description('Keeper Gateways.');
  const command = gateway.command('list').description('List gateways. No token is ever in the list.');
  applicationOptions(statusOption(command), 'only gateways of this application')
    .addHelpText(
      'after',
      `${STATUS_HELP}
Examples:
  ksm-iac gateway list --data ./vault
  ksm-iac gateway list --application payments --status pending --json`,
    )
    .action(list);
}

async function list({ status, json, ...options }: ListOptions & ApplicationOptions & StatusOptions): Promise<void> {
  const { items, names } = await inApplications(options, (client, id) => client.listGateways(id));
  printList(status ? items.filter((gateway) => gateway.status === status) : items, listingOf(names), json);
}

function listingOf(names: ReadonlyMap<string, string>): Listing<Gateway> {
  return {
    columns: [
      { heading: 'NAME', value: ({ name }) => name },
      { heading: 'APPLICATION', value: ({ applicationId }) => names.get(applicationId) },
      { heading: 'STATUS', value: ({ status }) => status, whole: true },
      { heading: 'LAST ACCESS', value: ({ lastAccessAt }) => timeText(lastAccessAt), whole: true },
      { heading: 'GATEWAY UID', value: ({ gatewayUid }) => gatewayUid, whole: true },
      { heading: 'ID', value: ({ id }) => id, whole: true },
    ],
    none: 'There is no such gateway',
  };
}
