/** A host that is reached by ssh: this machine, whose commands run with a PATH and a folder of the test's own. */
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Server, utils } from 'ssh2';

export class SshHost {
  private constructor(
    private readonly server: Server,
    /** The commands that it was given. */
    readonly commands: readonly string[],
    readonly port: number,
    readonly password: string,
    /** For `hostKey` of a connection. */
    readonly hostKey: string,
  ) {}

  static async start(password: string, env: NodeJS.ProcessEnv): Promise<SshHost> {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    });
    const parsed = utils.parseKey(privateKey);
    if (parsed instanceof Error) throw parsed;
    const hostKey = `${parsed.type} ${parsed.getPublicSSH().toString('base64')}`;
    const commands: string[] = [];
    const server = new Server({ hostKeys: [privateKey] }, (client) => {
      client.on('error', () => {});
      client.on('authentication', (asked) =>
        asked.method === 'password' && asked.password === password ? asked.accept() : asked.reject(['password']),
      );
      client.on('session', (accept) => {
        const session = accept();
        // Terraform asks for a terminal.
        session.on('pty', (agree) => agree());
        session.on('exec', (run, _, { command }) => {
          commands.push(command);
          const channel = run();
          const child = spawn('bash', ['-c', command], { env });
          channel.pipe(child.stdin);
          child.stdout.pipe(channel, { end: false });
          child.stderr.pipe(channel.stderr, { end: false });
          child.stdin.on('error', () => {});
          child.on('close', (code) => {
            channel.exit(code ?? 1);
            channel.end();
          });
        });
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new SshHost(server, commands, (server.address() as AddressInfo).port, password, hostKey);
  }

  stop(): Promise<void> {
    return new Promise((stopped) => this.server.close(() => stopped()));
  }
}
