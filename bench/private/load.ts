/**
 * So many requests at once, each prepared before, in a process of its own: neither cryptography of clients nor a shared
 * event loop is in the figure. Connections are kept alive and open before the measurement begins.
 */
import { Agent, request } from 'node:https';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Base64. */
  readonly body: string;
}

export interface Job {
  readonly host: string;
  readonly port: number;
  readonly ca: string;
  readonly atOnce: number;
  readonly calls: readonly Call[];
  /** What every answer must be. */
  readonly status: number;
}

export interface Load {
  readonly perSecond: number;
  /** Of the answers, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

async function run({ host, port, ca, atOnce, calls, status }: Job): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce, ca });
  const prepared = calls.map((call) => ({ ...call, body: Buffer.from(call.body, 'base64') }));
  const send = (call: (typeof prepared)[number]) =>
    new Promise<number>((resolve, reject) => {
      const { method, path, body } = call;
      const headers = { ...call.headers, 'content-length': body.length };
      const sent = request({ host, port, agent, method, path, headers }, (reply) => {
        reply.resume();
        reply.on('end', () => resolve(reply.statusCode ?? 0));
        reply.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const hello = { method: 'GET', path: '/healthz', headers: {}, body: Buffer.alloc(0) };
  await Promise.all(Array.from({ length: atOnce }, () => send(hello)));

  const times: number[] = [];
  let next = 0;
  const client = async () => {
    for (let call = prepared[next++]; call; call = prepared[next++]) {
      const started = performance.now();
      const answer = await send(call);
      times.push(performance.now() - started);
      if (answer !== status) throw new Error(`${call.method} ${call.path}: ${answer} where ${status} was expected`);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: atOnce }, client));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))]!;
  return { perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99) };
}

async function main(): Promise<void> {
  let input = '';
  for await (const chunk of process.stdin) input += chunk;
  process.stdout.write(JSON.stringify(await run(JSON.parse(input) as Job)));
}

if (require.main === module) {
  main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
