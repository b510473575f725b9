import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { ENV } from '../../contract/api';
import { writeNodeCertificates, writePythonCertificates } from '../private/ca-bundles';
import { deviceVariables } from '../private/development-environment';
import { deviceSettings } from '../private/device-settings';
import { readText } from '../private/read-text';
import { readServiceNote, type ServiceNote } from '../private/service-note';
import { shellQuote } from '../private/shell-quote';

export function addEnv(program: Command): void {
  program
    .command('env')
    .description('Print the shell lines that point Terraform at a running service.')
    .requiredOption('--data <dir>', 'data folder of the running service')
    .option('--devices', "also what devices need beside a token: where, the vault's public key, and whom to trust")
    .addHelpText(
      'after',
      `
The token itself is never printed: the shell reads it from its file.
With --devices, NODE_EXTRA_CA_CERTS and REQUESTS_CA_BUNDLE name files in the data folder in which the local CA is joined
with what these variables name already; REQUESTS_CA_BUNDLE, which replaces all roots, with common ones otherwise. Run
again in the same shell it changes nothing.

Examples:
  eval "$(ksm-iac env --data ./vault)"
  eval "$(ksm-iac env --devices --data ./vault)" && node device.mjs
  ksm-iac env --data ./vault >> .envrc`,
    )
    .action(async ({ data, devices }: { data: string; devices?: true }) => {
      const note = await readServiceNote(data);
      const lines = environmentLines(note, process.env);
      if (devices) lines.push(...(await deviceLines(data)));
      process.stdout.write(`${lines.join('\n')}\n`);
    });
}

async function deviceLines(data: string): Promise<string[]> {
  const settings = await deviceSettings(data, process.env, new AbortController().signal);
  const variables = { ...deviceVariables(settings), ...(await trustVariables(settings.caCertificate, data)) };
  return Object.entries(variables).map(([name, value]) => `export ${name}=${shellQuote(value)}`);
}

async function trustVariables(ca: string | null, data: string): Promise<Record<string, string>> {
  if (ca === null) return {};
  const own = async (name: 'NODE_EXTRA_CA_CERTS' | 'REQUESTS_CA_BUNDLE') => {
    const file = process.env[name];
    // What this command wrote may have gone with what was in the folder.
    const isGone = file && dirname(resolve(file)) === resolve(data) && !existsSync(file);
    return file && !isGone ? readText(name, file) : undefined;
  };
  return {
    NODE_EXTRA_CA_CERTS: await writeNodeCertificates((await own('NODE_EXTRA_CA_CERTS')) ?? '', ca, data),
    REQUESTS_CA_BUNDLE: await writePythonCertificates(await own('REQUESTS_CA_BUNDLE'), ca, data),
  };
}

/** Lines for a POSIX shell; what would contradict them in `env` is unset. */
export function environmentLines(note: ServiceNote, env: NodeJS.ProcessEnv): string[] {
  const ca = note.caCertificateFile;
  return [
    `export ${ENV.endpoint}=${shellQuote(note.endpoint)}`,
    `export ${ENV.token}="$(cat ${shellQuote(note.tokenFile)})"`,
    ca ? `export ${ENV.caCertificateFile}=${shellQuote(ca)}` : `unset ${ENV.caCertificateFile}`,
    ...(env[ENV.caCertificate] ? [`unset ${ENV.caCertificate}`] : []),
  ];
}
