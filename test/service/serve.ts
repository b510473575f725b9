/** A service as a process of its own, to be killed: `serve.ts DIR` prints its address when it is ready. */
import { startService } from '../../service/main';

async function main(): Promise<void> {
  const [, , dataDir = ''] = process.argv;
  const { stop: _, ...address } = await startService({ dataDir, listen: '127.0.0.1:0', logLevel: 'silent' });
  process.stdout.write(`${JSON.stringify(address)}\n`);
}

void main();
