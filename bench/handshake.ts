/**
 * How long from starting the built provider to its handshake line, against an
 * empty Node process. Terraform starts the provider three to five times a
 * command, so this decides how a small plan feels.
 *
 * By itself: `npx tsx bench/handshake.ts [runs] [bundle]`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createCertificate } from '../provider/plugin/certificate';
import { MAGIC_COOKIE } from '../provider/plugin/handshake';
import { type Figure, inTurn, table } from './private/figure';

const BUNDLE = resolve(__dirname, '..', 'dist', 'bin', 'terraform-provider-ksm.cjs');

export async function benchHandshake(runs: number, bundle: string = BUNDLE): Promise<Figure[]> {
  process.stderr.write('start to handshake ');
  const folder = mkdtempSync(join(tmpdir(), 'ksm-iac-bench-'));
  try {
    const env = { ...process.env, ...launcherEnvironment(folder) };
    const times = await inTurn(
      runs,
      () => untilHandshake(bundle, env),
      () => untilExit(['-e', '0']),
    );
    return [
      {
        name: 'start to handshake',
        baseline: 'empty Node process',
        unit: 'ms',
        ...times,
        aim: { ratio: 2, atMost: true },
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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

function untilExit(args: string[]): Promise<number> {
  const start = process.hrtime.bigint();
  return new Promise((done) => {
    spawn(process.execPath, args, { stdio: 'ignore' }).once('exit', () => done(since(start)));
  });
}

function untilHandshake(bundle: string, env: NodeJS.ProcessEnv): Promise<number> {
  const start = process.hrtime.bigint();
  const child = spawn(process.execPath, [bundle], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let line = '';
  let time = Number.NaN;
  child.stdout.once('data', (data: Buffer) => {
    time = since(start);
    line = data.toString();
    child.kill('SIGTERM');
  });
  return new Promise((done, fail) => {
    child.once('exit', () =>
      line.startsWith('1|6|') ? done(time) : fail(new Error(`${bundle} wrote no handshake line, but "${line}"`)),
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
