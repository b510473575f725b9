/**
 * How long from starting the provider to the reply with its schema, over gRPC and mutual TLS as Terraform asks: the script, and
 * the executable where KSM_IAC_BENCH_ARCHIVES names a folder of artefacts, against an empty Node process.
 */
import { resolve } from 'node:path';
import { unpackExecutable } from '../scripts/release/executable';
import { Bench } from '../test/provider/tiny/launch';
import { emptyNode } from './handshake';
import { type Figure, inTurn } from './private/figure';

const SCRIPT = resolve(__dirname, '../dist/bin/terraform-provider-ksm.cjs');

export async function benchSchema(runs: number): Promise<Figure[]> {
  process.stderr.write('start to schema ');
  const bench = new Bench();
  try {
    const until = async (provider: string): Promise<number> => {
      const started = process.hrtime.bigint();
      const plugin = bench.start(provider, { ...bench.environment, TF_LOG: 'off' });
      const client = await plugin.client(bench.clientCertificate);
      await client.raw('/tfplugin6.Provider/GetProviderSchema', new Uint8Array());
      const time = Number(process.hrtime.bigint() - started) / 1e6;
      client.close();
      plugin.process.kill('SIGTERM');
      await plugin.ended;
      return time;
    };
    const figure = { unit: 'ms', baseline: 'empty Node process' } as const;
    const figures: Figure[] = [
      { name: 'start to schema', ...figure, ...(await inTurn(runs, () => until(SCRIPT), emptyNode)) },
    ];
    const archives = process.env.KSM_IAC_BENCH_ARCHIVES;
    if (archives) {
      const executable = unpackExecutable(archives, bench.folder);
      figures.push({
        name: 'start to schema, executable',
        ...figure,
        ...(await inTurn(runs, () => until(executable), emptyNode)),
      });
    }
    return figures;
  } finally {
    bench.close();
  }
}
