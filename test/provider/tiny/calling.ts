/** Makes one request to the service, as the provider does, in a process of its own. */
import { KsmClient } from '../../../contract/client';
import { createLog } from '../../../provider/plugin';
import { blindNodeDebug } from '../../../provider/plugin/node-debug';

const [endpoint = '', token = '', how] = process.argv.slice(2);
const log = createLog('debug');
if (how === 'blind') blindNodeDebug(process.env, log);

new KsmClient({
  endpoint,
  token,
  requestTimeoutMs: 60_000,
  operationTimeoutMs: 60_000,
  maxRetries: 0,
  userAgent: 'test',
  onExchange: ({ status }) => log.debug('called', { status }),
})
  .createApplication({ name: 'a' })
  .then(
    () => process.exit(0),
    () => process.exit(1),
  );
