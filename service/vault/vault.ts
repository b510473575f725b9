/**
 * The nouns of the vault port (`port.ts`): what the service asks of Keeper, whichever vault it stands on.
 *
 * Every method throws `KsmError` with a code of contract/errors.ts. Input is validated before it gets here.
 */

import type { Dependent } from '../../contract/errors';
import type {
  Application,
  ApplicationPart,
  ApplicationSnapshot,
  ClientDevice,
  Gateway,
  Grant,
  Initialization,
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

/** A grant as a vault knows it; generations are the service's own. */
export type VaultGrant = Omit<Grant, 'generation' | 'held'>;
export type VaultSnapshot = Omit<ApplicationSnapshot, 'grants'> & { grants?: VaultGrant[] };

export interface ApplicationVault {
  /** `application_exists` (with `existingId`) when the name is taken, in any letter case as with Commander. */
  create(input: { name: string }): Promise<Application>;
  get(id: string): Promise<Application>;
  /** The one that a new application of this name would clash with. */
  holderOf(name: string): Promise<Application | undefined>;
  /** The application with its parts in one read: what a refresh of all its resources needs. */
  snapshot(id: string, include: ReadonlySet<ApplicationPart>): Promise<VaultSnapshot>;
  /** @param page.only patterns of names, in which `*` stands for any text; null: all */
  list(
    page: PageRequest & { name?: string | undefined; only?: readonly string[] | null | undefined },
  ): Promise<Page<Application>>;
  rename(id: string, name: string): Promise<Application>;
  /** What would go with it, `limit` at most, also lapsed and ended devices. Titles of secrets are left out: null. */
  contents(id: string, limit: number): Promise<Dependent[]>;
  /**
   * @throws KsmError `application_not_empty` with the first `dependents` while it has grants, live devices or live
   * gateways; lapsed and ended devices never block
   */
  requireEmpty(id: string): Promise<void>;
  /** As `requireEmpty`, unless `force`; whatever is in it goes with it. */
  remove(id: string, options: { force: boolean }): Promise<void>;
  /** How many grants, devices and gateways are in it, whatever their status; 0 when there is no such application. */
  count(id: string): Promise<number>;
}

/** What was removed of many, with the names that it had. */
export type Removed = readonly { readonly clientId: string; readonly name: string }[];

export interface GrantPut {
  readonly applicationId: string;
  readonly secretUid: string;
  readonly editable: boolean;
  readonly kind?: SecretKind | undefined;
  readonly createOnly: boolean;
}

export interface GrantOutcome {
  readonly grant: VaultGrant;
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly before?: { readonly editable: boolean } | undefined;
}

export interface GrantVault {
  /**
   * Makes the grant be so and tells what was there: `created`, `updated` (with
   * how it was `before`) or `unchanged`. With `createOnly`, one of another `editable` is `grant_exists`.
   * `secret_not_found`, `not_a_folder`, `not_a_record` (against `kind`).
   */
  put(input: GrantPut): Promise<GrantOutcome>;
  get(applicationId: string, secretUid: string): Promise<VaultGrant>;
  list(applicationId: string): Promise<VaultGrant[]>;
  remove(applicationId: string, secretUid: string): Promise<void>;
}

/** The credential as the vault makes it: one of the two, the other null. SECRET. */
export interface Credential {
  readonly initialization: Initialization;
  readonly oneTimeToken: string | null;
  /** Base64 of the configuration JSON. */
  readonly config: string | null;
}
export type IssuedDevice = ClientDevice & Credential;
export type IssuedGateway = Gateway & Credential & { clientId: string };

export interface NewClientDevice {
  readonly applicationId: string;
  readonly name: string;
  readonly ipLock: boolean;
  readonly tokenExpiresInMinutes: number;
  /** @default token */
  readonly initialization?: Initialization | undefined;
  /** Undefined: the access never ends. */
  readonly accessExpiresInMinutes?: number | undefined;
}

export interface NewGateway {
  readonly applicationId: string;
  readonly name: string;
  readonly tokenExpiresInMinutes: number;
  /** @default token */
  readonly initialization?: Initialization | undefined;
}

export interface ClientDeviceVault {
  create(input: NewClientDevice): Promise<IssuedDevice>;
  get(applicationId: string, clientId: string): Promise<ClientDevice>;
  list(applicationId: string): Promise<ClientDevice[]>;
  /** Revokes: refused at once from then on. */
  remove(applicationId: string, clientId: string): Promise<void>;
  /** Revokes at most a thousand at once; ids that it does not have are left out of the answer. */
  removeMany(applicationId: string, clientIds: readonly string[]): Promise<Removed>;
}

export interface GatewayVault {
  create(input: NewGateway): Promise<IssuedGateway>;
  get(applicationId: string, clientId: string): Promise<Gateway>;
  list(applicationId: string): Promise<Gateway[]>;
  /** `gateway_not_initialized` while the vault cannot rename it. */
  rename(applicationId: string, clientId: string, name: string): Promise<Gateway>;
  remove(applicationId: string, clientId: string): Promise<void>;
  /** As of devices. */
  removeMany(applicationId: string, clientIds: readonly string[]): Promise<Removed>;
}

/** A record as a thing that can be granted. */
export type RecordSecret = Secret & { kind: 'record'; name: string };

export interface SecretListRequest extends PageRequest {
  /** Exactly this name. */
  readonly name?: string | undefined;
  /** Only these UIDs; null: all. */
  readonly only?: readonly string[] | null | undefined;
}

/** What can be granted: shared folders and records. */
export interface SecretVault {
  /** What each UID is, in their order; never throws for one that the vault does not have: `unknown`. */
  find(uids: readonly string[]): Promise<Secret[]>;
  /** Shared folders, then records; or the one kind. */
  list(request: SecretListRequest & { kind?: SecretKind | undefined }): Promise<Page<SharedFolder | RecordSecret>>;
}

/** Loading folders and records: the embedded vault alone has it (feature `vault.content`). */
export interface VaultContent {
  putFolder(input: {
    uid?: string | undefined;
    name: string;
    parentUid?: string | null | undefined;
  }): Promise<{ folder: VaultFolder; created: boolean }>;
  folders(page: PageRequest): Promise<Page<VaultFolder>>;
  /**
   * Makes the record, or replaces its content and moves it where `folderUid` says; `erased` are the labels of the fields
   * that lose their value. A dry run changes nothing, and does not look whether there is the folder.
   */
  putRecord(input: {
    uid?: string | undefined;
    folderUid?: string | null | undefined;
    data: RecordData;
    dryRun?: boolean | undefined;
  }): Promise<RecordPut>;
  records(page: PageRequest): Promise<Page<VaultRecord>>;
  /** With its grants. Overwritten, not only unlinked. `secret_not_found`. */
  removeRecord(uid: string): Promise<RemovedContent>;
  /** With its grants, and with everything inside it by `force`. `secret_not_found`, `folder_not_empty`. */
  removeFolder(uid: string, options: { force: boolean }): Promise<RemovedContent>;
}

export interface RecordPut {
  readonly record: VaultRecord;
  readonly created: boolean;
  readonly erased: string[];
  /** Of one that was moved: the folder that it was in; null: in none. */
  readonly movedFrom?: string | null | undefined;
}

/** What was deleted, and what went with it. */
export interface RemovedContent {
  readonly items: readonly { readonly kind: SecretKind; readonly uid: string; readonly name: string }[];
  readonly grants: readonly { readonly id: string; readonly title: string; readonly editable: boolean }[];
}

/** What a name is of. */
export type Named = 'application' | 'client_device' | 'gateway';

/** The nouns of the port, bound to one call. */
export interface VaultNouns {
  /** Refuses a name that this vault cannot carry, before anything is asked of it. @throws KsmError `unsupported_by_vault` */
  requireName(of: Named, name: string): void;
  readonly applications: ApplicationVault;
  readonly grants: GrantVault;
  readonly devices: ClientDeviceVault;
  readonly gateways: GatewayVault;
  readonly secrets: SecretVault;
  readonly content?: VaultContent | undefined;
}
