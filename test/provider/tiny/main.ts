/** The tiny provider as a plugin process; tests bundle and start it as Terraform would. */
import { createLog, levelFrom, serve } from '../../../provider/plugin';
import { providerMethods } from '../../../provider/protocol';
import { tinyServer } from './server';

const log = createLog(levelFrom(process.env));

void serve({
  source: 'ksm-iac/ksm',
  log,
  env: process.env,
  debug: process.argv.includes('--debug'),
  load: () => {
    // biome-ignore lint/suspicious/noConsole: what a dependency may do
    console.log('printed while loading');
    const server = tinyServer((words) => log.info(words), log);
    const methods = providerMethods(server, log);
    const own: Record<string, (request: Uint8Array) => Promise<Uint8Array>> = {
      '/tiny/Echo': async (bytes) => bytes,
      '/tiny/Fail': async (bytes) => {
        throw new Error(`failed on ${Buffer.from(bytes)}`);
      },
    };
    return {
      find: (path) => own[path] ?? methods.get(path),
      shutdown: async (ending) => {
        await server.shutdown(ending);
        log.info(ending.lost ? 'settled as lost' : 'settled');
        if (process.env.TINY_SETTLE === 'fail') throw new Error('the service is away');
      },
    };
  },
});
