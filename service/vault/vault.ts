/**
 * The vault port: what the service asks of Keeper, whichever vault it stands
 * on. Drivers live beside it (`embedded/`, later `commander/`), each with the
 * same file names; `test/service/vault/vault-suite.ts` runs against every one.
 *
 * Every method throws `KsmError` with a code of contract/errors.ts. Input is
 * validated before it gets here. Nothing here logs.
 */

import type { Feature } from '../../contract/api';
import type {
  Application,
  ApplicationPart,
  ApplicationSnapshot,
  ClientDevice,
  ClientDeviceCreated,
  DeviceApi,
  Gateway,
  GatewayCreated,
  Grant,
  Page,
  RecordData,
  Secret,
  SecretKind,
  SharedFolder,
  VaultFolder,
  VaultRecord,
} from '../../contract/types';

export interface PageRequest {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface ApplicationVault {
  /** `application_exists` (with `existingId`) when the name is taken, in any letter case as with Commander. */
  create(input: { name: string }): Promise<Application>;
  get(id: string): Promise<Application>;
  /** The application with its parts in one read: what a refresh of all its resources needs. */
  snapshot(id: string, include: ReadonlySet<ApplicationPart>): Promise<ApplicationSnapshot>;
  list(page: PageRequest & { name?: string | undefined }): Promise<Page<Application>>;
  rename(id: string, name: string): Promise<Application>;
  /**
   * `application_not_empty` with the `dependents` while it has grants, live devices or live gateways, unless
   * `force`; lapsed and ended devices never block and go with it.
   */
  remove(id: string, options: { force: boolean }): Promise<void>;
}

export interface GrantVault {
  /**
   * Makes the grant be so and tells what was there: `created`, `updated` or
   * `unchanged`. With `createOnly`, one of another `editable` is `grant_exists`.
   * `secret_not_found`, `not_a_folder`, `not_a_record` (against `kind`).
   */
  put(input: {
    applicationId: string;
    secretUid: string;
    editable: boolean;
    kind?: SecretKind | undefined;
    createOnly: boolean;
  }): Promise<{ grant: Grant; outcome: 'created' | 'updated' | 'unchanged' }>;
  get(applicationId: string, secretUid: string): Promise<Grant>;
  list(applicationId: string): Promise<Grant[]>;
  remove(applicationId: string, secretUid: string): Promise<void>;
}

export interface ClientDeviceVault {
  create(input: {
    applicationId: string;
    name: string;
    ipLock: boolean;
    tokenExpiresInMinutes: number;
    /** Undefined: the access never ends. */
    accessExpiresInMinutes?: number | undefined;
  }): Promise<ClientDeviceCreated>;
  get(applicationId: string, clientId: string): Promise<ClientDevice>;
  list(applicationId: string): Promise<ClientDevice[]>;
  /** Revokes: refused at once from then on. */
  remove(applicationId: string, clientId: string): Promise<void>;
}

export interface GatewayVault {
  create(input: { applicationId: string; name: string; tokenExpiresInMinutes: number }): Promise<GatewayCreated>;
  get(applicationId: string, clientId: string): Promise<Gateway>;
  list(applicationId: string): Promise<Gateway[]>;
  /** `gateway_not_initialized` while the vault cannot rename it. */
  rename(applicationId: string, clientId: string, name: string): Promise<Gateway>;
  remove(applicationId: string, clientId: string): Promise<void>;
}

export interface SecretVault {
  /** Never throws for a UID that the vault does not have: `unknown`. */
  find(uid: string): Promise<Secret>;
  sharedFolders(page: PageRequest & { name?: string | undefined }): Promise<Page<SharedFolder>>;
}

/** Loading folders and records: the embedded vault alone has it (feature `vault.content`). */
export interface VaultContent {
  putFolder(input: {
    uid?: string | undefined;
    name: string;
    parentUid?: string | null | undefined;
  }): Promise<{ folder: VaultFolder; created: boolean }>;
  folders(page: PageRequest): Promise<Page<VaultFolder>>;
  putRecord(input: {
    uid?: string | undefined;
    folderUid?: string | null | undefined;
    data: RecordData;
  }): Promise<{ record: VaultRecord; created: boolean }>;
  records(page: PageRequest): Promise<Page<VaultRecord>>;
}

export interface Vault {
  readonly kind: 'embedded' | 'commander';
  readonly features: readonly Feature[];
  readonly applications: ApplicationVault;
  readonly grants: GrantVault;
  readonly devices: ClientDeviceVault;
  readonly gateways: GatewayVault;
  readonly secrets: SecretVault;
  readonly content?: VaultContent | undefined;
  /** Where devices redeem; null where the vault's own cloud answers them. */
  deviceApi(): DeviceApi | null;
  /** Frees what the driver holds. */
  close(): Promise<void>;
}
