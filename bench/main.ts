/** `npm run bench [-- NAME…]`: measures, and prints one table of medians, minima and ratios. Asserts nothing. */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchCommander } from './commander';
import { benchConcurrency } from './concurrency';
import { benchHandshake } from './handshake';
import { benchLongRequests } from './long-requests';
import { type Figure, HEADER, rows } from './private/figure';
import { benchRedemption } from './redemption';
import { benchSchema } from './schema';
import { benchSynth } from './synth';
import { benchTerraform } from './terraform';

/** Each by its name on the command line; how often each side runs is chosen so that all of it takes some ten minutes. */
const BENCHMARKS: Record<string, (scale: number) => Promise<Figure[]>> = {
  handshake: (scale) => benchHandshake(scaled(31, scale)),
  schema: (scale) => benchSchema(scaled(31, scale)),
  terraform: (scale) => benchTerraform({ runsOfOne: scaled(11, scale), runsOfMany: scaled(3, scale) }),
  'terraform-of-1': (scale) => benchTerraform({ runsOfOne: scaled(11, scale), runsOfMany: 0 }),
  synth: (scale) => benchSynth(scaled(7, scale)),
  redemption: (scale) => benchRedemption(scaled(5, scale)),
  concurrency: (scale) => benchConcurrency(scaled(3, scale)),
  'long-requests': (scale) => benchLongRequests(scaled(3, scale)),
  commander: (scale) => benchCommander(scaled(1, scale)),
};

const USAGE = `npm run bench [-- [--scale N] NAME…]

  NAME       ${Object.keys(BENCHMARKS).join(', ')}  (default: all)
  --scale N  how many runs, as a factor  (default: 1)

KSM_IAC_BENCH_PEER  executable of another provider, such as the Go provider "null", to compare the start with

KSM_IAC_TEST_COMMANDER_PYTHON  a Python with keepercommander, for "commander"

KSM_IAC_BENCH_ARCHIVES  folder of release artefacts: their executable serves Terraform in place of the script

KSM_IAC_BENCH_DEV_OVERRIDE  if it is set, Terraform takes the provider by a dev override: it neither installs nor hashes it

Both sides of a figure run in turn; the ratio is the median of the ratios of the pairs.
Absolute times are those of this machine at this moment: quote ratios.`;

/** What `terraform` measures too. */
const PARTS = ['terraform-of-1'];

// Every Node process reads and parses that file at its start, which triples an empty one (docs/decisions/0007): with it
// the ratios would be of certificates.
delete process.env.NODE_EXTRA_CA_CERTS;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean' }, scale: { type: 'string', default: '1' } },
    allowPositionals: true,
  });
  if (values.help) return console.log(USAGE);
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS).filter((name) => !PARTS.includes(name));
  const unknown = names.find((name) => !(name in BENCHMARKS));
  if (unknown) throw new Error(`there is no benchmark "${unknown}": choose of ${Object.keys(BENCHMARKS).join(', ')}`);
  const scale = Number(values.scale);
  if (!(scale > 0)) throw new Error(`--scale is "${values.scale}": expected a number above 0`);
  const [cpu] = cpus();
  console.log(
    `Node ${process.versions.node}, ${cpus().length} × ${cpu?.model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB\n`,
  );
  console.log(HEADER);
  // One by one: what is measured is said, whatever becomes of the rest.
  for (const name of names) console.log(rows(await BENCHMARKS[name]!(scale)));
}

function scaled(runs: number, scale: number): number {
  return Math.max(1, Math.round(runs * scale));
}

main().catch((error: Error) => {
  console.error(`bench: ${error.message}`);
  process.exit(1);
});
