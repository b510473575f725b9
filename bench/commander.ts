/**
 * The real Keeper Commander over the simulated cloud: what the service adds to the time that its commands take in
 * Commander, by Commander's own clock and in the same run.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PARTS } from '../provider/resources/private/snapshot';
import { pollAfter } from '../service/vault/commander/client';
import { Commander, commanderPython, type QueuedCommand } from '../test/commander/commander';
import { Line } from '../test/commander/line';
import { type Figure, milliseconds } from './private/figure';
import { devices, Workbench } from './private/workbench';

const DEVICES = 100;
const MADE = 50;
/** More commands than a minute allows. */
const AT_STOCK = 70;
/** As Terraform does. */
const AT_ONCE = 10;
/** So long the service keeps for all runs what it has read, and a bit. */
const KEPT_MS = 10_200;

export async function benchCommander(runs: number): Promise<Figure[]> {
  if (!commanderPython) {
    process.stderr.write('commander is skipped: set KSM_IAC_TEST_COMMANDER_PYTHON to a Python with keepercommander\n');
    return [];
  }
  process.stderr.write('refreshes, applies and destroys over Keeper Commander ');
  const figures: Figure[] = [];
  await withCommander(100_000, async (side) => {
    for (const latency of [0, 400]) figures.push(...(await atLatency(side, latency, runs)));
  });
  await withCommander(60, async (side) => {
    figures.push(...(await atStockLimit(side)));
  });
  process.stderr.write('\n');
  return figures;
}

interface Side {
  readonly commander: Commander;
  readonly line: Line;
  readonly bench: Workbench;
  readonly turnMs: number;
}

async function withCommander(perMinute: number, work: (side: Side) => Promise<void>): Promise<void> {
  const commander = await Commander.start({ rate_limiting: `${perMinute}/minute`, gateway_cache_seconds: 0 });
  try {
    const line = await Line.to(commander.port);
    const rate = ['--commander-rate-limit', String(perMinute)];
    const bench = await Workbench.open({
      options: ['--vault', 'commander', '--commander-url', line.url, ...rate],
      environment: { KSM_IAC_COMMANDER_API_KEY: commander.apiKey },
    });
    try {
      await work({ commander, line, bench, turnMs: 60_000 / perMinute });
    } finally {
      await bench.close();
      await line.close();
    }
  } finally {
    await commander.stop();
  }
}

async function atLatency(side: Side, latency: number, runs: number): Promise<Figure[]> {
  const { commander, bench } = side;
  const of = `${latency} ms a call`;
  const measured = new Map<string, Measured[]>();
  const note = async (name: string, work: () => Promise<unknown>) => {
    measured.set(name, [...(measured.get(name) ?? []), await measure(side, work)]);
    process.stderr.write('.');
  };
  await commander.control('latency', { ms: latency });
  const { id } = await bench.client().createApplication({ name: `bench ${latency}` });
  const stack = await bench.stack(`latency-${latency}`, devices({ application_id: id }, MADE));
  for (let run = 0; run < runs; run++) {
    for (const count of [1, 10, 100]) await refresh(side, count, (work) => note(refreshOf(count), work));
    await note(`apply of ${MADE}`, () => stack.terraform('apply', '-auto-approve'));
    await note(`destroy of ${MADE}`, () => stack.terraform('destroy', '-auto-approve'));
  }
  const all = [...measured];
  const looked = measured.get(refreshOf(100))!.flatMap(({ commands }) => gaps(commands, / app get /, side.turnMs));
  const changed = all.flatMap(([, many]) => many.flatMap(({ commands }) => gaps(commands, / client /, side.turnMs)));
  return [
    ...all.map(([name, many]) => ownTime(`${name}, ${of}`, many)),
    ...all.map(([name, many]) => commandsOf(`${name}, ${of}`, many)),
    ...gapFigures(`a refresh, ${of}`, looked),
    ...gapFigures(`apply and destroy, ${of}`, changed),
  ];
}

async function atStockLimit(side: Side): Promise<Figure[]> {
  const { line } = side;
  const measured: Measured[] = [];
  await refresh(side, AT_STOCK, async (work) => {
    measured.push(await measure(side, work));
  });
  const name = `${refreshOf(AT_STOCK)}, 60 a minute`;
  return [
    ownTime(name, measured),
    {
      name,
      baseline: 'a second for each command',
      unit: 's',
      ours: measured.map(({ wall }) => wall / 1000),
      theirs: measured.map(({ commands }) => commands.length),
    },
    {
      name: `${name}: refused (429), of ${line.statuses.length} requests`,
      baseline: '–',
      unit: '',
      ours: [line.statuses.filter((status) => status === 429).length],
      theirs: [],
    },
  ];
}

const refreshOf = (applications: number) => `refresh of ${applications} × ${DEVICES} devices`;

/** As a provider's process reads what is in its state: each application once, some at a time, within a run of its own. */
async function refresh(
  { commander, bench }: Side,
  count: number,
  measured: (work: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const ids: string[] = await commander.control('fill', { applications: count, devices: DEVICES });
  await sleep(KEPT_MS);
  const client = bench.client({ runId: randomBytes(16).toString('base64url') });
  const left = [...ids];
  await measured(() =>
    Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let id = left.pop(); id; id = left.pop()) {
          const { devices } = await client.getApplication(id, PARTS);
          if (devices?.length !== DEVICES) throw new Error(`${id} has ${devices?.length} devices`);
        }
      }),
    ),
  );
  for (const uid of ids) await commander.control('remove_application', { uid });
}

interface Measured {
  readonly wall: number;
  readonly commands: readonly QueuedCommand[];
}

async function measure({ commander, line }: Side, work: () => Promise<unknown>): Promise<Measured> {
  const before = line.queued.length;
  const wall = await milliseconds(work);
  const commands: QueuedCommand[] = [];
  for (const id of line.queued.slice(before)) commands.push(await commander.queued(id));
  return { wall, commands };
}

const own = ({ startedAt, completedAt }: QueuedCommand) => completedAt - startedAt;

function ownTime(name: string, measured: readonly Measured[]): Figure {
  return {
    name,
    baseline: 'its commands in Commander',
    unit: 's',
    ours: measured.map(({ wall }) => wall / 1000),
    theirs: measured.map(({ commands }) => commands.reduce((sum, one) => sum + own(one), 0) / 1000),
  };
}

function commandsOf(name: string, measured: readonly Measured[]): Figure {
  const ours = measured.map(({ commands }) => commands.length);
  return { name: `commands, ${name}`, baseline: '–', unit: '', ours, theirs: [] };
}

interface Gap {
  readonly idle: number;
  readonly interval: number;
}

/** From the first to the last of these commands: so long others wait in the service. */
function gaps(commands: readonly QueuedCommand[], which: RegExp, turnMs: number): Gap[] {
  const matching = commands.flatMap(({ text }, index) => (which.test(text) ? [index] : []));
  const busy = commands.slice(matching[0], (matching.at(-1) ?? -1) + 1);
  return busy.slice(1).map((next, index) => {
    const last = busy[index]!;
    return { idle: next.startedAt - last.completedAt, interval: pollAfter(own(last), turnMs) };
  });
}

/** Each against the interval at which the result was asked for when its command ended. */
function gapFigures(of: string, all: readonly Gap[]): Figure[] {
  const longest = all.reduce((worst, gap) => (gap.idle / gap.interval > worst.idle / worst.interval ? gap : worst));
  const figure = (name: string, some: readonly Gap[]): Figure => ({
    name: `${name} between two commands of ${of}`,
    baseline: 'interval of asking',
    unit: 'ms',
    ours: some.map(({ idle }) => idle),
    theirs: some.map(({ interval }) => interval),
    aim: { ratio: 1, atMost: true },
  });
  return [figure('idle time', all), figure('longest idle time', [longest])];
}
