import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type Agent, request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningService, type StartOptions, startService } from '../../service/main';

export interface Temporary {
  readonly folder: string;
  remove(): void;
}

export function temporaryFolder(): Temporary {
  const folder = mkdtempSync(join(tmpdir(), 'ksm-service-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export const start = (dataDir: string, options: Partial<StartOptions> = {}): Promise<RunningService> =>
  startService({ dataDir, listen: '127.0.0.1:0', logLevel: 'silent', ...options });

export interface HttpReply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of a body, and fails otherwise
  readonly json: any;
}

/** One request over real HTTPS that trusts the CA of the service and nothing else. */
export function ask(
  service: Pick<RunningService, 'endpoint' | 'caCertificateFile' | 'tokenFile'>,
  method: string,
  path: string,
  options: { body?: string; headers?: Record<string, string>; agent?: Agent } = {},
): Promise<HttpReply> {
  const ca = service.caCertificateFile === null ? undefined : readFileSync(service.caCertificateFile);
  const token = readFileSync(service.tokenFile, 'utf8').trim();
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      `${service.endpoint}${path}`,
      {
        method,
        ca,
        agent: options.agent ?? false,
        headers: {
          authorization: `Bearer ${token}`,
          ...(options.body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(options.body) }),
          ...options.headers,
        },
      },
      (reply) => {
        let text = '';
        reply.setEncoding('utf8');
        reply.on('data', (chunk) => {
          text += chunk;
        });
        reply.on('error', reject);
        reply.on('end', () =>
          resolve({ status: reply.statusCode ?? 0, json: text === '' ? undefined : JSON.parse(text) }),
        );
      },
    );
    request.on('error', reject);
    request.end(options.body);
  });
}
