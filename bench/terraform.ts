/**
 * Whole Terraform commands against the built-in `terraform_data`, with the
 * real service behind ours: SQLite in WAL mode with `synchronous=FULL`, so an
 * applied device is durable before Terraform hears of it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { type Figure, inTurn, milliseconds } from './private/figure';
import { type Stack, Workbench } from './private/workbench';

const MANY = 1000;

export interface TerraformBenchOptions {
  readonly runsOfOne: number;
  readonly runsOfMany: number;
}

export async function benchTerraform(options: TerraformBenchOptions): Promise<Figure[]> {
  const bench = await Workbench.open();
  try {
    const application = await bench.client().createApplication({ name: 'bench' });
    return [
      await planOfOne(bench, application.id, options.runsOfOne),
      ...(await many(bench, application.id, options.runsOfMany)),
    ];
  } finally {
    await bench.close();
  }
}

async function planOfOne(bench: Workbench, applicationId: string, runs: number): Promise<Figure> {
  process.stderr.write('plan of 1 ');
  const ours = await bench.stack('one-ours', devices(applicationId, 1));
  const theirs = await bench.stack('one-theirs', data(1));
  const measured = await inTurn(
    runs,
    () => plan(ours, 2),
    () => plan(theirs, 2),
  );
  return { name: 'plan of 1', baseline: '1 terraform_data', unit: 'ms', ...measured, aim: { ratio: 8, atMost: true } };
}

async function many(bench: Workbench, applicationId: string, runs: number): Promise<Figure[]> {
  process.stderr.write(`apply, refreshing plan and destroy of ${MANY} `);
  const ours = await bench.stack('many-ours', devices(applicationId, MANY));
  const theirs = await bench.stack('many-theirs', data(MANY));
  const apply = { ours: [] as number[], theirs: [] as number[] };
  const refresh = { ours: [] as number[], theirs: [] as number[] };
  const peaks: number[] = [];
  for (let run = 0; run < runs; run++) {
    for (const [side, stack] of [
      ['theirs', theirs],
      ['ours', ours],
    ] as const) {
      const memory = side === 'ours' ? watchProviders() : undefined;
      apply[side].push(await milliseconds(() => stack.terraform('apply', '-auto-approve')));
      refresh[side].push(await plan(stack, 0));
      if (memory) peaks.push(memory.stop());
    }
    for (const stack of [theirs, ours]) await stack.terraform('destroy', '-auto-approve');
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  const baseline = `${MANY} terraform_data`;
  return [
    { name: `refreshing plan of ${MANY}`, baseline, unit: 'ms', ...refresh, aim: { ratio: 3.8, atMost: true } },
    { name: `apply of ${MANY}`, baseline, unit: 'ms', ...apply, aim: { ratio: 3.8, atMost: true } },
    { name: `peak memory of the provider, ${MANY}`, baseline: '–', unit: 'MB', ours: peaks, theirs: [] },
  ];
}

/** A plan that must say what is expected: 0 nothing to do, 2 something; else the figure would be of a failure. */
async function plan(stack: Stack, expected: 0 | 2): Promise<number> {
  let code = -1;
  const time = await milliseconds(async () => {
    ({ code } = await stack.terraform('plan', '-detailed-exitcode'));
  });
  if (code !== expected) throw new Error(`plan in ${stack.folder} ended with ${code}, expected ${expected}`);
  return time;
}

function devices(applicationId: string, count: number): object {
  const blocks: Record<string, object> = {};
  for (let n = 0; n < count; n++) blocks[`d${n}`] = { application_id: applicationId, name: `device ${n}` };
  return {
    terraform: { required_providers: { ksm: { source: 'ksm-iac/ksm' } } },
    provider: { ksm: {} },
    resource: { ksm_client_device: blocks },
  };
}

function data(count: number): object {
  const blocks: Record<string, object> = {};
  for (let n = 0; n < count; n++) blocks[`d${n}`] = { input: `device ${n}` };
  return { resource: { terraform_data: blocks } };
}

/** The highest VmHWM of any provider process while it watches, in MB. Linux alone has /proc; elsewhere it says 0. */
function watchProviders(): { stop(): number } {
  let peak = 0;
  const look = () => {
    try {
      for (const pid of readdirSync('/proc')) {
        if (!/^\d+$/.test(pid)) continue;
        try {
          if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('terraform-provider-ksm')) continue;
          const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
          peak = Math.max(peak, Number(kilobytes ?? 0) / 1024);
        } catch {
          // It ended between the two reads.
        }
      }
    } catch {
      // No /proc here.
    }
  };
  const timer = setInterval(look, 100);
  return {
    stop: () => {
      clearInterval(timer);
      return peak;
    },
  };
}
