/**
 * Services that are killed under load, by a seed: `KSM_IAC_KILL_SEED` repeats the choices (which change comes when, and
 * how long after the first answer the kill), not the machine's timing; `KSM_IAC_KILLS` makes it longer (docs/service.md
 * says how many a release has seen).
 */
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkVault } from '../../service/check';
import type { ServiceAddress } from '../../service/main';
import { startCli } from '../support/cli';
import { eventually } from '../support/process';
import { Random } from './fuzz/random';
import { newRun } from './http/api';
import { Worker } from './kill/worker';
import { ask, temporaryFolder } from './running-service';

const KILLS = Number(process.env.KSM_IAC_KILLS ?? 20);
const SEED = Number(process.env.KSM_IAC_KILL_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** A vault grows with each kill, and is checked whole after each. */
const KILLS_A_VAULT = 25;
const WORKERS = 8;
const MOST_MS = 400;

async function serve(folder: string) {
  const readyFile = join(folder, 'ready.json');
  rmSync(readyFile, { force: true });
  const running = startCli(
    ['service', 'start', '--data', join(folder, 'data'), '--listen', '127.0.0.1:0', '--ready-file', readyFile].concat([
      '--log-level',
      'warn',
    ]),
  );
  const address = await eventually(
    'the service',
    () => {
      if (running.child.exitCode !== null) throw new Error(`The service did not start:\n${running.stderr}`);
      return existsSync(readyFile) && (JSON.parse(readFileSync(readyFile, 'utf8')) as ServiceAddress);
    },
    () => running.stderr,
  );
  return { address, child: running.child };
}

async function made(address: ServiceAddress, path: string, body: object) {
  const reply = await ask(address, 'POST', path, { body: JSON.stringify(body) });
  expect(reply.status).toBe(201);
  return reply.json;
}

/** One vault that is killed so often, checked after each kill, and compared with what its clients were told. */
async function killAgainAndAgain(kills: number, random: Random): Promise<{ answered: number; interrupted: number }> {
  const { folder, remove } = temporaryFolder();
  try {
    const workers: Worker[] = [];
    let run: string | undefined;
    for (let kill = 0; kill < kills; kill++) {
      const { address, child } = await serve(folder);
      try {
        if (kill === 0) {
          const secret = await made(address, '/v1/vault/folders', { name: 'shared' });
          for (let index = 0; index < WORKERS; index++) {
            const { id } = await made(address, '/v1/applications', { name: `application ${index}` });
            workers.push(new Worker(index, id, secret.uid, new Random(random.below(2 ** 31))));
          }
        }
        for (const worker of workers) await worker.catchUp(address);
        if (run !== undefined && random.chance(0.3)) {
          const body = JSON.stringify({ held: workers.flatMap((worker) => worker.ids) });
          expect((await ask(address, 'POST', `/v1/runs/${run}/settle`, { body })).status).toBe(200);
        }
        const before = answers(workers);
        run = newRun();
        let alive = true;
        const loads = workers.map((worker) => worker.work(address, run!, () => alive));
        await eventually('the first answer', () => answers(workers) > before);
        await new Promise((resolve) => setTimeout(resolve, random.below(MOST_MS)));
        child.kill('SIGKILL');
        await once(child, 'exit');
        alive = false;
        await Promise.all(loads);
      } finally {
        child.kill('SIGKILL');
      }
      // As the kill has left it: before a start has brought anything in line.
      expect(await checkVault({ dataDir: join(folder, 'data') })).toMatchObject({ sound: true, findings: [] });
    }
    const { address, child } = await serve(folder);
    try {
      for (const worker of workers) await worker.catchUp(address);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    return { answered: answers(workers), interrupted: workers.reduce((sum, worker) => sum + worker.interrupted, 0) };
  } finally {
    remove();
  }
}

const answers = (workers: readonly Worker[]) => workers.reduce((sum, worker) => sum + worker.answered, 0);

test(
  `${KILLS} kills of the seed ${SEED}: what was answered is there, a token was redeemed once at most, and all of it is sound`,
  async () => {
    const random = new Random(SEED);
    let answered = 0;
    let interrupted = 0;
    for (let left = KILLS; left > 0; left -= KILLS_A_VAULT) {
      const vault = await killAgainAndAgain(Math.min(left, KILLS_A_VAULT), random);
      answered += vault.answered;
      interrupted += vault.interrupted;
      if (KILLS > KILLS_A_VAULT) {
        process.stderr.write(
          `${KILLS - Math.max(0, left - KILLS_A_VAULT)} kills: ${answered} answered, ${interrupted} interrupted\n`,
        );
      }
    }
    expect(answered).toBeGreaterThan(KILLS);
    expect(interrupted).toBeGreaterThan(0);
  },
  60_000 + KILLS * 20_000,
);
