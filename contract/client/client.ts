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
  AuditEvent,
  ClientDevice,
  ClientDeviceCreate,
  ClientDeviceCreated,
  DeviceApi,
  Gateway,
  GatewayCreate,
  GatewayCreated,
  GatewayUpdate,
  Grant,
  GrantPut,
  Info,
  Orphan,
  OrphanRevoke,
  OrphansRevoked,
  Page,
  Run,
  RunSettled,
  RunSummary,
  Secret,
  SharedFolder,
  VaultFolder,
  VaultFolderCreate,
  VaultRecord,
  VaultRecordCreate,
  VaultRecordPut,
} from '../types';
import type { CallOptions, ClientOptions, Exchange } from './exchange';
import { Transport } from './transport';

/** The service's `/v1` as methods. Every one rejects with `KsmError`; `*_not_found` codes say what is missing. */
export class KsmClient {
  constructor(
    private readonly options: ClientOptions,
    private readonly transport: Transport = new Transport(options),
  ) {}

  /** The same client for one operation: its calls share a deadline, and end by its signal. */
  during(call: CallOptions): KsmClient {
    return new KsmClient(this.options, this.transport.during(call));
  }

  info(): Promise<Info> {
    return this.transport.send({ method: 'GET', path: '/info' });
  }
  /** What devices need beside a token; public. `unsupported_by_vault` where Keeper's own cloud answers devices. */
  deviceApi(): Promise<DeviceApi> {
    return this.transport.send({ method: 'GET', path: '/device-api' });
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
  /** All of them, or those of exactly this name. */
  listApplications(filter: { name?: string } = {}): Promise<Application[]> {
    return this.listAll('/applications', filter);
  }
  updateApplication(id: string, body: ApplicationUpdate): Promise<Application> {
    return this.transport.send({ method: 'PATCH', path: applicationPath(id), body });
  }
  deleteApplication(id: string, options: { force: boolean }): Promise<void> {
    const query = options.force ? { force: true } : {};
    return this.transport.send({ method: 'DELETE', path: applicationPath(id), query });
  }

  async listGrants(applicationId: string): Promise<Grant[]> {
    const path = `${applicationPath(applicationId)}/grants`;
    return (await this.transport.send<Page<Grant>>({ method: 'GET', path })).items;
  }
  /** With `createOnly`, a grant of another `editable` is `grant_exists`; one of the same is adopted, and its generation is new. */
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
  /** With a `generation` it deletes that one alone: `grant_taken_over` if another declaration has taken the grant over. */
  deleteGrant(applicationId: string, secretUid: string, generation: string | null = null): Promise<void> {
    const headers = generation === null ? undefined : { 'if-match': `"${generation}"` };
    return this.transport.send({ method: 'DELETE', path: grantPath(applicationId, secretUid), headers });
  }

  async createDevice(applicationId: string, body: ClientDeviceCreate): Promise<ClientDeviceCreated> {
    const path = clientsPath(applicationId, 'devices');
    return issued(await this.transport.send<ClientDeviceCreated>({ method: 'POST', path, body, idempotent: true }));
  }
  async listDevices(applicationId: string): Promise<ClientDevice[]> {
    const path = clientsPath(applicationId, 'devices');
    return (await this.transport.send<Page<ClientDevice>>({ method: 'GET', path })).items;
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
  async listGateways(applicationId: string): Promise<Gateway[]> {
    const path = clientsPath(applicationId, 'gateways');
    return (await this.transport.send<Page<Gateway>>({ method: 'GET', path })).items;
  }
  /** A gateway by its client id, or by its gateway UID. */
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
  /** What each of the UIDs is, in their order; at most 100. */
  async findSecrets(uids: readonly string[]): Promise<Secret[]> {
    const query = { uid: uids };
    return (await this.transport.send<Page<Secret>>({ method: 'GET', path: '/secrets', query })).items;
  }
  /** Folders and records, all of them or of exactly this name. */
  listSecrets(filter: { name?: string; kind?: 'folder' | 'record' } = {}): Promise<Secret[]> {
    return this.listAll('/secrets', filter);
  }
  listSharedFolders(filter: { name?: string } = {}): Promise<SharedFolder[]> {
    return this.listAll('/shared-folders', filter);
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
  createVaultRecord(body: VaultRecordCreate): Promise<VaultRecordPut> {
    return this.transport.send({ method: 'POST', path: '/vault/records', body, idempotent: true });
  }

  /** Embedded vault only. With `force`, what is in the folder goes with it. */
  deleteVaultFolder(uid: string, options: { force: boolean } = { force: false }): Promise<void> {
    const query = options.force ? { force: true } : {};
    return this.transport.send({ method: 'DELETE', path: `/vault/folders/${encodeURIComponent(uid)}`, query });
  }
  /** Embedded vault only. */
  deleteVaultRecord(uid: string): Promise<void> {
    return this.transport.send({ method: 'DELETE', path: `/vault/records/${encodeURIComponent(uid)}` });
  }

  /** Newest first; at most `limit` of them. */
  async listAuditEvents(
    filter: { target?: string; principal?: string; action?: string; limit?: number } = {},
  ): Promise<AuditEvent[]> {
    const { limit = 100, ...query } = filter;
    const path = '/audit-events';
    return (await this.transport.send<Page<AuditEvent>>({ method: 'GET', path, query: { ...query, limit } })).items;
  }

  listRuns(filter: { state?: 'active' | 'settled' | 'lapsed' } = {}): Promise<RunSummary[]> {
    return this.listAll('/runs', filter);
  }
  listOrphans(filter: { applicationId?: string; state?: 'unsure' | 'unclaimed' } = {}): Promise<Orphan[]> {
    return this.listAll('/orphans', filter);
  }
  /** Ends the unsure, all of them or by their ids; the unclaimed by their ids alone. */
  revokeOrphans(body: OrphanRevoke): Promise<OrphansRevoked> {
    return this.transport.send({ method: 'POST', path: '/orphans/revoke', body });
  }

  /** Renews the lease of `runId` and tells what Terraform holds. */
  renewRun(held: readonly string[]): Promise<Run> {
    return this.transport.send({ method: 'PUT', path: this.runPath(), body: { held } });
  }
  /**
   * Ends `runId`: what it made and does not hold is revoked. Gives up in time for go-plugin's end of patience.
   *
   * @param options.lost Terraform went away: what is held here may not have been saved, and becomes unsure
   */
  settleRun(held: readonly string[], options: { lost: boolean } = { lost: false }): Promise<RunSettled> {
    return this.transport.send({
      method: 'POST',
      path: `${this.runPath()}/settle`,
      body: { held, lost: options.lost },
      operationTimeoutMs: SETTLE_TIMEOUT_MS,
    });
  }

  private runPath(): string {
    if (!this.options.runId) throw new TypeError('KsmClient: runs need options.runId');
    return `/runs/${encodeURIComponent(this.options.runId)}`;
  }

  private async listAll<T>(path: string, filter: Exchange['query'] = {}): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | undefined;
    do {
      const page: Page<T> = await this.transport.send({
        method: 'GET',
        path,
        query: { ...filter, cursor, limit: 1000 },
      });
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    return items;
  }
}

/** Whoever trusts a reply without its token or id would store a device that nobody can ever redeem or find. */
function issued<T extends ClientDeviceCreated | GatewayCreated>(reply: T): T {
  const credentials = ['oneTimeToken', 'config', 'sealedOneTimeToken', 'sealedConfig'] as const;
  const has = (field: 'id' | 'clientId' | (typeof credentials)[number]) =>
    typeof reply?.[field] === 'string' && reply[field] !== '';
  const missing = (['id', 'clientId'] as const).find((field) => !has(field));
  if (missing || !credentials.some(has)) {
    throw new KsmError(
      'invalid_reply',
      `The service made something and its reply has no ${missing ?? 'credential'}. Is the service newer or older than this client?`,
    );
  }
  return reply;
}

const applicationPath = (id: string) => `/applications/${encodeURIComponent(id)}`;
const grantPath = (applicationId: string, secretUid: string) =>
  `${applicationPath(applicationId)}/grants/${encodeURIComponent(secretUid)}`;
const clientsPath = (applicationId: string, noun: 'devices' | 'gateways', clientId?: string) =>
  `${applicationPath(applicationId)}/${noun}${clientId === undefined ? '' : `/${encodeURIComponent(clientId)}`}`;
