/**
 * Tables of the embedded vault. `Sealed` columns are AES-256-GCM under the
 * master key (sealing.ts); `Wrapped` ones are under a key of Keeper's own
 * hierarchy, in the form that devices get them.
 */

import type { Generated, SqlBool } from 'kysely';

export type Sealed = Buffer;
export type Wrapped = Buffer;
/** Milliseconds since 1970. */
export type Time = number;

export interface VaultTables {
  settings: SettingTable;
  vault_keys: VaultKeyTable;
  applications: ApplicationTable;
  folders: FolderTable;
  records: RecordTable;
  grants: GrantTable;
  client_devices: ClientDeviceTable;
}

/** Single values, as bytes of UTF-8; of the master key's check, sealed. */
export interface SettingTable {
  name:
    | 'vault_kind'
    | 'master_key_check'
    | 'vault_id'
    | 'admin_token'
    | 'last_alive'
    | 'audit_names_sealed'
    | 'advertised_address';
  value: Sealed | Uint8Array;
}

/** The vault's P-256 key pairs: `server` takes transmission keys, `owner` is the applications' owner. */
export interface VaultKeyTable {
  name: 'server' | 'owner';
  /** What devices send as `PublicKeyId`. */
  key_id: number;
  /** 65 bytes, uncompressed. */
  public_key: Buffer;
  private_key: Sealed;
}

export interface ApplicationTable {
  position: Generated<number>;
  uid: string;
  name: string;
  /** The name without regard to letter case: unique. */
  name_key: string;
  app_key: Sealed;
  /** `{"title","type"}` under the application key. */
  app_data: Wrapped;
  created_at: Time;
}

/** A shared folder (`parent_uid` null, its own `shared_folder_uid`) or a folder inside one. */
export interface FolderTable {
  position: Generated<number>;
  uid: string;
  parent_uid: string | null;
  shared_folder_uid: string;
  folder_key: Sealed;
  /** `{"name"}` under the folder key. */
  folder_data: Wrapped;
  sealed_name: Sealed;
  /** Keyed hash of the exact name. Null only until the vault has opened once after the migration that added it. */
  name_hash: Buffer;
}

export interface RecordTable {
  position: Generated<number>;
  uid: string;
  folder_uid: string | null;
  shared_folder_uid: string | null;
  /** Under the shared folder's key; sealed with the master key when the record is in no folder. */
  record_key: Wrapped | Sealed;
  /** The record's JSON under the record key. */
  record_data: Wrapped;
  /** The title once more, so that lists open no contents. */
  sealed_name: Sealed;
  /** As of a folder. */
  name_hash: Buffer;
  revision: number;
}

export interface GrantTable {
  position: Generated<number>;
  application_uid: string;
  secret_uid: string;
  kind: 'folder' | 'record';
  editable: SqlBool;
  /** The folder's or record's key under the application key. */
  secret_key: Wrapped;
  created_at: Time;
}

/** Client devices and gateways: to the device API a gateway is a device. */
export interface ClientDeviceTable {
  position: Generated<number>;
  /** 64 bytes in base64url without padding. */
  client_id: string;
  application_uid: string;
  kind: 'device' | 'gateway';
  name: string;
  ip_lock: SqlBool;
  initialization: 'token' | 'config';
  /** The application key under the client key, which the service does not know. */
  encrypted_app_key: Wrapped;
  created_at: Time;
  /** Of a configuration the time of its creation: its token was spent at once. */
  token_expires_at: Time;
  access_expires_at: Time | null;
  /** Given when it binds, or made with a configuration: 65 bytes, uncompressed. */
  public_key: Buffer | null;
  ip_address: string | null;
  /** When it bound; of a configuration, when it was first used. */
  first_access_at: Time | null;
  last_access_at: Time | null;
  gateway_uid: string | null;
}
