/**
 * Whole Terraform commands against the built-in `terraform_data`, with the
 * real service behind ours: SQLite in WAL mode with `synchronous=FULL`, so an
 * applied device is durable before Terraform hears of it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { type Figure, milliseconds } from './private/figure';
import { devices, type Stack, Workbench } from './private/workbench';

const MANY = 1000;

export interface TerraformBenchOptions {
  readonly runsOfOne: number;
  /** 0: of one alone. */
  readonly runsOfMany: number;
}

export async function benchTerraform(options: TerraformBenchOptions): Promise<Figure[]> {
  const bench = await Workbench.open();
  try {
    const application = await bench.client().createApplication({ name: 'bench' });
    const made = { application_id: application.id };
    // A configuration is bound by the service itself, so it cannot be locked to an address.
    const configured = { ...made, initialization: 'config', ip_lock: false };
    const one = await life(bench, { count: 1, attributes: made, runs: options.runsOfOne });
    if (options.runsOfMany === 0) return one;
    return [
      ...one,
      ...(await life(bench, { count: MANY, attributes: made, runs: options.runsOfMany })),
      ...(await life(bench, { count: MANY, attributes: configured, runs: options.runsOfMany, of: ' with config' })),
    ];
  } finally {
    await bench.close();
  }
}

/** What the Go providers need: `null_resource` for a start of 1 and a refresh of many, `tls_private_key` for an apply. */
const AIMS: Readonly<Record<string, number>> = {
  'plan of 1': 8,
  [`refreshing plan of ${MANY}`]: 3.8,
  [`apply of ${MANY}`]: 3.8,
};

interface Life {
  readonly count: number;
  readonly attributes: object;
  readonly runs: number;
  readonly of?: string;
}

/** Plan, apply, refreshing plan and destroy of so many devices, and of as many `terraform_data`, in turn. */
async function life(bench: Workbench, { count, attributes, runs, of = '' }: Life): Promise<Figure[]> {
  process.stderr.write(`plan, apply, refresh and destroy of ${count}${of} `);
  const name = `${count}${of.replaceAll(' ', '-')}`;
  const ours = await bench.stack(`${name}-ours`, devices(attributes, count));
  const theirs = await bench.stack(`${name}-theirs`, data(count));
  const steps: Record<string, { ours: number[]; theirs: number[] }> = {};
  const peaks: number[] = [];
  const requests: number[] = [];
  const note = (step: string, side: 'ours' | 'theirs', time: number) => {
    steps[step] ??= { ours: [], theirs: [] };
    steps[step][side].push(time);
  };
  for (let run = -1; run < runs; run++) {
    // One warm-up of few is cheap, one of many takes minutes and warms nothing that the first half of it would not.
    if (run < 0 && count >= MANY) continue;
    const counted: typeof note = run < 0 ? () => {} : note;
    for (const [side, stack] of [
      ['theirs', theirs],
      ['ours', ours],
    ] as const) {
      const memory = side === 'ours' ? watchProviders() : undefined;
      counted('plan', side, await plan(stack, 2));
      counted('apply', side, await milliseconds(() => stack.terraform('apply', '-auto-approve')));
      const before = await bench.requests();
      counted('refreshing plan', side, await plan(stack, 0));
      const asked = (await bench.requests()) - before;
      const peak = memory?.stop();
      if (peak !== undefined && run >= 0) {
        requests.push(asked);
        peaks.push(peak);
      }
      counted('destroy', side, await milliseconds(() => stack.terraform('destroy', '-auto-approve')));
    }
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  const figures = Object.entries(steps).map(([step, measured]): Figure => {
    const title = `${step} of ${count}${of}`;
    const aim = AIMS[title];
    return {
      name: title,
      baseline: `${count} terraform_data`,
      unit: 'ms',
      ...measured,
      ...(aim === undefined ? {} : { aim: { ratio: aim, atMost: true } }),
    };
  });
  return [
    ...figures,
    { name: `requests of a refreshing plan of ${count}${of}`, baseline: '–', unit: '', ours: requests, theirs: [] },
    { name: `peak memory of the provider, ${count}${of}`, baseline: '–', unit: 'MB', ours: peaks, theirs: [] },
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
