import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { openDatabase } from '../../service/store/database';
import { migrations } from '../../service/store/migrations/list';
import { ask, start, type Temporary, temporaryFolder } from './running-service';

let temporary: Temporary;
let data: string;
beforeEach(() => {
  temporary = temporaryFolder();
  data = join(temporary.folder, 'data');
});
afterEach(() => temporary.remove());

test('a client that trusts the CA file gets in with the token file, and says so in the ready file', async () => {
  const readyFile = join(temporary.folder, 'ready.json');
  const service = await start(data, { readyFile });
  try {
    expect(JSON.parse(readFileSync(readyFile, 'utf8'))).toEqual({
      endpoint: service.endpoint,
      caCertificateFile: join(data, 'tls', 'ca.crt'),
      tokenFile: join(data, 'admin.token'),
      deviceApi: {
        hostname: service.endpoint.replace('https://', ''),
        serverPublicKeyId: expect.stringMatching(/^\d+$/),
        serverPublicKey: expect.stringMatching(/^[\w-]{87}$/),
        caCertificate: readFileSync(service.caCertificateFile!, 'utf8'),
      },
    });
    const info = await ask(service, 'GET', '/v1/info');
    expect(info.json.deviceApi).toMatchObject(service.deviceApi!);
  } finally {
    await service.stop();
  }
  expect(existsSync(readyFile)).toBe(false);
  expect(existsSync(join(data, 'service.json'))).toBe(false);
});

test('what the data folder holds is for its owner alone, certificates aside', async () => {
  const service = await start(data);
  try {
    const mode = (...path: string[]) => (statSync(join(data, ...path)).mode & 0o777).toString(8);
    expect(mode()).toBe('700');
    for (const file of ['admin.token', 'lock.db', 'master.key', 'service.db', 'service.db-wal', 'service.json']) {
      expect([file, mode(file)]).toEqual([file, '600']);
    }
    expect([mode('tls', 'ca.key'), mode('tls', 'server.key')]).toEqual(['600', '600']);
    expect([mode('tls', 'ca.crt'), mode('tls', 'server.crt')]).toEqual(['644', '644']);
  } finally {
    await service.stop();
  }
});

test('a restart keeps CA, token, server key and what was stored', async () => {
  const files = () =>
    ['tls/ca.crt', 'tls/server.crt', 'admin.token'].map((file) => readFileSync(join(data, file), 'utf8'));
  const first = await start(data);
  const created = await ask(first, 'POST', '/v1/applications', { body: '{"name":"payments"}' });
  const before = files();
  await first.stop();
  const second = await start(data);
  try {
    expect(files()).toEqual(before);
    expect(second.deviceApi?.serverPublicKey).toBe(first.deviceApi?.serverPublicKey);
    expect((await ask(second, 'GET', '/v1/applications')).json).toEqual({ items: [created.json] });
  } finally {
    await second.stop();
  }
});

test('a second service on the folder says where the first runs, and leaves it alone', async () => {
  const first = await start(data);
  try {
    await expect(start(data)).rejects.toMatchObject({
      code: 'data_folder_in_use',
      message: `Another service at ${first.endpoint} runs on the data folder ${data}. Stop that one first, or give --data another folder.`,
    });
    expect((await ask(first, 'GET', '/v1/info')).status).toBe(200);
    expect(existsSync(join(data, 'service.json'))).toBe(true);
  } finally {
    await first.stop();
  }
});

test('a port in use is named, and the folder is free again', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  try {
    await expect(start(data, { listen: `127.0.0.1:${port}` })).rejects.toMatchObject({
      code: 'address_in_use',
      message: expect.stringContaining(`Port ${port} on 127.0.0.1 is in use`),
    });
    await (await start(data)).stop();
  } finally {
    other.close();
  }
});

test.each([
  ['localhost', 'listen_refused'],
  ['127.0.0.1:99999', 'listen_refused'],
  ['[nonsense]:1', 'listen_refused'],
  ['192.0.2.1:0', 'listen_refused'],
])('the address %s is refused', async (listen, code) => {
  await expect(start(data, { listen })).rejects.toMatchObject({ code });
});

test('plain HTTP is for loopback alone, and only when asked for', async () => {
  await expect(start(data, { listen: '0.0.0.0:0', insecureHttp: true })).rejects.toMatchObject({
    code: 'listen_refused',
    message: expect.stringContaining('loopback'),
  });
  const service = await start(data, { insecureHttp: true });
  try {
    expect(service.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(service.caCertificateFile).toBeNull();
    expect(await (await fetch(`${service.endpoint}/healthz`)).json()).toEqual({ status: 'ok' });
  } finally {
    await service.stop();
  }
});

test('a data folder that is a file, or lies where none can be made, is refused in words', async () => {
  const file = join(temporary.folder, 'file');
  writeFileSync(file, '');
  for (const dataDir of [file, join(file, 'below'), '/proc/none']) {
    await expect(start(dataDir)).rejects.toMatchObject({
      code: 'data_folder_unusable',
      message: expect.stringContaining(dataDir),
    });
  }
});

test('a ready file that cannot be written is named', async () => {
  const readyFile = join(temporary.folder, 'none', 'ready.json');
  await expect(start(data, { readyFile })).rejects.toMatchObject({
    code: 'ready_file_unusable',
    message: expect.stringContaining(readyFile),
  });
});

test('a ready file that is a folder is named, before anything is made', async () => {
  await expect(start(data, { readyFile: temporary.folder })).rejects.toMatchObject({
    code: 'ready_file_unusable',
    message: expect.stringContaining(temporary.folder),
  });
  expect(existsSync(join(data, 'service.db'))).toBe(false);
});

test('a ready file that cannot be removed does not keep the service from its end', async () => {
  const readyFile = join(temporary.folder, 'ready.json');
  const service = await start(data, { readyFile });
  rmSync(readyFile);
  mkdirSync(readyFile);
  await expect(service.stop()).rejects.toMatchObject({ code: 'ready_file_unusable' });
  await expect(fetch(`${service.endpoint}/healthz`)).rejects.toThrow();
  const again = await start(data);
  await again.stop();
});

test('a folder that a newer version wrote is refused and left as it is', async () => {
  await (await start(data)).stop();
  const newer = { name: '9999_newer', up: async () => undefined };
  await (await openDatabase({ file: join(data, 'service.db'), migrations: [...migrations, newer] })).close();
  await expect(start(data)).rejects.toMatchObject({ code: 'database_newer' });
});

test('a body of 5 MB is refused with a problem that arrives, and the service lives on', async () => {
  const service = await start(data);
  try {
    const body = JSON.stringify({ name: 'x'.repeat(5_000_000) });
    for (let index = 0; index < 3; index++) {
      const reply = await ask(service, 'POST', '/v1/applications', { body });
      expect([reply.status, reply.json.code]).toEqual([413, 'body_too_large']);
    }
    expect((await ask(service, 'GET', '/healthz')).status).toBe(200);
  } finally {
    await service.stop();
  }
});

test('bytes that are no HTTP get a problem', async () => {
  const service = await start(data, { insecureHttp: true });
  try {
    const { port } = new URL(service.endpoint);
    const text = await new Promise<string>((resolve) => {
      let received = '';
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('GARBAGE secret-canary\r\n\r\n'));
      socket.on('data', (chunk) => {
        received += chunk;
      });
      socket.on('close', () => resolve(received));
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain('"code":"invalid_request"');
    expect(text).not.toContain('secret-canary');
  } finally {
    await service.stop();
  }
});

test('what is in flight finishes when the service stops; what comes later is told so', async () => {
  const service = await start(data, { insecureHttp: true });
  const { port } = new URL(service.endpoint);
  const token = readFileSync(service.tokenFile, 'utf8').trim();
  const body = '{"name":"slow"}';
  let received = '';
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('data', (chunk) => {
    received += chunk;
  });
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.write(
    `POST /v1/applications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  // The reply to another request comes after the service has read what was sent before.
  expect((await fetch(`${service.endpoint}/metrics`)).ok).toBe(true);
  const stopping = service.stop();
  const late = await fetch(`${service.endpoint}/healthz`);
  expect([late.status, ((await late.json()) as { code: string }).code]).toEqual([503, 'shutting_down']);
  socket.write(body);
  await stopping;
  await closed;
  expect(received).toMatch(/^HTTP\/1\.1 201 /);
  await expect(fetch(`${service.endpoint}/healthz`)).rejects.toThrow();

  const again = await start(data);
  expect((await ask(again, 'GET', '/v1/applications')).json.items).toMatchObject([{ name: 'slow' }]);
  await again.stop();
});

test('connections that only idle do not hold up the end', async () => {
  const service = await start(data);
  const { port } = new URL(service.endpoint);
  const ca = readFileSync(service.caCertificateFile ?? '');
  const idle = tlsConnect({ port: Number(port), host: '127.0.0.1', ca });
  await new Promise((resolve) => idle.once('secureConnect', resolve));
  const closed = new Promise((resolve) => idle.once('close', resolve));
  idle.on('error', () => undefined);
  idle.resume();
  const before = performance.now();
  await service.stop();
  await closed;
  // What is in flight has 8 s; nothing is.
  expect(performance.now() - before).toBeLessThan(5_000);
});
