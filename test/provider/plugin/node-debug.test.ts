import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { CANARY, fakeService, json } from '../../contract/client/fake-service';
import { Bench } from '../tiny/launch';

const bench = new Bench();
let script: string;
let service: Awaited<ReturnType<typeof fakeService>>;

const REPLY = 'canary-reply-k3YbT0qLw9';
const BODIES = [CANARY, REPLY, Buffer.from(CANARY).toString('hex')];

beforeAll(async () => {
  script = bench.bundle('test/provider/tiny/calling.ts', 'calling.cjs');
  service = await fakeService((response) => json(response, 201, { id: 'a', name: REPLY }));
});
afterAll(async () => {
  bench.close();
  await service.close();
});

async function stderrOf(env: NodeJS.ProcessEnv, how: 'blind' | 'seeing'): Promise<string> {
  const child = spawn(process.execPath, [script, service.endpoint, CANARY, how], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((done) => child.once('close', done));
  const stderr = await text(child.stderr!);
  expect(await ended).toBe(0);
  expect(service.seen.at(-1)?.headers.authorization).toBe(`Bearer ${CANARY}`);
  return stderr;
}

// Later ones leave headers out.
const testNode20 = process.versions.node.startsWith('20.') ? test : test.skip;
testNode20('Node 20 itself would print the API token', async () => {
  expect(await stderrOf({ NODE_DEBUG: 'http' }, 'seeing')).toContain(CANARY);
});

test.each([
  { NODE_DEBUG: 'http' },
  { NODE_DEBUG: 'http', FORCE_COLOR: '1' },
  { NODE_DEBUG: '*', NODE_DEBUG_NATIVE: '*' },
])('with %j the log of the provider has no secret in it, and is not lost', async (env) => {
  const stderr = await stderrOf(env, 'blind');
  for (const canary of BODIES) expect(stderr).not.toContain(canary);
  expect(stderr).toContain('"@message":"what NODE_DEBUG prints is dropped');
  expect(stderr).toContain('"@message":"called"');
});
