/** Serves a folder by HTTPS: `node static-https.mjs FOLDER KEY CERTIFICATE`. Prints its port, then each path that it is asked for. */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';

const [folder, key, certificate] = process.argv.slice(2);
const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, ({ url }, response) => {
  process.stdout.write(`${url}\n`);
  const file = join(folder, url);
  if (!existsSync(file)) return response.writeHead(404).end();
  response.setHeader('content-type', url.endsWith('.json') ? 'application/json' : 'application/zip');
  createReadStream(file).pipe(response);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
