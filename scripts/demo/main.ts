/**
 * The main job, end to end, with every real part: constructs are synthesized,
 * real Terraform plans and applies by our provider, our service makes it so on
 * an embedded vault, and Keeper's official SDK redeems the one-time token in
 * the same apply. Ends non-zero at the first thing that is not so.
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Demo } from './demo';
import { Narrator } from './narrator';
import { findTerraform } from './terraform';

const USAGE = `npm run demo [-- --keep]

  --keep   leave the service's data, the stack and its state for a look around
  --help   print this`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { keep: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) return console.log(USAGE);
  const terraform = await findTerraform();
  const narrator = new Narrator();
  const demo = new Demo(narrator, terraform);
  const tidy = async () => {
    await demo.close();
    if (!values.keep) rmSync(demo.folder, { recursive: true, force: true });
  };
  const interrupt = () => {
    console.error('\nInterrupted: cleaning up.');
    void tidy().finally(() => process.exit(130));
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt).once('SIGHUP', interrupt);
  // A terminal that is closed takes no more text; the folder is removed all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    await demo.run({ destroy: !values.keep });
    if (values.keep) demo.explainWhatIsLeft();
    narrator.end();
  } finally {
    await tidy();
  }
}

main().catch((error: Error) => {
  console.error(`\nThe demo failed: ${error.message}`);
  process.exit(1);
});
