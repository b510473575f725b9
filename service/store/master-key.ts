import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ENV } from '../../contract/api';
import { randomBytes } from '../world/random';
import type { Database } from './database';
import { SealError, seal, unseal } from './sealing';
import { StoreError } from './store-error';

const KEY_BYTES = 32;
const CHECK = { table: 'settings', column: 'value', id: 'master_key_check' } as const;

/** Where sealed bytes are stored: bytes moved to another row do not open. */
export interface Place {
  readonly table: string;
  readonly column: string;
  readonly id: string;
}

/** Seals what the database must not hold in clear. The key itself never leaves it, not even for a debugger's print. */
export class MasterKey {
  readonly #key: KeyObject;

  constructor(key: Buffer) {
    this.#key = createSecretKey(key);
  }

  seal(text: Uint8Array, place: Place): Buffer {
    return seal(this.#key, text, context(place));
  }

  /** @throws SealError for another key, another place or changed bytes */
  unseal(sealed: Uint8Array, place: Place): Buffer {
    return unseal(this.#key, sealed, context(place));
  }

  /** A hash that nobody can compute, or guess its text from, without the master key: for finding equal texts. */
  hash(text: string, purpose: string): Buffer {
    const key = Buffer.from(hkdfSync('sha256', this.#key, '', `ksm-iac hash ${purpose}`, KEY_BYTES));
    return createHmac('sha256', key).update(text).digest();
  }
}

function context({ table, column, id }: Place): Buffer {
  return Buffer.from(`${table}/${column}/${id}`);
}

/**
 * The master key of a database: the text of `KSM_IAC_MASTER_KEY` (base64 of
 * 32 bytes), else the file, which the first start makes with mode 0600.
 *
 * @param options.fixed the file was named by somebody who keeps it elsewhere: none is made there
 * @throws StoreError `master_key_invalid`, `master_key_missing`, `master_key_wrong`, `master_key_unavailable`
 */
export async function openMasterKey(options: {
  database: Database;
  file: string;
  environment?: string | undefined;
  fixed?: boolean | undefined;
}): Promise<MasterKey> {
  const { database, file, environment, fixed = false } = options;
  const check = await database.db
    .selectFrom('settings')
    .select('value')
    .where('name', '=', CHECK.id)
    .executeTakeFirst();
  const key = new MasterKey(
    environment ? fromText(environment) : fromFile(file, { mayCreate: !check && !fixed, mayBeNew: !check }),
  );
  if (!check) {
    await database.db
      .insertInto('settings')
      .values({ name: CHECK.id, value: key.seal(Buffer.from(CHECK.id), CHECK) })
      .execute();
    return key;
  }
  try {
    key.unseal(check.value, CHECK);
    return key;
  } catch (error) {
    if (!(error instanceof SealError)) {
      throw error;
    }
    const source = environment ? `in ${ENV.masterKey}` : `in ${file}`;
    throw new StoreError(
      'master_key_wrong',
      `The master key ${source} is not the one that this database was made with. Nothing was changed. Give the key that belongs to it, by ${ENV.masterKey} or as ${file}.`,
    );
  }
}

/**
 * The master key alone, where there must be one; nothing is made.
 *
 * @throws StoreError `master_key_invalid`, `master_key_missing`, `master_key_unavailable`
 */
export function readMasterKey({ file, environment }: { file: string; environment?: string | undefined }): MasterKey {
  return new MasterKey(environment ? fromText(environment) : fromFile(file));
}

/** Whether a database was made with this key; one that says nothing of its key was made with none that is known. */
export async function isKeyOf({ db }: Pick<Database, 'db'>, key: MasterKey): Promise<boolean> {
  const check = await db.selectFrom('settings').select('value').where('name', '=', CHECK.id).executeTakeFirst();
  try {
    return check !== undefined && key.unseal(check.value, CHECK).toString() === CHECK.id;
  } catch (error) {
    if (error instanceof SealError) return false;
    throw error;
  }
}

function fromText(text: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== KEY_BYTES) {
    throw new StoreError(
      'master_key_invalid',
      `${ENV.masterKey} holds ${key.length} bytes where the base64 of ${KEY_BYTES} is expected. Make one with: openssl rand -base64 ${KEY_BYTES}`,
    );
  }
  return key;
}

function fromFile(file: string, { mayCreate = false, mayBeNew = false } = {}): Buffer {
  const key = readKey(file);
  if (key) {
    return key;
  }
  if (!mayCreate) {
    throw new StoreError(
      'master_key_missing',
      mayBeNew
        ? `The master key ${file} is missing. Make one of ${KEY_BYTES} random bytes that the user of the service alone may read, for instance by: openssl rand -out '${file}' ${KEY_BYTES}`
        : `The master key ${file} is missing, and the database was made with one. Nothing was changed. Put the file back, or give the key by ${ENV.masterKey}; without it what the database holds cannot be read.`,
    );
  }
  attempt(file, 'made', () => createKey(file));
  return readKey(file)!;
}

function attempt<T>(file: string, what: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw new StoreError(
      'master_key_unavailable',
      `The master key ${file} cannot be ${what}: ${(error as Error).message}. Check that its folder and file belong to this user and that the disk is not full, or give the key by ${ENV.masterKey}.`,
      { cause: error },
    );
  }
}

function readKey(file: string): Buffer | undefined {
  const status = attempt(file, 'read', () => statSync(file, { throwIfNoEntry: false }));
  if (!status) {
    return undefined;
  }
  if ((status.mode & 0o077) !== 0 && !isCredential(file)) {
    throw new StoreError(
      'master_key_invalid',
      `Others than its owner may read the master key ${file}. Run: chmod 600 '${file}'`,
    );
  }
  const key = attempt(file, 'read', () => readFileSync(file));
  if (key.length !== KEY_BYTES) {
    throw new StoreError(
      'master_key_invalid',
      `The master key ${file} has ${key.length} bytes where ${KEY_BYTES} are expected. Put the right file back, or give the key by ${ENV.masterKey}.`,
    );
  }
  return key;
}

/** systemd shows a service its credentials in a folder that nobody else can enter; an access list makes their mode look wider. */
function isCredential(file: string): boolean {
  const folder = process.env.CREDENTIALS_DIRECTORY;
  return folder !== undefined && dirname(resolve(file)) === resolve(folder);
}

/** The file appears complete or not at all, also when the machine stops in between, and never replaces another. */
function createKey(file: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeSync(descriptor, randomBytes(KEY_BYTES));
    fsyncSync(descriptor);
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
  } finally {
    closeSync(descriptor);
    rmSync(draft);
  }
  const folder = openSync(dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
}
