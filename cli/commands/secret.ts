import { type Command, Option } from 'commander';
import type { Secret } from '../../contract/types';
import { type Listing, printList } from '../private/list';
import { type ListOptions, listOptions, withService } from '../private/with-service';

interface SecretListOptions extends ListOptions {
  name?: string;
  kind?: 'folder' | 'record';
}

export function addSecret(program: Command): void {
  const secret = program.command('secret').description('Shared folders and records: what can be granted.');
  listOptions(
    secret
      .command('list')
      .description('List shared folders and records by name, never their content.')
      .option('--name <name>', 'only those of exactly this name or title')
      .addOption(new Option('--kind <kind>', 'only shared folders, or only records').choices(['folder', 'record'])),
  )
    .addHelpText(
      'after',
      `
Examples:
  ksm-iac secret list --data ./vault
  ksm-iac secret list --kind folder --name Databases --json`,
    )
    .action(list);
}

async function list({ name, kind, json, ...service }: SecretListOptions): Promise<void> {
  const filter = { ...(name === undefined ? {} : { name }), ...(kind === undefined ? {} : { kind }) };
  printList(await withService(service, (client) => client.listSecrets(filter)), LISTING, json);
}

const LISTING: Listing<Secret> = {
  columns: [
    { heading: 'KIND', value: ({ kind }) => kind, whole: true },
    { heading: 'NAME', value: ({ name }) => name },
    { heading: 'PATH', value: ({ path }) => path },
    { heading: 'UID', value: ({ uid }) => uid, whole: true },
  ],
  none: 'There is no such shared folder or record',
};
