/** `npm run commander`: the real Keeper Commander over the simulated cloud, to try things by hand. Ctrl-C ends it. */

import { once } from 'node:events';
import { Commander, commanderPython } from './commander';

async function main(): Promise<void> {
  if (!commanderPython) {
    process.stderr.write(
      'Set KSM_IAC_TEST_COMMANDER_PYTHON to a Python that has the package:\n  python3 -m venv .venv && .venv/bin/pip install -r test/commander/requirements.txt\n  export KSM_IAC_TEST_COMMANDER_PYTHON="$PWD/.venv/bin/python"\n',
    );
    process.exitCode = 1;
    return;
  }
  const commander = await Commander.start({ gateway_cache_seconds: 5 });
  const folder = await commander.control('folder', { name: 'Machines' });
  const record = await commander.control('record', { title: 'Database', folder });
  process.stdout.write(`Keeper Commander's Service Mode at ${commander.url}, over a simulated Keeper with the shared folder "Machines"
(${folder}) and the record "Database" (${record}).

  export KSM_IAC_COMMANDER_API_KEY=${commander.apiKey}
  ksm-iac service start --data ./keeper --vault commander --commander-url ${commander.url} --commander-rate-limit 100000

What happens behind its back: curl -d '{"do": "applications"}' ${commander.cloud}/control
`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await commander.stop();
}

void main();
