import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { listen } from '../../../provider/plugin/listen';

const folder = mkdtempSync(join(tmpdir(), 'ksm-'));
let server: Server;
beforeEach(() => {
  server = createServer();
});
afterEach(() => new Promise((done) => server.close(done)));
afterAll(() => rmSync(folder, { recursive: true }));

const LONG = join(folder, 'x'.repeat(100));

test('listens in the folder that the launcher names, if the path of a socket fits', async () => {
  const endpoint = await listen(server, { PLUGIN_UNIX_SOCKET_DIR: folder });
  expect(endpoint).toEqual({ network: 'unix', path: expect.stringMatching(/\/ksm-[0-9a-f]{16}\.sock$/) });
  expect(dirname((endpoint as { path: string }).path)).toBe(folder);
});

test('in a folder of its own in a shorter one, if it does not', async () => {
  const endpoint = await listen(server, { PLUGIN_UNIX_SOCKET_DIR: LONG });
  if (endpoint.network !== 'unix') throw new Error('expected a socket');
  expect(Buffer.byteLength(endpoint.path)).toBeLessThanOrEqual(103);
  expect(dirname(endpoint.path)).toBe(endpoint.ownFolder);
  expect(statSync(endpoint.ownFolder!).mode & 0o777).toBe(0o700);
  rmSync(endpoint.ownFolder!, { recursive: true });
});

test('a path of 103 bytes is the longest', async () => {
  const rest = 103 - Buffer.byteLength(join(folder, 'y', 'ksm-0123456789abcdef.sock'));
  for (const [more, own] of [
    [0, false],
    [1, true],
  ] as const) {
    const exact = join(folder, `y${'y'.repeat(rest + more)}`);
    mkdirSync(exact);
    const another = createServer();
    const endpoint = await listen(another, { PLUGIN_UNIX_SOCKET_DIR: exact });
    await new Promise((done) => another.close(done));
    expect(endpoint.network === 'unix' && endpoint.ownFolder !== undefined).toBe(own);
    if (endpoint.network === 'unix' && endpoint.ownFolder) rmSync(endpoint.ownFolder, { recursive: true });
  }
});

test.each([
  ['on Windows', {}, 'win32'],
  ['where it is asked for', { KSM_IAC_PLUGIN_NETWORK: 'tcp' }, 'linux'],
] as const)('on loopback %s', async (_where, env, platform) => {
  expect(await listen(server, env, platform)).toEqual({ network: 'tcp', host: '127.0.0.1', port: expect.any(Number) });
});

test('on loopback where no folder is short enough', async () => {
  // Neither can be written to: the one is not there, the other is a file.
  const env = { PLUGIN_UNIX_SOCKET_DIR: LONG, XDG_RUNTIME_DIR: __filename };
  expect(await listen(server, env, 'linux', ['/nowhere', env.XDG_RUNTIME_DIR])).toMatchObject({ network: 'tcp' });
});
