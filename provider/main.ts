/**
 * The provider's process: what was asked on the command line, and the parts
 * put together. Loaded three to five times a command, so what Terraform does
 * not need before its first call is loaded after the handshake.
 */
import { writeSync } from 'node:fs';
import { version } from '../package.json';
import { createLog, errorFields, launchedByTerraform, levelFrom, type Service, serve } from './plugin';

const SOURCE = 'ksm-iac/ksm';

const USAGE = `terraform-provider-ksm ${version}: the Terraform and OpenTofu provider ${SOURCE}

Terraform starts it by itself: name it in required_providers, and run
"ksm-iac provider install" once if it does not come from a registry.

  --version  print the version
  --help     print this
  --debug    serve until Ctrl-C, and print the TF_REATTACH_PROVIDERS with which
             Terraform uses this process instead of starting one; without TLS

KSM_IAC_PLUGIN_NETWORK=tcp makes it listen on loopback instead of a unix socket.
`;

const log = createLog(levelFrom(process.env));

function load(): Service {
  const { createProviderServer } = require('./resources') as typeof import('./resources');
  const { providerMethods } = require('./protocol') as typeof import('./protocol');
  const server = createProviderServer({ version, log });
  const methods = providerMethods(server, log);
  return { find: (path) => methods.get(path), shutdown: (ending) => server.shutdown(ending) };
}

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--version')) return void process.stdout.write(`${version}\n`);
  if (args.includes('--help')) return void process.stdout.write(USAGE);
  const debug = args.includes('--debug');
  if (!debug && !launchedByTerraform(process.env)) {
    process.stderr.write('This is a Terraform provider: Terraform starts it, it does nothing by itself. Try --help.\n');
    process.exitCode = 1;
    return;
  }
  await serve({ source: SOURCE, load, log, env: process.env, debug });
}

/** A bug: its place goes to the log, its message does not, which may quote a secret. */
function crash(error: unknown): never {
  log.error('crashed', errorFields(error));
  process.exit(1);
}

process.on('uncaughtException', crash);
main(process.argv.slice(2)).catch((error: Error) => {
  writeSync(2, `The provider cannot start: ${error.message}.\n`);
  process.exit(1);
});
