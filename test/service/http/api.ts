import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { AuditEvent, Problem } from '../../../contract/types';
import { type App, type AppOptions, buildApp } from '../../../service/app';
import { createDeviceApi, type DeviceApi } from '../../../service/device-api/device-api';
import { createLog } from '../../../service/host/log';
import type { Scope } from '../../../service/operations/caller';
import { createOperations, type Operations, type OperationsOptions } from '../../../service/operations/operations';
import type { NewToken } from '../../../service/operations/token-keeping';
import { suspectNotes } from '../../../service/vault/commander/suspects';
import { DRIVER, migrations } from '../../../service/vault/commander/tables';
import type { Vault } from '../../../service/vault/port';
import { type RemoteVault, remoteVault, watched } from '../vault/remote-vault';
import { type TemporaryVault, temporaryVault } from '../vault/temporary-vault';

export interface Call {
  readonly body?: unknown;
  readonly token?: string;
  readonly run?: string;
  readonly key?: string;
  readonly headers?: Record<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of a body, and fails otherwise
  readonly json: any;
}

/** The whole app on a real embedded vault, spoken to by injection; the clock stands until it is moved. */
export interface Api extends TemporaryVault {
  readonly app: App;
  readonly operations: Operations;
  readonly deviceApi: DeviceApi;
  /** Where it stands on one. */
  readonly remote: RemoteVault | undefined;
  /** A write token without limits, which calls use unless they name another. */
  readonly token: string;
  /** An admin token, made when it is first asked for. */
  admin(): Promise<string>;
  /** Audit events, newest first. */
  events(query?: string): Promise<AuditEvent[]>;
  /** Everything that was logged, at the level trace. */
  log(): string;
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /** Calls, and fails unless the status is this one. */
  expect(status: number, method: string, path: string, call?: Call): Promise<Answer['json']>;
  newToken(scope: Scope, options?: Partial<NewToken>): Promise<string>;
  /** The same database served anew, as after a restart that took so long; 0: at once, as after a kill. */
  restart(downMinutes?: number): Promise<void>;
}

export const newRun = () => randomBytes(16).toString('base64url');
export const newKey = () => randomBytes(32).toString('base64url');

export type ApiOptions = Pick<AppOptions, 'rateLimit' | 'connectionLimits' | 'tls'> &
  Pick<OperationsOptions, 'vaultPatienceMs'> & {
    /**
     * The driver that it stands on, on the same database and clock; made anew with each start.
     * @default as `standingOn` says
     */
    readonly vaultOn?: (temporary: TemporaryVault) => Promise<Vault>;
    /** Where its clock stands at first, in milliseconds since 1970. */
    readonly startedAt?: number;
  };

/** What `startApi` stands on: the embedded vault, or one that answers over a network. */
export const standingOn: { vault: 'embedded' | 'remote' } = { vault: 'embedded' };

/** A test of what the embedded vault alone has: content, or its own tables. */
export const embeddedTest: typeof test = ((...test_: Parameters<typeof test>) => {
  if (standingOn.vault === 'embedded') test(...test_);
}) as typeof test;

export async function startApi(options: ApiOptions = {}): Promise<Api> {
  const isRemote = standingOn.vault === 'remote' && !options.vaultOn;
  const temporary = await temporaryVault(options.startedAt === undefined ? {} : { startedAt: options.startedAt });
  const far = isRemote ? await temporaryVault({ clock: temporary }) : undefined;
  const inner = far?.vault ?? temporary.vault;
  const { masterKey, clock } = temporary;
  if (far) await temporary.database.migrateDriver(DRIVER, migrations);
  const remote = far && remoteVault(far.vault, suspectNotes(temporary));
  const database = remote ? watched(temporary.database) : temporary.database;
  const vaultId = 'AAAAAAAAAAAAAAAAAAAAAA';
  let logged = '';
  const destination = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  });
  const build = async () => {
    const vault: Vault = (await options.vaultOn?.(temporary)) ?? remote ?? temporary.vault;
    const operations = createOperations({ vault, database, masterKey, clock, version: '1.2.3', vaultId, ...options });
    await operations.resume();
    const onFailure = (error: unknown) => {
      throw error;
    };
    const { bound: onBind, used: onFirstUse, refused: onRefusal, isDead } = operations.redemptions;
    const deviceApi = createDeviceApi({ vault: inner, clock, onBind, onFirstUse, onRefusal, isDead, onFailure });
    const log = createLog('trace', destination);
    const app = await buildApp({ operations, database, deviceApi, log, clock, version: '1.2.3', ...options });
    return { operations, app, deviceApi };
  };
  let current = await build();
  const newToken = async (scope: Scope, options: Partial<NewToken> = {}) => {
    const limits = { applications: null, secrets: null, allowEdit: false };
    const wanted = { name: `test ${scope}`, scope, limits, expiresAt: null, ...options };
    return (await current.operations.apiTokens.create(wanted)).text;
  };
  const token = await newToken('write');
  let admin: Promise<string> | undefined;

  const api: Api = {
    ...temporary,
    vault: inner,
    remote,
    get app() {
      return current.app;
    },
    get deviceApi() {
      return current.deviceApi;
    },
    get operations() {
      return current.operations;
    },
    token,
    newToken,
    admin() {
      admin ??= newToken('admin');
      return admin;
    },
    async events(query = '') {
      return (await api.expect(200, 'GET', `/v1/audit-events${query}`, { token: await api.admin() })).items;
    },
    log: () => logged,
    call: (method, path, call = {}) => inject(current.app.http, method, path, { token, ...call }),
    async expect(status, method, path, call) {
      const answer = await api.call(method, path, call);
      if (answer.status !== status) {
        throw new Error(`${method} ${path}: expected ${status}, got ${answer.status} ${answer.text}`);
      }
      return answer.json;
    },
    async restart(downMinutes = 0) {
      await current.app.http.close();
      temporary.passMinutes(downMinutes);
      current = await build();
    },
    async close() {
      await current.app.http.close();
      await far?.close();
      await temporary.close();
    },
  };
  return api;
}

async function inject(http: FastifyInstance, method: string, path: string, call: Call): Promise<Answer> {
  const text =
    typeof call.body === 'string' ? call.body : call.body === undefined ? undefined : JSON.stringify(call.body);
  const reply = await http.inject({
    method: method as 'GET',
    url: path,
    headers: {
      ...(call.token ? { authorization: `Bearer ${call.token}` } : {}),
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...(call.run ? { 'ksm-run': call.run } : {}),
      ...(call.key ? { 'idempotency-key': call.key } : {}),
      ...call.headers,
    },
    ...(text === undefined ? {} : { payload: text }),
  });
  const isJson = String(reply.headers['content-type']).includes('json') && reply.body !== '';
  return {
    status: reply.statusCode,
    headers: reply.headers,
    text: reply.body,
    json: isJson ? JSON.parse(reply.body) : undefined,
  };
}

/** The code of a problem, checked to be one in every respect. */
export function problemCode(answer: Answer): string {
  const problem = answer.json as Problem;
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(problem.status).toBe(answer.status);
  expect(problem.requestId).toBe(answer.headers['x-request-id']);
  expect(problem.title).not.toBe('');
  expect(answer.text).not.toMatch(/node_modules|\.ts:\d/);
  return problem.code;
}
