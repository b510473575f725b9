import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { runCli, startCli } from '../support/cli';
import { eventually } from '../support/process';

jest.setTimeout(240_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-iac-signals-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function startService() {
  const ready = join(folder, 'ready.json');
  const args = ['service', 'start', '--data', join(folder, 'data'), '--listen', '127.0.0.1:0', '--ready-file', ready];
  const running = startCli(args);
  const note = await eventually('the service', () => {
    try {
      return JSON.parse(readFileSync(ready, 'utf8')) as {
        endpoint: string;
        caCertificateFile: string;
        tokenFile: string;
      };
    } catch {
      return undefined;
    }
  });
  return { running, note };
}

/** A request whose body never comes. */
async function endless(note: { endpoint: string; caCertificateFile: string; tokenFile: string }): Promise<TLSSocket> {
  const { hostname, port } = new URL(note.endpoint);
  const socket = connect({ host: hostname, port: Number(port), ca: readFileSync(note.caCertificateFile) });
  socket.on('error', () => undefined);
  const head = [
    'POST /v1/applications HTTP/1.1',
    'Host: x',
    `Authorization: Bearer ${readFileSync(note.tokenFile, 'utf8').trim()}`,
    'Content-Type: application/json',
    'Content-Length: 100',
    'Expect: 100-continue',
  ];
  let received = '';
  socket.on('data', (bytes) => {
    received += bytes.toString();
  });
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  await eventually('the wait for the body', () => received.includes('100 Continue') || undefined);
  return socket;
}

test('SIGHUP stops nothing; a request that never ends is cut off when its 8 s are over, and the exit code is 0', async () => {
  const { running, note } = await startService();
  running.child.kill('SIGHUP');
  await eventually('the reload', () => running.stderr.includes('reading the certificate again') || undefined);
  const socket = await endless(note);
  running.child.kill('SIGTERM');
  expect((await running.ended).code).toBe(0);
  socket.destroy();
});

test('a second signal ends the service at once, with exit code 1', async () => {
  const { running, note } = await startService();
  const socket = await endless(note);
  running.child.kill('SIGTERM');
  // Whether the first has arrived cannot be seen from outside: one more is never wrong.
  const again = setInterval(() => running.child.kill('SIGTERM'), 500);
  expect((await running.ended).code).toBe(1);
  clearInterval(again);
  socket.destroy();
});

test.each([
  ['--vault-id', 'not-a-uid'],
  ['--advertise', 'ksm.example.com'],
])('%s %s is a mistake of the command line', async (option, value) => {
  const { code, stderr } = await runCli(['service', 'start', '--data', folder, option, value]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(option) });
});
