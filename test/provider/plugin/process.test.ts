import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { credentials, status } from '@grpc/grpc-js';
import { createCertificate } from '../../../provider/plugin/certificate';
import { objectToWire } from '../../../provider/protocol/dynamic-value';
import {
  ValidateResourceConfig_Request,
  ValidateResourceConfig_Response,
} from '../../../provider/protocol/generated/tfplugin6';
import { Bench, PluginClient } from '../tiny/launch';
import { NOTE } from '../tiny/server';

const bench = new Bench();
let tiny: string;

beforeAll(() => {
  tiny = bench.bundle('test/provider/tiny/main.ts', 'tiny.cjs');
});
afterAll(() => bench.close());

const validate = [ValidateResourceConfig_Request, ValidateResourceConfig_Response] as const;
const note = (text: string) => ({
  typeName: 'ksm_note',
  config: objectToWire(NOTE, { text }),
  clientCapabilities: undefined,
});

async function eventually(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    if (tries > 2000) throw new Error('did not happen');
    await sleep(5);
  }
}

describe('the handshake', () => {
  test('names core protocol 1, plugin protocol 6, the socket, gRPC and the certificate', async () => {
    const plugin = bench.start(tiny);
    const [core, protocol, network, address, kind, certificate] = await plugin.handshake();
    expect([core, protocol, network, kind]).toEqual(['1', '6', 'unix', 'grpc']);
    expect(address!.startsWith(bench.folder)).toBe(true);
    expect(certificate).toMatch(/^[A-Za-z0-9+/]+$/);
    plugin.process.kill();
    await plugin.ended;
  });

  test('is the only thing on stdout, whatever the provider and its dependencies print', async () => {
    const plugin = bench.start(tiny);
    const client = await plugin.client(bench.clientCertificate);
    await client.call('ValidateResourceConfig', validate, note('print'));
    await client.shutDown();
    await plugin.ended;
    expect(plugin.stdout.split('\n')).toHaveLength(2);
    expect(plugin.stderr).toContain('printed while loading');
    expect(plugin.stderr).toContain('printed by a dependency');
  });

  test('takes the next port when the first of PLUGIN_MIN_PORT to PLUGIN_MAX_PORT is in use', async () => {
    const taken = createServer().unref();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    const { port } = taken.address() as { port: number };
    const plugin = bench.start(tiny, {
      ...bench.environment,
      KSM_IAC_PLUGIN_NETWORK: 'tcp',
      PLUGIN_MIN_PORT: String(port),
      PLUGIN_MAX_PORT: String(Math.min(port + 50, 65535)),
    });
    const [, , network, address] = await plugin.handshake();
    expect(network).toBe('tcp');
    expect(Number(address!.replace('127.0.0.1:', ''))).toBeGreaterThan(port);
    const client = await plugin.client(bench.clientCertificate);
    await client.shutDown();
    expect(await plugin.ended).toBe(0);
    taken.close();
  });
});

describe('mutual TLS', () => {
  test('lets in nobody without a certificate or with another one, and goes on serving Terraform', async () => {
    const plugin = bench.start(tiny);
    for (const stranger of [null, createCertificate(), undefined]) {
      const client = await plugin.client(stranger);
      await expect(client.raw('/tiny/Echo', Buffer.from('hello'), 2000)).rejects.toMatchObject({
        // Refused in the handshake; a call that only waited would end as 4, DEADLINE_EXCEEDED.
        code: 14,
      });
      client.close();
    }
    const client = await plugin.client(bench.clientCertificate);
    expect(Buffer.from(await client.raw('/tiny/Echo', Buffer.from('hello'))).toString()).toBe('hello');
    await client.shutDown();
    expect(await plugin.ended).toBe(0);
  });

  test('is left out when Terraform asks for no TLS', async () => {
    const plugin = bench.start(tiny, { ...bench.environment, PLUGIN_CLIENT_CERT: undefined });
    expect(await plugin.handshake()).toHaveLength(5);
    const client = await plugin.client(undefined);
    expect(await client.raw('/tiny/Echo', Uint8Array.of(1))).toHaveLength(1);
    await client.shutDown();
    await plugin.ended;
  });
});

describe('calls', () => {
  test('of many megabytes pass both ways, at once', async () => {
    const plugin = bench.start(tiny);
    const client = await plugin.client(bench.clientCertificate);
    const large = Buffer.alloc(24 * 1024 * 1024, 'large ');
    const replies = await Promise.all([large, large, Buffer.from('small')].map((own) => client.raw('/tiny/Echo', own)));
    expect(replies.map((reply) => reply.length)).toEqual([large.length, large.length, 5]);
    expect(Buffer.compare(replies[0]!, large)).toBe(0);
    await client.shutDown();
    await plugin.ended;
  });

  test('that nobody serves are UNIMPLEMENTED, also of services of go-plugin', async () => {
    const plugin = bench.start(tiny);
    const client = await plugin.client(bench.clientCertificate);
    for (const path of ['/tfplugin6.Provider/FromTheFuture', '/plugin.GRPCStdio/StreamStdio', '/constructor']) {
      await expect(client.raw(path, new Uint8Array())).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
    }
    expect(await client.raw('/grpc.health.v1.Health/Check', new Uint8Array())).toEqual(Buffer.from([8, 1]));
    await client.shutDown();
    await plugin.ended;
  });

  test('that break the protocol are INVALID_ARGUMENT, and say what without the value', async () => {
    const plugin = bench.start(tiny);
    const client = await plugin.client(bench.clientCertificate);
    const path = '/tfplugin6.Provider/ValidateResourceConfig';
    await expect(client.raw(path, Buffer.from('not a message'))).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
    const config = {
      msgpack: Buffer.from([0x81, 0xa4, ...Buffer.from('size'), 0xa6, ...Buffer.from('canary')]),
      json: Buffer.of(),
    };
    const wrong = client.call('ValidateResourceConfig', validate, {
      typeName: 'ksm_note',
      config,
      clientCapabilities: undefined,
    });
    await expect(wrong).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'config.size is not a number.',
    });
    await client.shutDown();
    await plugin.ended;
    expect(plugin.stderr).not.toContain('canary');
  });

  test('that fail inside are INTERNAL, and neither reply nor log quotes what failed', async () => {
    const plugin = bench.start(tiny);
    const client = await plugin.client(bench.clientCertificate);
    const failure = await client.raw('/tiny/Fail', Buffer.from('canary')).catch((error) => error);
    expect(failure.code).toBe(status.INTERNAL);
    expect(failure.details).toContain('TF_LOG=error');
    await client.shutDown();
    await plugin.ended;
    expect(plugin.stderr).toContain('"@message":"call failed"');
    expect(`${plugin.stderr}${failure.message}`).not.toContain('canary');
  });
});

describe('the end', () => {
  test('at Shutdown settles, answers, removes the socket and exits with 0', async () => {
    const plugin = bench.start(tiny);
    const client = await plugin.client(bench.clientCertificate);
    expect(bench.sockets).toHaveLength(1);
    expect(await client.shutDown()).toHaveLength(0);
    // go-plugin kills whoever is still there 2 s after the reply.
    const exit = await Promise.race([plugin.ended, sleep(2000, 'too late')]);
    expect(exit).toBe(0);
    expect(plugin.stderr).toContain('"@message":"settled"');
    expect(bench.sockets).toEqual([]);
  });

  test('at Shutdown is the same when settling fails, which the log tells without its words', async () => {
    const plugin = bench.start(tiny, { ...bench.environment, TINY_SETTLE: 'fail' });
    const client = await plugin.client(bench.clientCertificate);
    await client.shutDown();
    expect(await plugin.ended).toBe(0);
    expect(plugin.stderr).toContain('"@message":"not settled"');
    expect(plugin.stderr).not.toContain('the service is away');
  });

  test('settles as lost, when the only connection closes', async () => {
    const plugin = bench.start(tiny);
    const client = await plugin.client(bench.clientCertificate);
    await client.raw('/tiny/Echo', Uint8Array.of(1));
    client.close();
    expect(await plugin.ended).toBe(1);
    expect(plugin.stderr).toContain('"@message":"settled as lost"');
    expect(bench.sockets).toEqual([]);
  });

  test('settles as lost, when the process that started it is killed before it connects', async () => {
    const out = join(bench.folder, 'out');
    const parent = spawn('sh', ['-c', `"${process.execPath}" "${tiny}" >"${out}" 2>&1 & wait`], {
      env: bench.environment,
      stdio: 'ignore',
    });
    await eventually(() => existsSync(out) && readFileSync(out, 'utf8').includes('|grpc|'));
    expect(bench.sockets).toHaveLength(1);
    parent.kill('SIGKILL');
    await eventually(() => bench.sockets.length === 0);
    expect(readFileSync(out, 'utf8')).toContain('parent_gone');
    expect(readFileSync(out, 'utf8')).toContain('"@message":"settled as lost"');
  });

  test('does not come by Ctrl-C, which reaches the plugin too', async () => {
    const plugin = bench.start(tiny);
    const client = await plugin.client(bench.clientCertificate);
    await client.raw('/tiny/Echo', Uint8Array.of(1));
    plugin.process.kill('SIGINT');
    // It would end as soon as it comes to handle the signal.
    for (let call = 0; call < 10; call++) {
      await sleep(50);
      expect(await client.raw('/tiny/Echo', Uint8Array.of(1))).toHaveLength(1);
    }
    await client.shutDown();
    expect(await plugin.ended).toBe(0);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s settles as lost, and leaves no socket', async (signal, code) => {
    const plugin = bench.start(tiny);
    await plugin.handshake();
    plugin.process.kill(signal);
    expect(await plugin.ended).toBe(code);
    expect(plugin.stderr).toContain('"@message":"settled as lost"');
    expect(bench.sockets).toEqual([]);
  });

  test('of a debugger comes by Ctrl-C, and never by a connection that closes', async () => {
    const plugin = bench.start(tiny, { ...bench.environment, PLUGIN_CLIENT_CERT: undefined }, ['--debug']);
    await plugin.firstLine();
    const path = /"String":"([^"]+)"/.exec(plugin.stdout)![1]!;
    for (const _ of ['first', 'second']) {
      const client = new PluginClient(`unix:${path}`, credentials.createInsecure());
      expect(await client.raw('/tiny/Echo', Uint8Array.of(1))).toHaveLength(1);
      client.close();
    }
    plugin.process.kill('SIGINT');
    expect(await plugin.ended).toBe(0);
    expect(plugin.stderr).toContain('"@message":"settled"');
    expect(plugin.stderr).not.toContain('settled as lost');
  });
});

describe('many at once', () => {
  test('2,000 calls in flight on one connection are all answered', async () => {
    const plugin = bench.start(tiny);
    const client = await plugin.client(bench.clientCertificate);
    const calls = Array.from({ length: 2_000 }, (_, i) => client.raw('/tiny/Echo', Buffer.from(String(i)), 60_000));
    const replies = (await Promise.all(calls)).map((reply) => Number(Buffer.from(reply).toString()));
    expect(replies).toEqual(Array.from({ length: 2_000 }, (_, i) => i));
    await client.shutDown();
    expect(await plugin.ended).toBe(0);
  });

  test('two providers of one command share nothing: the end of one is not the end of the other', async () => {
    const [first, second] = [bench.start(tiny), bench.start(tiny)];
    const one = await first.client(bench.clientCertificate);
    const other = await second.client(bench.clientCertificate);
    expect(bench.sockets).toHaveLength(2);
    await one.shutDown();
    expect(await first.ended).toBe(0);
    expect(await other.raw('/tiny/Echo', Uint8Array.of(1))).toHaveLength(1);
    expect(bench.sockets).toHaveLength(1);
    await other.shutDown();
    expect(await second.ended).toBe(0);
  });
});

describe('a temp folder whose path is too long for a socket', () => {
  test('is replaced by a short one for this process alone, which is gone with it', async () => {
    const long = join(bench.folder, 'x'.repeat(100));
    mkdirSync(long);
    const plugin = bench.start(tiny, { ...bench.environment, PLUGIN_UNIX_SOCKET_DIR: undefined, TMPDIR: long });
    const [, , network, address] = await plugin.handshake();
    expect(network).toBe('unix');
    const folder = dirname(address!);
    expect(dirname(folder)).toBe('/tmp');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const client = await plugin.client(bench.clientCertificate);
    expect(await client.raw('/tiny/Echo', Uint8Array.of(1))).toHaveLength(1);
    await client.shutDown();
    expect(await plugin.ended).toBe(0);
    expect(existsSync(folder)).toBe(false);
  });
});
