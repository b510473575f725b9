import type { Command } from 'commander';
import { clientFor, resolveConnection } from '../private/connection';
import { onEndingSignal } from '../private/signals';
import { importVault, readVaultFile } from '../private/vault-import';
import { skippedKinds, summaryLines } from '../vault-import';

export function addVault(program: Command): void {
  const vault = program.command('vault').description("Load the embedded vault's shared folders and records.");
  vault
    .command('import')
    .description("Import shared folders and records from a file in Keeper's JSON import format.")
    .argument('<file>', 'JSON file; Keeper Commander writes one by `export --format json`')
    .option('--data <dir>', 'data folder of the running service (default: the service of the KSM_IAC_… variables)')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      `
The whole file is checked before anything is written. An entry with a "uid" is created or replaced under that UID;
one without is matched by name (folders) or by title and folder (records), so that importing twice changes nothing.
Permissions, attachments, references and private folders are not imported; the summary says how many there were.

Examples:
  ksm-iac vault import vault.json --data ./vault
  eval "$(ksm-iac env --data ./vault)" && ksm-iac vault import vault.json --json`,
    )
    .action(run);
}

async function run(source: string, options: { data?: string; json?: true }): Promise<void> {
  const interruption = new AbortController();
  const release = onEndingSignal(() => interruption.abort());
  try {
    const file = await readVaultFile(source);
    const connection = await resolveConnection(options.data, process.env);
    const result = await importVault(await clientFor(connection, interruption.signal), source, file);
    const text = options.json
      ? JSON.stringify({ ...result, notImported: skippedKinds(file.skipped) })
      : summaryLines(result, file.skipped).join('\n');
    process.stdout.write(`${text}\n`);
  } finally {
    release();
  }
}
