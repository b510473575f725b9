import type { Command } from 'commander';
import type { Finding } from '../../service/vault/check';
import { CommandError } from '../private/command-error';
import { type Listing, printList } from '../private/list';
import { printable } from '../private/printable';
import { uidArguments } from '../private/uid-argument';
import { importVault, readVaultFile } from '../private/vault-import';
import { type ListOptions, type ServiceOptions, serviceOptions, withService } from '../private/with-service';
import { type ImportedItem, skippedKinds, summaryLines } from '../vault-import';

export function addVault(program: Command): void {
  const vault = program
    .command('vault')
    .description('Load, delete and check what is in the embedded vault; secret list shows it.');
  const command = vault
    .command('import')
    .description("Import shared folders and records from a file in Keeper's JSON import format.")
    .argument('<file>', 'JSON file, or ZIP with one: Keeper Commander writes them by `export --format json [--zip]`');
  serviceOptions(command)
    .option('--json', 'print what was imported, and what was not, as JSON')
    .option('--dry-run', 'say what would be created, changed, moved and erased, and write nothing')
    .addHelpText(
      'after',
      `
The whole file is read before anything is written. What cannot be read in a record is listed and left out, the rest is
imported, and the exit code is 1. An entry whose "uid" is a Keeper UID is created, replaced or moved
under it. One without, or with another text or number (as in exports of the web vault), is matched by name (folders) or
by title and folder (records), several of one title in their order, so that importing twice changes nothing.
Each of them is printed with the UID that it has in the vault; --dry-run prints "-" where the import will draw one.
Shared folders that records alone name are made too, as Keeper's own import does. A record without a title becomes
"Untitled". Permissions, attachments and private folders are not imported; the summary says of what.
docs/vault-files.md has the format, and the way from your own vault.

Examples:
  ksm-iac vault import vault.json --data ./vault
  ksm-iac vault import --dry-run export.zip --data ./vault
  eval "$(ksm-iac env --data ./vault)" && ksm-iac vault import vault.json --json`,
    )
    .action(run);

  vault
    .command('check')
    .description('Check that everything in a data folder fits together; the service may run.')
    .requiredOption('--data <dir>', 'data folder of the service')
    .option(
      '--master-key-file <file>',
      'the master key (default: KSM_IAC_MASTER_KEY, else master.key in the data folder)',
    )
    .option('--json', 'print the report as JSON, for programs')
    .addHelpText(
      'after',
      `
Nothing is changed. The whole file is read once: its pages and indexes, whether every key and name opens with the
master key, whether grants, devices, notes of runs and audit events are of things that there are. Exit code 0: it is
sound; 1: it is not, or could not be looked at.

Examples:
  ksm-iac vault check --data ./vault
  ksm-iac vault check --data ./vault --json | jq .findings`,
    )
    .action(check);

  const deletion = vault
    .command('delete')
    .description('Delete records and folders for good, with the grants of them.')
    .argument('<uid...>', 'UIDs; after `--` where one begins with a dash', uidArguments('ksm-iac secret list'))
    .option('--force', 'delete folders with everything in them');
  serviceOptions(deletion)
    .addHelpText(
      'after',
      `
Applications that were granted any of it lose the access at once; the audit log names each thing that was deleted.

Examples:
  ksm-iac vault delete 0Zq7rJmNBqKIl0mLkAJhMg --data ./vault
  ksm-iac vault delete --force -- -folderUidWithADash0Aw`,
    )
    .action(remove);
}

interface CheckOptions {
  data: string;
  masterKeyFile?: string;
  json?: true;
}

/** Works on the file itself: a service that does not start is the reason to ask. */
async function check({ data, masterKeyFile, json }: CheckOptions): Promise<void> {
  const { checkVault } = await import('../../service/check.js');
  const report = await checkVault({ dataDir: data, masterKeyFile });
  if (json) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  else if (!report.sound) printList([...report.findings], FINDINGS, undefined);
  if (!report.sound) {
    throw new CommandError(
      `${report.findingsTotal} ${report.findingsTotal === 1 ? 'thing does' : 'things do'} not hold in ${data}. Nothing was changed. Keep the folder as it is, and restore a backup (docs/service.md).`,
    );
  }
  const rows = Object.values(report.checked).reduce((sum, count) => sum + count, 0);
  process.stderr.write(`ksm-iac: ${data} is sound: ${rows} rows were checked\n`);
}

const FINDINGS: Listing<Finding> = {
  columns: [
    { heading: 'TABLE', value: ({ table }) => table, whole: true },
    { heading: 'ID', value: ({ id }) => id, whole: true },
    { heading: 'FINDING', value: ({ finding }) => finding },
  ],
  none: 'Everything holds',
};

/** In the order given; it stops at the first that cannot be deleted, and has said what it deleted before. */
async function remove(
  uids: string[],
  { force = false, ...service }: ServiceOptions & { force?: boolean },
): Promise<void> {
  await withService(service, async (client) => {
    for (const uid of uids) {
      const { kind, name } = await client.getSecret(uid);
      if (kind === 'record') {
        await client.deleteVaultRecord(uid);
      } else {
        // A folder inside a shared folder is none that could be granted, and is answered as unknown.
        await client.deleteVaultFolder(uid, { force });
      }
      const what = kind === 'record' ? 'record' : 'folder';
      process.stdout.write(`Deleted the ${what} ${uid}${name === null ? '' : ` "${printable(name)}"`}.\n`);
    }
  });
}

async function run(source: string, { json, dryRun, ...service }: ListOptions & { dryRun?: boolean }): Promise<void> {
  const file = await readVaultFile(source);
  const result = await withService(service, (client) => importVault(client, source, file, { dryRun }));
  if (json) {
    const { skipped, ...imported } = result;
    const summary = { ...imported, notImported: skippedKinds([...file.skipped, ...skipped]), faults: file.faults };
    process.stdout.write(`${JSON.stringify(summary, undefined, 2)}\n`);
  } else {
    printList(result.items, LISTING, json);
    for (const line of summaryLines(result, file, { dryRun })) process.stderr.write(`${line}\n`);
  }
  // Everything else is imported; a script has to know all the same.
  if (file.faults.length > 0) process.exitCode = 1;
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
