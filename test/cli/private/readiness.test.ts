import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireReady } from '../../../cli/private/readiness';

let folder: string;
let server: Server;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-iac-ready-'));
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function serving(answer: RequestListener): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(join(folder, 'service.json'), JSON.stringify({ endpoint, tokenFile: 'x', caCertificateFile: null }));
  return endpoint;
}

test('a service that answers 200 is ready', async () => {
  const endpoint = await serving((request, reply) => reply.writeHead(request.url === '/readyz' ? 200 : 404).end('{}'));
  expect((await requireReady(folder)).endpoint).toBe(endpoint);
});

test.each([
  ['{"detail":"The disk of the database is full."}', 'is not ready: The disk of the database is full.'],
  ['<html>', 'is not ready: it answers 503'],
])('one that answers 503 says why: %s', async (body, sentence) => {
  await serving((_, reply) => reply.writeHead(503).end(body));
  await expect(requireReady(folder)).rejects.toThrow(sentence);
});

test('one that closes the connection gives no answer', async () => {
  await serving((request) => request.socket.destroy());
  await expect(requireReady(folder)).rejects.toThrow(/gives no answer: ECONNRESET/);
});
