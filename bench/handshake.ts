/**
 * How long from starting the built provider to its handshake line, against an
 * empty Node process, and against another provider where KSM_IAC_BENCH_PEER
 * names its executable (the Go provider `null` is the unit that others can
 * compare with). Terraform starts the provider three to five times a command,
 * so this decides how a small plan feels.
 *
 * By itself: `npx tsx bench/handshake.ts [runs] [bundle]`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { createCertificate } from '../provider/plugin/certificate';
import { MAGIC_COOKIE } from '../provider/plugin/handshake';
import { unpackExecutable } from '../scripts/release/executable';
import { type Figure, inTurn, table } from './private/figure';

const BUNDLE = resolve(__dirname, '..', 'dist', 'bin', 'terraform-provider-ksm.cjs');

export async function benchHandshake(runs: number, bundle: string = BUNDLE): Promise<Figure[]> {
  process.stderr.write('start to handshake ');
  const folder = mkdtempSync(join(tmpdir(), 'ksm-iac-bench-'));
  try {
    const env = { ...process.env, ...launcherEnvironment(folder) };
    const ours = () => untilHandshake(process.execPath, [bundle], env);
    const figure = { name: 'start to handshake', unit: 'ms' } as const;
    const empty = await inTurn(runs, ours, emptyNode);
    const figures: Figure[] = [
      { ...figure, ...empty, baseline: 'empty Node process', aim: { ratio: 2, atMost: true } },
    ];
    const archives = process.env.KSM_IAC_BENCH_ARCHIVES;
    if (archives) figures.push(...(await benchExecutable(runs, unpackExecutable(archives, folder), ours, env)));
    const peer = process.env.KSM_IAC_BENCH_PEER;
    if (peer) {
      const times = await inTurn(runs, ours, () => untilHandshake(resolve(peer), [], env));
      figures.push({ ...figure, ...times, baseline: basename(peer), aim: { ratio: 4, atMost: true } });
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The executable of this machine against an empty Node process, and against the script. */
async function benchExecutable(
  runs: number,
  executable: string,
  script: () => Promise<number>,
  env: NodeJS.ProcessEnv,
): Promise<Figure[]> {
  const ours = () => untilHandshake(executable, [], env);
  const figure = { name: 'start to handshake, executable', unit: 'ms' } as const;
  return [
    {
      ...figure,
      ...(await inTurn(runs, ours, emptyNode)),
      baseline: 'empty Node process',
      aim: { ratio: 0.7, atMost: true },
    },
    { ...figure, ...(await inTurn(runs, ours, script)), baseline: 'the script' },
  ];
}

/** As Terraform sets it. */
function launcherEnvironment(folder: string): NodeJS.ProcessEnv {
  return {
    TF_PLUGIN_MAGIC_COOKIE: MAGIC_COOKIE,
    PLUGIN_PROTOCOL_VERSIONS: '5,6',
    PLUGIN_MIN_PORT: '10000',
    PLUGIN_MAX_PORT: '25000',
    PLUGIN_UNIX_SOCKET_DIR: folder,
    PLUGIN_CLIENT_CERT: createCertificate().certificatePem,
  };
}

/** How long a Node process takes that does nothing. */
export function emptyNode(): Promise<number> {
  const start = process.hrtime.bigint();
  return new Promise((done) => {
    spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }).once('exit', () => done(since(start)));
  });
}

function untilHandshake(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const start = process.hrtime.bigint();
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let line = '';
  let time = Number.NaN;
  child.stdout.once('data', (data: Buffer) => {
    time = since(start);
    line = data.toString();
    child.kill('SIGTERM');
  });
  return new Promise((done, fail) => {
    child.once('exit', () =>
      /^1\|[56]\|/.test(line)
        ? done(time)
        : fail(new Error(`${[command, ...args].join(' ')} wrote no handshake line, but "${line}"`)),
    );
  });
}

const since = (start: bigint): number => Number(process.hrtime.bigint() - start) / 1e6;

if (require.main === module) {
  benchHandshake(Number(process.argv[2] ?? 30), process.argv[3] && resolve(process.argv[3])).then(
    (figures) => console.log(table(figures)),
    (error: Error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
