import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, type ClientOptions, credentials, type ServiceError } from '@grpc/grpc-js';
import { type Certificate, createCertificate, fromPem } from '../../../provider/plugin/certificate';
import { MAGIC_COOKIE } from '../../../provider/plugin/handshake';

const ROOT = resolve(__dirname, '..', '..', '..');

/** A folder of its own, and in it what a test starts. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'ksm-test-'));
  readonly clientCertificate: Certificate = createCertificate();
  private readonly children: ChildProcess[] = [];

  /** Bundles an entry point, as the build does; returns the script. */
  bundle(entry: string, name = 'terraform-provider-ksm.cjs'): string {
    const outfile = join(this.folder, name);
    execFileSync(
      join(ROOT, 'node_modules', '.bin', 'esbuild'),
      [
        join(ROOT, entry),
        '--bundle',
        '--platform=node',
        '--target=node20',
        '--format=cjs',
        `--outfile=${outfile}`,
      ].concat(['--banner:js=#!/usr/bin/env node', '--log-level=error', `--tsconfig=${ROOT}/tsconfig.dev.json`]),
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    execFileSync('chmod', ['+x', outfile]);
    return outfile;
  }

  /** What Terraform sets for a plugin, the sockets in this folder. */
  get environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      TF_PLUGIN_MAGIC_COOKIE: MAGIC_COOKIE,
      PLUGIN_PROTOCOL_VERSIONS: '5,6',
      PLUGIN_UNIX_SOCKET_DIR: this.folder,
      PLUGIN_CLIENT_CERT: this.clientCertificate.certificatePem,
      TF_LOG: 'trace',
    };
  }

  start(script: string, env: NodeJS.ProcessEnv = this.environment, args: string[] = []): Plugin {
    const [command, ...before] = script.endsWith('.cjs') ? [process.execPath, script] : [script];
    const plugin = new Plugin(spawn(command!, [...before, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
    this.children.push(plugin.process);
    return plugin;
  }

  get sockets(): string[] {
    return readdirSync(this.folder).filter((name) => name.endsWith('.sock'));
  }

  close(): void {
    for (const child of this.children) if (child.exitCode === null) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A started plugin process. */
export class Plugin {
  stdout = '';
  stderr = '';
  readonly ended: Promise<number | null>;

  constructor(readonly process: ChildProcess) {
    process.stdout?.on('data', (data) => (this.stdout += data));
    process.stderr?.on('data', (data) => (this.stderr += data));
    this.ended = new Promise((done) => process.once('close', (code) => done(code)));
  }

  /** What Terraform, or whoever debugs, is told. */
  async firstLine(): Promise<string> {
    while (!this.stdout.includes('\n')) {
      if (this.process.exitCode !== null) throw new Error(`ended before its handshake: ${this.stderr}`);
      await new Promise((done) => setTimeout(done, 5));
    }
    return this.stdout.split('\n')[0]!;
  }

  /** The fields of the first line. */
  async handshake(): Promise<string[]> {
    return (await this.firstLine()).split('|');
  }

  /** A gRPC client as Terraform's: mutual TLS with this certificate; null: none; undefined: without TLS. */
  async client(certificate: Certificate | null | undefined): Promise<PluginClient> {
    const [, , network, address, , own] = await this.handshake();
    const target = network === 'unix' ? `unix:${address}` : address!;
    if (certificate === undefined) return new PluginClient(target, credentials.createInsecure());
    const root = Buffer.from(pem(own!));
    const mine =
      certificate && ([certificate.keyPem, certificate.certificatePem] as const).map((text) => Buffer.from(text));
    return new PluginClient(target, credentials.createSsl(root, mine?.[0] ?? null, mine?.[1] ?? null), {
      'grpc.ssl_target_name_override': 'localhost',
    });
  }
}

/** Calls by path and codecs. */
export class PluginClient {
  private readonly client: Client;

  constructor(target: string, channel: ReturnType<typeof credentials.createInsecure>, options: ClientOptions = {}) {
    this.client = new Client(target, channel, {
      ...options,
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
      'grpc.enable_retries': 0,
    });
  }

  raw(path: string, request: Uint8Array, withinMs = 10_000): Promise<Uint8Array> {
    return new Promise((done, fail) => {
      this.client.makeUnaryRequest(
        path,
        (bytes: Uint8Array) => Buffer.from(bytes),
        (bytes: Buffer) => bytes,
        request,
        { deadline: Date.now() + withinMs },
        (error: ServiceError | null, reply?: Uint8Array) => (error ? fail(error) : done(reply!)),
      );
    });
  }

  async call<Q, R>(name: string, [request, reply]: Codecs<Q, R>, message: Q): Promise<R> {
    return reply.decode(await this.raw(`/tfplugin6.Provider/${name}`, request.encode(message).finish()));
  }

  /** Every message of a call that streams its replies; gives up after the first `enough` of them. */
  stream<Q, R>(name: string, [request, reply]: Codecs<Q, R>, message: Q, enough = Number.POSITIVE_INFINITY) {
    const [path, bytes] = [`/tfplugin6.Provider/${name}`, request.encode(message).finish()];
    return this.rawStream(path, bytes, enough).then((replies) => replies.map((own) => reply.decode(own)));
  }

  rawStream(path: string, request: Uint8Array, enough = Number.POSITIVE_INFINITY, withinMs = 10_000) {
    const replies: Uint8Array[] = [];
    return new Promise<Uint8Array[]>((done, fail) => {
      const call = this.client.makeServerStreamRequest(
        path,
        (bytes: Uint8Array) => Buffer.from(bytes),
        (bytes: Buffer) => bytes,
        request,
        { deadline: Date.now() + withinMs },
      );
      call.on('data', (bytes: Buffer) => {
        if (replies.push(bytes) >= enough) call.cancel();
      });
      call.on('error', (error: ServiceError) => (replies.length >= enough ? done(replies) : fail(error)));
      call.on('end', () => done(replies));
    });
  }

  shutDown(): Promise<Uint8Array> {
    return this.raw('/plugin.GRPCController/Shutdown', new Uint8Array());
  }

  close(): void {
    this.client.close();
  }
}

export interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}
export type Codecs<Q, R> = readonly [Codec<Q>, Codec<R>];

function pem(unpadded: string): string {
  const text = `-----BEGIN CERTIFICATE-----\n${unpadded}\n-----END CERTIFICATE-----\n`;
  const base64 = fromPem(text)!.toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g)!.join('\n')}\n-----END CERTIFICATE-----\n`;
}
