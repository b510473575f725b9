/** A real service in a temporary folder, started by the built command. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KsmClient } from '../../contract/client';
import type { DeviceApi } from '../../contract/types';
import { startCli } from './cli';
import { eventually, type Running } from './process';

interface Ready {
  readonly endpoint: string;
  readonly caCertificateFile: string;
  readonly tokenFile: string;
  readonly deviceApi: DeviceApi;
}

export class TestService {
  readonly folder = mkdtempSync(join(tmpdir(), 'ksm-iac-e2e-'));
  readonly dataDir = join(this.folder, 'data');
  private running!: Running;
  private ready!: Ready;
  /** What all its processes wrote so far. */
  private logs = '';

  private constructor(
    private readonly options: readonly string[],
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** @param options more of `service start`'s */
  static async start(options: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): Promise<TestService> {
    const service = new TestService(options, environment);
    await service.launch('127.0.0.1:0');
    return service;
  }

  get endpoint(): string {
    return this.ready.endpoint;
  }
  get deviceApi(): DeviceApi {
    return this.ready.deviceApi;
  }
  get caCertificateFile(): string {
    return this.ready.caCertificateFile;
  }
  get token(): string {
    return readFileSync(this.ready.tokenFile, 'utf8').trim();
  }
  get output(): string {
    return `${this.logs}${this.running.stdout}${this.running.stderr}`;
  }

  /** What `ksm-iac env` gives Terraform. */
  get env(): NodeJS.ProcessEnv {
    return {
      KSM_IAC_ENDPOINT: this.endpoint,
      KSM_IAC_TOKEN: this.token,
      KSM_IAC_CA_CERTIFICATE_FILE: this.caCertificateFile,
    };
  }

  client(options: { runId?: string } = {}): KsmClient {
    return new KsmClient({
      ...options,
      endpoint: this.endpoint,
      token: this.token,
      caCertificate: readFileSync(this.caCertificateFile, 'utf8'),
      requestTimeoutMs: 30_000,
      operationTimeoutMs: 60_000,
      maxRetries: 2,
      userAgent: 'test',
    });
  }

  async metrics(): Promise<string> {
    const ca = readFileSync(this.caCertificateFile);
    return new Promise((resolve, reject) => {
      get(`${this.endpoint}/metrics`, { ca, agent: false }, (reply) => {
        let text = '';
        reply.setEncoding('utf8').on('data', (piece) => {
          text += piece;
        });
        reply.on('end', () => resolve(text));
      }).on('error', reject);
    });
  }

  /** Ends the process by this signal and gives its exit code. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.running.kill(signal);
    const { code } = await this.running.ended;
    this.logs = this.output;
    this.running.stdout = this.running.stderr = '';
    return code;
  }

  /** Starts again on the same data and the same port, as an operator would. */
  async restart(): Promise<void> {
    await this.launch(new URL(this.endpoint).host);
  }

  async dispose(): Promise<void> {
    if (this.running.child.exitCode === null && this.running.child.signalCode === null) await this.end('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async launch(listen: string): Promise<void> {
    const readyFile = join(this.folder, 'ready.json');
    rmSync(readyFile, { force: true });
    this.running = startCli(
      [
        'service',
        'start',
        '--data',
        this.dataDir,
        '--listen',
        listen,
        '--ready-file',
        readyFile,
        '--log-level',
        'debug',
        ...this.options,
      ],
      { env: { ...process.env, ...this.environment } },
    );
    this.ready = await eventually(
      'the service to be ready',
      () => {
        if (this.running.child.exitCode !== null) throw new Error(`The service did not start:\n${this.output}`);
        return existsSync(readyFile) && (JSON.parse(readFileSync(readyFile, 'utf8')) as Ready);
      },
      () => this.output,
    );
  }
}
