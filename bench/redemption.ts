/**
 * Redemptions a second of the device API: the official SDK binds and reads
 * (two exchanges, two durable changes), against two empty exchanges over the
 * same HTTPS. Client and service share the machine.
 */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { Figure } from './private/figure';
import { Workbench } from './private/workbench';

const TOKENS = 300;
/** Processes of clients at a time. */
const CLIENTS = 3;
const root = resolve(__dirname, '..');

export async function benchRedemption(runs: number): Promise<Figure[]> {
  process.stderr.write(`redemptions, ${TOKENS} a run `);
  const bench = await Workbench.open();
  try {
    const client = bench.client();
    const application = await client.createApplication({ name: 'bench' });
    const folder = await client.createVaultFolder({ name: 'bench' });
    const field = { type: 'password', value: ['correct horse battery staple'] };
    await client.createVaultRecord({ folderUid: folder.uid, data: { title: 'one', type: 'login', fields: [field] } });
    await client.putGrant(application.id, folder.uid, { editable: false });
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let run = 0; run < runs; run++) {
      const tokens: string[] = [];
      for (let n = 0; n < TOKENS; n++) {
        const device = await client.createDevice(application.id, { name: `device ${run} ${n}`, ipLock: false });
        tokens.push(device.oneTimeToken!);
      }
      const shares = Array.from({ length: CLIENTS }, (_, n) => tokens.filter((_, index) => index % CLIENTS === n));
      const clients = await Promise.all(shares.map((share) => redeemAll(bench, share)));
      ours.push(clients.reduce((sum, { count, redeem }) => sum + (count / redeem) * 1000, 0));
      theirs.push(clients.reduce((sum, { count, health }) => sum + (count / health) * 1000, 0));
      process.stderr.write('.');
    }
    process.stderr.write('\n');
    return [{ name: 'redemptions (bind and read)', baseline: 'pairs of GET /healthz', unit: '1/s', ours, theirs }];
  } finally {
    await bench.close();
  }
}

interface Measured {
  readonly redeem: number;
  readonly health: number;
  readonly count: number;
}

async function redeemAll(bench: Workbench, tokens: string[]): Promise<Measured> {
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
  const child = spawn(process.execPath, [tsx, '--tsconfig', 'tsconfig.dev.json', 'bench/private/redeem-many.ts'], {
    cwd: root,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: bench.ready.caCertificateFile },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify({ ...bench.ready.deviceApi, tokens }));
  let output = '';
  for await (const chunk of child.stdout) output += chunk;
  if (!output) throw new Error('the redeeming process said nothing');
  return JSON.parse(output);
}
