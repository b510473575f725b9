import type { Command } from 'commander';
import type { ClientDevice } from '../../contract/types';
import { type ApplicationOptions, applicationOptions, inApplications } from '../private/applications';
import { type Listing, printList } from '../private/list';
import { STATUS_HELP, type StatusOptions, statusOption } from '../private/status-option';
import { timeText } from '../private/table';
import type { ListOptions } from '../private/with-service';

export function addDevice(program: Command): void {
  const device = program
    .command('device')
    .description('Client devices: what redeemed, or may redeem, a one-time token.');
  const command = device.command('list').description('List client devices. No token is ever in the list.');
  applicationOptions(statusOption(command), 'only devices of this application')
    .addHelpText(
      'after',
      `${STATUS_HELP}
Examples:
  ksm-iac device list --data ./vault
  ksm-iac device list --application payments --status lapsed --json`,
    )
    .action(list);
}

async function list({ status, json, ...options }: ListOptions & ApplicationOptions & StatusOptions): Promise<void> {
  const { items, names } = await inApplications(options, (client, id) => client.listDevices(id));
  printList(status ? items.filter((device) => device.status === status) : items, listingOf(names), json);
}

function listingOf(names: ReadonlyMap<string, string>): Listing<ClientDevice> {
  return {
    columns: [
      { heading: 'NAME', value: ({ name }) => name },
      { heading: 'APPLICATION', value: ({ applicationId }) => names.get(applicationId) },
      { heading: 'STATUS', value: ({ status }) => status, whole: true },
      { heading: 'LAST ACCESS', value: ({ lastAccessAt }) => timeText(lastAccessAt), whole: true },
      { heading: 'ENDS', value: (device) => timeText(endOf(device)), whole: true },
      { heading: 'ID', value: ({ id }) => id, whole: true },
    ],
    none: 'There is no such device',
  };
}

/** When its token ends, as long as that counts; afterwards when its access does. */
function endOf({ status, lapsed, tokenExpiresAt, accessExpiresAt }: ClientDevice): string | null {
  return status === 'pending' || lapsed === 'token' ? tokenExpiresAt : accessExpiresAt;
}
