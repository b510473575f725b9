import type { Command } from 'commander';
import type { Grant } from '../../contract/types';
import { type ApplicationOptions, applicationOptions, inApplications } from '../private/applications';
import { type Listing, printList } from '../private/list';
import type { ListOptions } from '../private/with-service';

export function addGrant(program: Command): void {
  const grant = program.command('grant').description('Grants: which application may read or edit which secrets.');
  const command = grant.command('list').description('List grants.');
  applicationOptions(command, 'only grants to this application')
    .addHelpText(
      'after',
      `
The id is the one that terraform import takes: UID of the application, UID of the shared folder or record.

Examples:
  ksm-iac grant list --data ./vault
  ksm-iac grant list --application payments --json`,
    )
    .action(list);
}

async function list({ json, ...options }: ListOptions & ApplicationOptions): Promise<void> {
  const { items, names } = await inApplications(options, (client, id) => client.listGrants(id));
  printList(items, listingOf(names), json);
}

function listingOf(names: ReadonlyMap<string, string>): Listing<Grant> {
  return {
    columns: [
      { heading: 'APPLICATION', value: ({ applicationId }) => names.get(applicationId) },
      { heading: 'SECRET', value: ({ title }) => title },
      { heading: 'KIND', value: ({ kind }) => kind, whole: true },
      { heading: 'ACCESS', value: ({ editable }) => (editable ? 'edit' : 'read'), whole: true },
      { heading: 'ID', value: ({ id }) => id, whole: true },
    ],
    none: 'There is no such grant',
  };
}
