import type { Command } from 'commander';
import { type Listing, printList } from '../private/list';
import { importVault, readVaultFile } from '../private/vault-import';
import { type ListOptions, serviceOptions, withService } from '../private/with-service';
import { type ImportedItem, skippedKinds, summaryLines } from '../vault-import';

export function addVault(program: Command): void {
  const vault = program.command('vault').description("Load the embedded vault's shared folders and records.");
  const command = vault
    .command('import')
    .description("Import shared folders and records from a file in Keeper's JSON import format.")
    .argument('<file>', 'JSON file; Keeper Commander writes one by `export --format json`');
  serviceOptions(command)
    .option('--json', 'print what was imported, and what was not, as JSON')
    .addHelpText(
      'after',
      `
The whole file is checked before anything is written. An entry with a "uid" is created or replaced under that UID;
one without is matched by name (folders) or by title and folder (records), so that importing twice changes nothing.
Each of them is printed with the UID that it has in the vault.
Permissions, attachments, references and private folders are not imported; the summary says how many there were.

Examples:
  ksm-iac vault import vault.json --data ./vault
  eval "$(ksm-iac env --data ./vault)" && ksm-iac vault import vault.json --json`,
    )
    .action(run);
}

async function run(source: string, { json, ...service }: ListOptions): Promise<void> {
  const file = await readVaultFile(source);
  const result = await withService(service, (client) => importVault(client, source, file));
  if (json) {
    const summary = { ...result, notImported: skippedKinds(file.skipped) };
    process.stdout.write(`${JSON.stringify(summary, undefined, 2)}\n`);
    return;
  }
  printList(result.items, LISTING, json);
  for (const line of summaryLines(result, file.skipped)) process.stderr.write(`${line}\n`);
}

const LISTING: Listing<ImportedItem> = {
  columns: [
    { heading: 'KIND', value: ({ kind }) => kind, whole: true },
    { heading: 'PATH', value: ({ path }) => path },
    { heading: 'OUTCOME', value: ({ outcome }) => outcome, whole: true },
    { heading: 'UID', value: ({ uid }) => uid, whole: true },
  ],
  none: 'There is nothing in the file',
};
