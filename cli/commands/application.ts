import type { Command } from 'commander';
import type { Application } from '../../contract/types';
import { type Listing, printList } from '../private/list';
import { timeText } from '../private/table';
import { type ListOptions, listOptions, withService } from '../private/with-service';

interface ApplicationListOptions extends ListOptions {
  name?: string;
}

export function addApplication(program: Command): void {
  const application = program
    .command('application')
    .description('Applications: what devices, gateways and grants belong to.');
  listOptions(
    application
      .command('list')
      .description('List applications.')
      .option('--name <name>', 'only the one of exactly this name'),
  )
    .addHelpText(
      'after',
      `
Examples:
  ksm-iac application list --data ./vault
  ksm-iac application list --name payments --json`,
    )
    .action(list);
}

async function list({ name, json, ...service }: ApplicationListOptions): Promise<void> {
  const applications = await withService(service, async (client) => {
    if (name === undefined) return client.listApplications();
    const found = await client.findApplication(name);
    return found ? [found] : [];
  });
  printList(applications, LISTING, json);
}

const LISTING: Listing<Application> = {
  columns: [
    { heading: 'NAME', value: ({ name }) => name },
    { heading: 'CREATED', value: ({ createdAt }) => timeText(createdAt), whole: true },
    { heading: 'UID', value: ({ id }) => id, whole: true },
  ],
  none: 'There is no such application',
};
