/**
 * What the constructs cost: 1,000 and 10,000 devices by them against the same by the generated L1 and against plain JSON,
 * with the checks off and on; and what loading the package costs. Each synthesis has a process of its own, and is timed
 * inside of it.
 *
 * By itself: `npx tsx --tsconfig tsconfig.dev.json bench/synth.ts [runs]`, after `npm run build`.
 */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { type Figure, inTurn, milliseconds, table } from './private/figure';

const root = resolve(__dirname, '..');
const TSX = [resolve(root, 'node_modules/tsx/dist/cli.mjs'), '--tsconfig', resolve(root, 'tsconfig.dev.json')];

interface Synthesis {
  readonly milliseconds: number;
  readonly megabytes: number;
}

function synthesize(kind: string, devices: number): Synthesis {
  process.stderr.write('.');
  const args = [...TSX, resolve(__dirname, 'private/synthesis.ts'), kind, String(devices)];
  const out = execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(out.trim().split('\n').at(-1)!) as Synthesis;
}

const load = (what: string) =>
  milliseconds(async () => {
    execFileSync(process.execPath, ['--eval', `require(${JSON.stringify(what)})`], { cwd: root, stdio: 'pipe' });
  });

const PAIRS = [
  { ours: 'constructs', theirs: 'bindings', name: 'synth of N devices by L2', baseline: 'the same by L1', aim: 1.1 },
  { ours: 'constructs', theirs: 'json', name: 'synth of N devices by L2', baseline: 'the same as JSON, without cdktf' },
  {
    ours: 'checked',
    theirs: 'constructs',
    name: 'synth of N devices with checks',
    baseline: 'without checks',
    aim: 1.5,
  },
];

export async function benchSynth(runs: number): Promise<Figure[]> {
  process.stderr.write('synth ');
  const figures: Figure[] = [];
  for (const devices of [1_000, 10_000]) {
    for (const { ours, theirs, name, baseline, aim } of PAIRS) {
      const memory: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
      const run = (kind: string, kept: number[]) => async () => {
        const synthesis = synthesize(kind, devices);
        kept.push(synthesis.megabytes);
        return synthesis.milliseconds;
      };
      const title = name.replace('N', String(devices));
      const measured = await inTurn(runs, run(ours, memory.ours), run(theirs, memory.theirs), false);
      figures.push({
        name: title,
        baseline,
        unit: 'ms',
        ...measured,
        ...(aim && { aim: { ratio: aim, atMost: true } }),
      });
      figures.push({ name: `${title}: peak memory`, baseline, unit: 'MB', ...memory });
    }
  }
  const loaded = await inTurn(
    runs,
    () => load(resolve(root, 'build')),
    () => load('cdktf'),
  );
  return [
    ...figures,
    {
      name: 'Node with cdktf-ksm loaded',
      baseline: 'with cdktf loaded',
      unit: 'ms',
      ...loaded,
      aim: { ratio: 1.1, atMost: true },
    },
  ];
}

if (require.main === module) {
  void benchSynth(Number(process.argv[2] ?? 9)).then((figures) => console.log(table(figures)));
}
