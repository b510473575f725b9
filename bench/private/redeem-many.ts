/**
 * A process of its own, so that the clients share no event loop with the
 * service and trust its CA by NODE_EXTRA_CA_CERTS as a real device does.
 * stdin: {"hostname","serverPublicKey","serverPublicKeyId","tokens":[…]}.
 * stdout: {"redeem": ms, "health": ms} for the same number of exchanges.
 */
import { get } from 'node:https';
import { getSecrets, initializeStorage, inMemoryStorage } from '@keeper-security/secrets-manager-core';
import { milliseconds } from './figure';

const CONCURRENCY = 8;

interface Job {
  hostname: string;
  serverPublicKey: string;
  serverPublicKeyId: string;
  tokens: string[];
}

async function redeem(job: Job, token: string): Promise<void> {
  const storage = inMemoryStorage({});
  await initializeStorage(storage, token, job.hostname);
  const { records } = await getSecrets({ storage, ...job });
  if (records.length !== 1) throw new Error(`expected one record, got ${records.length}`);
}

/** Two exchanges, as a redemption makes two: one that binds and one that reads. */
async function health(job: Job): Promise<void> {
  for (let n = 0; n < 2; n++) {
    await new Promise<void>((resolve, reject) => {
      get(`https://${job.hostname}/healthz`, (response) => response.resume().on('end', resolve)).on('error', reject);
    });
  }
}

async function inParallel(items: string[], work: (item: string) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

async function main(): Promise<void> {
  let input = '';
  for await (const chunk of process.stdin) input += chunk;
  const job: Job = JSON.parse(input);
  const warmUp = job.tokens.splice(0, CONCURRENCY);
  await inParallel(warmUp, (token) => redeem(job, token));
  await inParallel(warmUp, () => health(job));
  const result = {
    redeem: await milliseconds(() => inParallel(job.tokens, (token) => redeem(job, token))),
    health: await milliseconds(() => inParallel(job.tokens, () => health(job))),
  };
  process.stdout.write(JSON.stringify(result));
}

void main();
