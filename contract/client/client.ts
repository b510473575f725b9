import { KsmError } from '../errors';
import { SETTLE_TIMEOUT_MS } from '../limits';
import type {
  ApiToken,
  ApiTokenCreate,
  ApiTokenCreated,
  Application,
  ApplicationCreate,
  ApplicationPart,
  ApplicationSnapshot,
  ApplicationUpdate,
  ClientDevice,
  ClientDeviceCreate,
  ClientDeviceCreated,
  Gateway,
  GatewayCreate,
  GatewayCreated,
  GatewayUpdate,
  Grant,
  GrantPut,
  Info,
  Page,
  Run,
  RunSettled,
  Secret,
  SharedFolder,
  VaultFolder,
  VaultFolderCreate,
  VaultRecord,
  VaultRecordCreate,
} from '../types';
import type { ClientOptions } from './exchange';
import { Transport } from './transport';

/** The service's `/v1` as methods. Every one rejects with `KsmError`; `*_not_found` codes say what is missing. */
export class KsmClient {
  private readonly transport: Transport;

  constructor(private readonly options: ClientOptions) {
    this.transport = new Transport(options);
  }

  info(): Promise<Info> {
    return this.transport.send({ method: 'GET', path: '/info' });
  }

  createApplication(body: ApplicationCreate): Promise<Application> {
    return this.transport.send({ method: 'POST', path: '/applications', body, idempotent: true });
  }
  getApplication(id: string, include: readonly ApplicationPart[] = []): Promise<ApplicationSnapshot> {
    const query = include.length > 0 ? { include: include.join(',') } : {};
    return this.transport.send({ method: 'GET', path: applicationPath(id), query });
  }
  async findApplication(name: string): Promise<Application | undefined> {
    const page = await this.transport.send<Page<Application>>({
      method: 'GET',
      path: '/applications',
      query: { name },
    });
    return page.items[0];
  }
  updateApplication(id: string, body: ApplicationUpdate): Promise<Application> {
    return this.transport.send({ method: 'PATCH', path: applicationPath(id), body });
  }
  deleteApplication(id: string, options: { force: boolean }): Promise<void> {
    const query = options.force ? { force: true } : {};
    return this.transport.send({ method: 'DELETE', path: applicationPath(id), query });
  }

  /** With `createOnly`, a grant of another `editable` is `grant_exists`; one of the same is adopted. */
  putGrant(
    applicationId: string,
    secretUid: string,
    body: GrantPut,
    options: { createOnly: boolean } = { createOnly: false },
  ): Promise<Grant> {
    const headers = options.createOnly ? { 'if-none-match': '*' } : undefined;
    return this.transport.send({ method: 'PUT', path: grantPath(applicationId, secretUid), body, headers });
  }
  getGrant(applicationId: string, secretUid: string): Promise<Grant> {
    return this.transport.send({ method: 'GET', path: grantPath(applicationId, secretUid) });
  }
  deleteGrant(applicationId: string, secretUid: string): Promise<void> {
    return this.transport.send({ method: 'DELETE', path: grantPath(applicationId, secretUid) });
  }

  async createDevice(applicationId: string, body: ClientDeviceCreate): Promise<ClientDeviceCreated> {
    const path = clientsPath(applicationId, 'devices');
    return issued(await this.transport.send<ClientDeviceCreated>({ method: 'POST', path, body, idempotent: true }));
  }
  getDevice(applicationId: string, clientId: string): Promise<ClientDevice> {
    return this.transport.send({ method: 'GET', path: clientsPath(applicationId, 'devices', clientId) });
  }
  deleteDevice(applicationId: string, clientId: string): Promise<void> {
    return this.transport.send({ method: 'DELETE', path: clientsPath(applicationId, 'devices', clientId) });
  }

  async createGateway(applicationId: string, body: GatewayCreate): Promise<GatewayCreated> {
    const path = clientsPath(applicationId, 'gateways');
    return issued(await this.transport.send<GatewayCreated>({ method: 'POST', path, body, idempotent: true }));
  }
  getGateway(applicationId: string, clientId: string): Promise<Gateway> {
    return this.transport.send({ method: 'GET', path: clientsPath(applicationId, 'gateways', clientId) });
  }
  updateGateway(applicationId: string, clientId: string, body: GatewayUpdate): Promise<Gateway> {
    return this.transport.send({ method: 'PATCH', path: clientsPath(applicationId, 'gateways', clientId), body });
  }
  deleteGateway(applicationId: string, clientId: string): Promise<void> {
    return this.transport.send({ method: 'DELETE', path: clientsPath(applicationId, 'gateways', clientId) });
  }

  /** The reply alone carries the text of the token. */
  createApiToken(body: ApiTokenCreate): Promise<ApiTokenCreated> {
    return this.transport.send({ method: 'POST', path: '/api-tokens', body, idempotent: true });
  }
  listApiTokens(): Promise<ApiToken[]> {
    return this.listAll('/api-tokens');
  }
  deleteApiToken(id: string): Promise<void> {
    return this.transport.send({ method: 'DELETE', path: `/api-tokens/${encodeURIComponent(id)}` });
  }

  getSecret(uid: string): Promise<Secret> {
    return this.transport.send({ method: 'GET', path: `/secrets/${encodeURIComponent(uid)}` });
  }
  listSharedFolders(): Promise<SharedFolder[]> {
    return this.listAll('/shared-folders');
  }

  /** Embedded vault only. */
  listVaultFolders(): Promise<VaultFolder[]> {
    return this.listAll('/vault/folders');
  }
  /** Embedded vault only. */
  listVaultRecords(): Promise<VaultRecord[]> {
    return this.listAll('/vault/records');
  }
  /** Embedded vault only. With a `uid` it may be repeated: the same content again. */
  createVaultFolder(body: VaultFolderCreate): Promise<VaultFolder> {
    return this.transport.send({ method: 'POST', path: '/vault/folders', body, idempotent: true });
  }
  /** Embedded vault only. With a `uid` it may be repeated: the same content again. */
  createVaultRecord(body: VaultRecordCreate): Promise<VaultRecord> {
    return this.transport.send({ method: 'POST', path: '/vault/records', body, idempotent: true });
  }

  /** Renews the lease of `runId` and tells what Terraform holds. */
  renewRun(held: readonly string[]): Promise<Run> {
    return this.transport.send({ method: 'PUT', path: this.runPath(), body: { held } });
  }
  /** Ends `runId`: what it made and does not hold is revoked. Gives up in time for go-plugin's end of patience. */
  settleRun(held: readonly string[]): Promise<RunSettled> {
    return this.transport.send({
      method: 'POST',
      path: `${this.runPath()}/settle`,
      body: { held },
      operationTimeoutMs: SETTLE_TIMEOUT_MS,
    });
  }

  private runPath(): string {
    if (!this.options.runId) throw new TypeError('KsmClient: runs need options.runId');
    return `/runs/${encodeURIComponent(this.options.runId)}`;
  }

  private async listAll<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | undefined;
    do {
      const page: Page<T> = await this.transport.send({ method: 'GET', path, query: { cursor, limit: 1000 } });
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    return items;
  }
}

/** Whoever trusts a reply without its token or id would store a device that nobody can ever redeem or find. */
function issued<T extends { id: string; clientId: string; oneTimeToken: string }>(reply: T): T {
  for (const field of ['id', 'clientId', 'oneTimeToken'] as const) {
    if (typeof reply?.[field] !== 'string' || reply[field] === '') {
      throw new KsmError(
        'invalid_reply',
        `The service made something and its reply has no ${field}. Is the service newer or older than this client?`,
      );
    }
  }
  return reply;
}

const applicationPath = (id: string) => `/applications/${encodeURIComponent(id)}`;
const grantPath = (applicationId: string, secretUid: string) =>
  `${applicationPath(applicationId)}/grants/${encodeURIComponent(secretUid)}`;
const clientsPath = (applicationId: string, noun: 'devices' | 'gateways', clientId?: string) =>
  `${applicationPath(applicationId)}/${noun}${clientId === undefined ? '' : `/${encodeURIComponent(clientId)}`}`;
