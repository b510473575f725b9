import type { Command } from 'commander';

interface Options {
  data: string;
  masterKeyFile?: string;
  newVaultId?: true;
}

const DATA = ['--data <dir>', 'data folder of the service'] as const;
const KEY = [
  '--master-key-file <file>',
  'the master key (default: KSM_IAC_MASTER_KEY, else master.key in the data folder)',
] as const;

/** `backup` and `restore`. */
export function addBackup(program: Command): void {
  program
    .command('backup')
    .description('Write the vault, its certificates and its admin token into one encrypted file; the service may run.')
    .argument('<file>', 'is made with mode 0600; a backup of that name is replaced')
    .requiredOption(...DATA)
    .option(...KEY)
    .addHelpText('after', '\nExamples:\n  ksm-iac backup vault-2026-11-26.ksmbackup --data ./vault')
    .action(backup);
  program
    .command('restore')
    .description('Make a data folder what it was at a backup, its service being stopped.')
    .argument('<file>', 'what `backup` has written')
    .requiredOption(...DATA)
    .option(...KEY)
    .option('--new-vault-id', 'make it another vault: a clone that no state of Terraform takes for the first')
    .addHelpText(
      'after',
      `
Examples:
  ksm-iac restore vault-2026-11-26.ksmbackup --data ./vault --master-key-file /media/key/master.key
  ksm-iac restore vault-2026-11-26.ksmbackup --data ./clone --new-vault-id`,
    )
    .action(restore);
}

async function backup(file: string, { data, masterKeyFile }: Options): Promise<void> {
  const { backUp } = await import('../../service/host/backup.js');
  await backUp({ file, dataDir: data, masterKeyFile });
  process.stderr.write(
    `ksm-iac: ${file} is written; the master key, which opens it, is not in it: keep that elsewhere\n`,
  );
}

async function restore(file: string, { data, masterKeyFile, newVaultId }: Options): Promise<void> {
  const { restore: restoreFolder } = await import('../../service/host/restore.js');
  await restoreFolder({ file, dataDir: data, masterKeyFile, newVaultId });
  process.stderr.write(`ksm-iac: ${data} is restored\n`);
}
