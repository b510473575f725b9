/**
 * One of several processes of clients: the SDK keeps its keys by name in the
 * process, so that two devices at a time would mix them up. They share no event
 * loop with the service and trust its CA by NODE_EXTRA_CA_CERTS as devices do.
 * stdin: {"hostname","serverPublicKey","serverPublicKeyId","tokens":[…]}.
 * stdout: {"redeem": ms, "health": ms, "count": n} for the same number of exchanges.
 */
import { get } from 'node:https';
import { getSecrets, initializeStorage, inMemoryStorage } from '@keeper-security/secrets-manager-core';
import { milliseconds } from './figure';

const WARM_UP = 4;

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

async function oneByOne(items: string[], work: (item: string) => Promise<void>): Promise<void> {
  for (const item of items) await work(item);
}

async function main(): Promise<void> {
  let input = '';
  for await (const chunk of process.stdin) input += chunk;
  const job: Job = JSON.parse(input);
  const warmUp = job.tokens.splice(0, WARM_UP);
  await oneByOne(warmUp, (token) => redeem(job, token));
  await oneByOne(warmUp, () => health(job));
  const result = {
    count: job.tokens.length,
    redeem: await milliseconds(() => oneByOne(job.tokens, (token) => redeem(job, token))),
    health: await milliseconds(() => oneByOne(job.tokens, () => health(job))),
  };
  process.stdout.write(JSON.stringify(result));
}

void main();
