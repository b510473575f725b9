/**
 * What one service does for 1, 32 and 128 clients at once: devices made, tokens redeemed, and `get_secret` of ten
 * records, against a bare HTTPS server of Node that gets the same requests. Clients and servers share the machine.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createAuthority, createServerCertificate } from '../service/tls/certificate';
import { type Device, deviceCall, deviceOf } from './private/device-call';
import type { Figure } from './private/figure';
import type { Call, Job, Load } from './private/load';
import { Workbench } from './private/workbench';

const RECORDS = 10;
/** As many as make a measurement of a few seconds. */
const LOADS = [
  { atOnce: 1, calls: 200 },
  { atOnce: 32, calls: 1_600 },
  { atOnce: 128, calls: 2_560 },
];
/** Of one device 100 requests in 10 s are answered: many share the reading. */
const READERS = 256;
const root = resolve(__dirname, '..');

interface Target {
  readonly host: string;
  readonly port: number;
  readonly ca: string;
}

export async function benchConcurrency(runs: number): Promise<Figure[]> {
  process.stderr.write('many clients at once ');
  const bench = await Workbench.open();
  const empty = await EmptyServer.start();
  try {
    const { endpoint, caCertificateFile } = bench.ready;
    const { hostname, port } = new URL(endpoint);
    const ours: Target = { host: hostname, port: Number(port), ca: readFileSync(caCertificateFile, 'utf8') };
    const vault = await fill(bench);
    const kinds: { name: string; status: number; calls(count: number): Promise<Call[]> }[] = [
      { name: 'device creations', status: 201, calls: async (count) => vault.creations(count) },
      { name: 'redemptions', status: 200, calls: (count) => vault.redemptions(count) },
      { name: `get_secret of ${RECORDS} records`, status: 200, calls: async (count) => vault.reads(count) },
    ];
    const figures: Figure[] = [];
    for (const { name, status, calls } of kinds) {
      for (const { atOnce, calls: count } of LOADS) {
        const pairs: { ours: Load; theirs: Load }[] = [];
        for (let run = 0; run < runs; run++) {
          const prepared = await calls(count);
          const theirs = await load({ ...empty.target, atOnce, calls: prepared, status: 200 });
          pairs.push({ theirs, ours: await load({ ...ours, atOnce, calls: prepared, status }) });
          process.stderr.write('.');
        }
        figures.push(...figuresOf(`${name}, ${atOnce} at once`, pairs));
      }
    }
    process.stderr.write('\n');
    return figures;
  } finally {
    empty.stop();
    await bench.close();
  }
}

function figuresOf(name: string, pairs: readonly { ours: Load; theirs: Load }[]): Figure[] {
  const figure = (title: string, unit: '1/s' | 'ms', value: (load: Load) => number): Figure => ({
    name: title,
    baseline: 'bare HTTPS server',
    unit,
    ours: pairs.map(({ ours }) => value(ours)),
    theirs: pairs.map(({ theirs }) => value(theirs)),
  });
  return [
    figure(name, '1/s', ({ perSecond }) => perSecond),
    figure('– median of an answer', 'ms', ({ p50 }) => p50),
    figure('– 99th percentile', 'ms', ({ p99 }) => p99),
  ];
}

/** Ten records in a shared folder, an application that reads it, and devices that have redeemed. */
async function fill(bench: Workbench) {
  const client = bench.client();
  const application = await client.createApplication({ name: 'bench' });
  const folder = await client.createVaultFolder({ name: 'bench' });
  const field = { type: 'password', value: ['correct horse battery staple'] };
  for (let n = 0; n < RECORDS; n++) {
    const data = { title: `record ${n}`, type: 'login', fields: [field] };
    await client.createVaultRecord({ folderUid: folder.uid, data });
  }
  await client.putGrant(application.id, folder.uid, { editable: false });
  const headers = {
    authorization: `Bearer ${readFileSync(bench.ready.tokenFile, 'utf8').trim()}`,
    'content-type': 'application/json',
  };
  const api = bench.ready.deviceApi;
  let made = 0;
  const pending = async (count: number): Promise<Device[]> => {
    const devices: Device[] = [];
    for (let n = 0; n < count; n++) {
      const device = await client.createDevice(application.id, { name: `device ${made++}`, ipLock: false });
      devices.push(deviceOf(device.oneTimeToken!));
    }
    return devices;
  };
  const readers = await pending(READERS);
  const { hostname, port } = new URL(bench.ready.endpoint);
  const target = { host: hostname, port: Number(port), ca: readFileSync(bench.ready.caCertificateFile, 'utf8') };
  const binds = readers.map((device) => deviceCall(api, device, { binds: true }));
  await load({ ...target, atOnce: 8, calls: binds, status: 200 });
  let turn = 0;
  return {
    creations: (count: number): Call[] =>
      Array.from({ length: count }, () => ({
        method: 'POST',
        path: `/v1/applications/${application.id}/devices`,
        headers: { ...headers, 'idempotency-key': randomBytes(32).toString('base64url') },
        body: Buffer.from(JSON.stringify({ name: `device ${made++}`, ipLock: false })).toString('base64'),
      })),
    async redemptions(count: number): Promise<Call[]> {
      return (await pending(count)).map((device) => deviceCall(api, device, { binds: true }));
    },
    reads: (count: number): Call[] =>
      Array.from({ length: count }, () => deviceCall(api, readers[turn++ % READERS]!, { binds: false })),
  };
}

class EmptyServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly target: Target,
  ) {}

  static async start(): Promise<EmptyServer> {
    const now = Date.now();
    const authority = await createAuthority(now);
    const { certificate, key } = await createServerCertificate(authority, ['127.0.0.1'], now);
    const child = script('bench/private/empty-server.ts', JSON.stringify({ certificate, key }));
    const [port] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
    return new EmptyServer(child, { host: '127.0.0.1', port: Number(port), ca: authority.certificate });
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}

async function load(job: Job): Promise<Load> {
  const child = script('bench/private/load.ts', JSON.stringify(job));
  let output = '';
  for await (const chunk of child.stdout!) output += chunk;
  if (!output) throw new Error('the process of the clients said nothing');
  return JSON.parse(output) as Load;
}

function script(file: string, input: string): ChildProcess {
  // Not tsx's own command: a signal would end that one alone.
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    cwd: root,
    env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.dev.json') },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin!.end(input);
  return child;
}
