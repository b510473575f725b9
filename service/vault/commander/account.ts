/**
 * What the account has, as Commander tells it, read once for all that ask: for a run as long as it lasts (5 minutes at
 * most), for others for 10 s. What we change ourselves is read again.
 */

import { isKsmError, KsmError } from '../../../contract/errors';
import type { Clock } from '../../world/clock';
import type { Call } from '../call';
import { applicationNotFound } from '../not-found';
import type { CommanderClient } from './client';
import { complaint, type Reply, SYNCED, says } from './reply';
import type { ClientNotes } from './tables';
import { commandText, isCommandersOwn } from './text';
import { timeOf } from './time';
import { unavailable } from './unavailable';

export interface ListedApplication {
  readonly uid: string;
  readonly name: string;
}

export interface AppDevice {
  readonly clientId: string;
  readonly name: string;
  readonly createdAt: number;
  readonly firstAccessAt: number | null;
  readonly lastAccessAt: number | null;
  readonly accessExpiresAt: number | null;
  readonly ipLock: boolean;
  readonly ipAddress: string | null;
}

export interface AppShare {
  readonly uid: string;
  readonly kind: 'folder' | 'record';
  /** Null where the secret is not in this account's vault. */
  readonly title: string | null;
  readonly editable: boolean;
}

export interface AppInfo {
  readonly uid: string;
  readonly name: string;
  /** Beside the one that Commander is logged in as. */
  readonly otherUsers: number;
  readonly devices: readonly AppDevice[];
  readonly shares: readonly AppShare[];
}

export interface ListedGateway {
  readonly uid: string;
  readonly name: string;
  readonly applicationId: string;
  readonly createdAt: number | null;
  readonly online: boolean;
}

export interface ListedSecret {
  readonly uid: string;
  readonly kind: 'folder' | 'record';
  readonly folderKind: 'classic' | 'nested' | null;
  readonly name: string;
}

const KEEP_MS = 10_000;
const KEEP_FOR_RUN_MS = 300_000;

/** So much before or after we had it made Commander's host may say that a device was made. */
const EARLIER_MS = 2 * 60_000;
/** Its command may have waited in the queue before it made the device; zones are a quarter of an hour apart at least. */
const LATER_MS = 13 * 60_000;

const FOLDER_KINDS: Readonly<Record<string, 'classic' | 'nested'>> = {
  classic_folder: 'classic',
  nested_share_folder: 'nested',
};

export type Account = ReturnType<typeof createAccount>;

export function createAccount(options: {
  client: CommanderClient;
  clock: Clock;
  timeZone: string;
  notes: Pick<ClientNotes, 'allMade'>;
}) {
  const { client, clock, timeZone, notes } = options;
  let isAnother = false;
  let timesAreOff = false;
  const permitted = new Map<string, Promise<boolean>>();
  const known = new Map<string, { readonly value: Promise<unknown>; readonly at: number; readonly runId?: string }>();

  function once<T>({ runId }: Call, key: string, read: () => Promise<T>): Promise<T> {
    const now = clock.monotonic();
    const entry = known.get(key);
    const keep = runId !== undefined && entry?.runId === runId ? KEEP_FOR_RUN_MS : KEEP_MS;
    if (entry && now - entry.at < keep) return entry.value as Promise<T>;
    const value = read();
    known.set(key, { value, at: now, ...(runId !== undefined && { runId }) });
    // A failure is nobody's knowledge.
    value.catch(() => {
      if (known.get(key)?.value === value) known.delete(key);
    });
    return value;
  }

  /** Commander's own copy of the vault is old until it is told. */
  const synced = (call: Call): Promise<void> =>
    once(call, 'sync', async () => {
      const reply = await client.look(call, 'sync-down');
      if (!says(reply, SYNCED)) throw notUnderstood('sync-down', reply);
    });

  async function applications(call: Call): Promise<readonly ListedApplication[]> {
    await synced(call);
    return once(call, 'applications', async () => {
      const reply = await client.look(call, 'secrets-manager app list --format=json');
      const none = isObject(reply.data) && Array.isArray(reply.data.applications);
      const all = none
        ? []
        : rows(reply, 'app list').map((row) => ({ uid: text(row, 'app_uid'), name: text(row, 'app_name') }));
      await requireSame(all);
      return all.filter(({ name }) => !isCommandersOwn(name));
    });
  }

  /** @throws KsmError `vault_changed` where none is left of all that were made: that is another account, not "all gone" */
  async function requireSame(all: readonly ListedApplication[]): Promise<void> {
    const made = await notes.allMade();
    isAnother = made.size > 0 && !all.some(({ uid }) => made.has(uid));
    if (isAnother) throw another();
  }

  /** What a command takes for the application: a UID with a dash first is one that it would take for an option. */
  async function addressOf(call: Call, id: string): Promise<string> {
    if (!id.startsWith('-')) return id;
    const all = await applications(call);
    const found = all.find(({ uid }) => uid === id);
    if (!found) throw applicationNotFound(id);
    if (all.filter(({ name }) => name === found.name).length > 1) {
      throw new KsmError(
        'unsupported_by_vault',
        `The UID of the application ${id} begins with a dash, so Keeper Commander addresses it by its title, and another one is called "${found.name}" too. Rename one of them in Keeper.`,
      );
    }
    return found.name;
  }

  async function info(call: Call, id: string): Promise<AppInfo> {
    await synced(call);
    return once(call, `application ${id}`, async () => {
      const address = await addressOf(call, id);
      const reply = await client.look(call, commandText('secrets-manager app get', address, { format: 'json' }));
      if (/not found|No Secrets Manager Applications returned/.test(complaint(reply))) {
        // Gone, or the whole account is another.
        if ((await notes.allMade()).has(id)) await applications(call);
        throw applicationNotFound(id);
      }
      const { data } = reply;
      if (!isObject(data) || data.app_uid !== id) throw notUnderstood('app get', reply);
      if (isCommandersOwn(text(data, 'app_name'))) throw applicationNotFound(id);
      return {
        uid: id,
        name: text(data, 'app_name'),
        otherUsers: Math.max(0, list(data.users).length - 1),
        devices: list(data.client_devices).map((row) => ({
          clientId: text(row, 'client_id'),
          name: text(row, 'device_name'),
          createdAt: timeOf(row.created_on, timeZone) ?? 0,
          firstAccessAt: timeOf(row.first_access, timeZone),
          lastAccessAt: timeOf(row.last_access, timeZone),
          accessExpiresAt: timeOf(row.expires_on, timeZone),
          ipLock: row.ip_lock_enabled === true,
          ipAddress: typeof row.ip_address === 'string' ? row.ip_address : null,
        })),
        shares: list(data.shares).map((row) => {
          const [type, uid, title] = [text(row, 'type'), text(row, 'uid'), text(row, 'title')];
          return {
            uid,
            kind: type.endsWith('FOLDER') ? ('folder' as const) : ('record' as const),
            title: title === uid ? null : title,
            editable: row.editable === true,
          };
        }),
      };
    });
  }

  /** @throws KsmError `vault_unavailable` while Keeper's router is down: then nobody knows of them */
  const gateways = (call: Call): Promise<readonly ListedGateway[]> =>
    once(call, 'gateways', async () => {
      const reply = await client.look(call, 'pam gateway list --format=json --verbose');
      if (!isObject(reply.data)) throw notUnderstood('pam gateway list', reply);
      return list(reply.data.gateways).map((row) => ({
        uid: text(row, 'gateway_uid'),
        name: text(row, 'gateway_name'),
        applicationId: text(row, 'ksm_app_uid'),
        createdAt: timeOf(row.created_on, timeZone),
        online: String(row.status).startsWith('ONLINE'),
      }));
    });

  /** Whether the word is on the allow-list: asked once, since only a restart of Commander changes it. */
  const allows = (call: Call, word: string): Promise<boolean> => {
    const known = permitted.get(word) ?? client.allows(call, word);
    permitted.set(word, known);
    known.catch(() => permitted.delete(word));
    return known;
  };

  /** What lists there are; on an install made for Terraform none tells folders. */
  const listed = async (call: Call, word: string, text: string) =>
    (await allows(call, word)) ? rows(await client.look(call, text), word) : [];

  const nestedFolders = (call: Call) =>
    once(call, 'nested folders', () => listed(call, 'nsf-list', 'nsf-list --folders --format=json'));

  /** The folders that a nested one is in, the nearest first. */
  async function parentsOf(call: Call, uid: string): Promise<string[]> {
    const parents = new Map((await nestedFolders(call)).map((row) => [row.UID, row['Parent/Folder']]));
    const found: string[] = [];
    for (
      let at = parents.get(uid);
      typeof at === 'string' && parents.has(at) && !found.includes(at);
      at = parents.get(at)
    ) {
      found.push(at);
    }
    return found;
  }

  /** Shared folders of both kinds, then records. */
  async function secrets(call: Call): Promise<readonly ListedSecret[]> {
    await synced(call);
    return once(call, 'secrets', async () => {
      const classic = await listed(call, 'list-sf', 'list-sf --format=json');
      const nested = await nestedFolders(call);
      const records = await listed(call, 'list', 'list --format=json');
      return [
        ...classic.map((row) => ({
          uid: text(row, 'shared_folder_uid'),
          kind: 'folder' as const,
          folderKind: 'classic' as const,
          name: text(row, 'name'),
        })),
        ...nested.map((row) => ({
          uid: text(row, 'UID'),
          kind: 'folder' as const,
          folderKind: 'nested' as const,
          name: text(row, 'Title'),
        })),
        ...records
          .filter((row) => row.type !== 'app')
          .map((row) => ({
            uid: text(row, 'record_uid'),
            kind: 'record' as const,
            folderKind: null,
            name: text(row, 'title'),
          })),
      ];
    });
  }

  /** The words without which folders are not listed. */
  async function unlisted(call: Call): Promise<string[]> {
    const words = ['list-sf', 'nsf-list'];
    const allowed = await Promise.all(words.map((word) => allows(call, word)));
    return words.filter((_word, index) => !allowed[index]);
  }

  /**
   * One by its UID. Where folders are not listed it is asked for by itself: never with a dash first, which Commander would
   * take for an option, and never one that is a record, whose passwords the reply would have.
   */
  async function secret(call: Call, uid: string): Promise<ListedSecret | undefined> {
    const known = (await secrets(call)).find((one) => one.uid === uid);
    if (known || (await unlisted(call)).length === 0) return known;
    if (uid.startsWith('-') || !(await allows(call, 'get')) || !(await allows(call, 'list'))) return undefined;
    return once(call, `folder ${uid}`, async () => {
      const { data } = await client.look(call, commandText('get', uid, { format: 'json' }));
      if (!isObject(data) || data.folder_uid !== uid || typeof data.name !== 'string') return undefined;
      const folderKind = FOLDER_KINDS[String(data.type)];
      return folderKind && { uid, kind: 'folder' as const, folderKind, name: data.name };
    });
  }

  return {
    /** @throws KsmError `vault_changed` as long as the account was last seen to be another */
    requireSame(): void {
      if (isAnother) throw another();
    },
    /** When Commander's host says that the newest device of ours was made, held against when we had it made. */
    compareTimes({ told, noted }: { readonly told: number; readonly noted: number }): void {
      timesAreOff = told < noted - EARLIER_MS || told > noted + LATER_MS;
    },
    /** What Commander's host tells are not the times that they seem to be. */
    timesAreOff: () => timesAreOff,
    /** @throws KsmError `vault_unavailable` */
    requireTimes(): void {
      if (timesAreOff) {
        throw unavailable(
          `The times that Keeper Commander tells are not those at which things were done, read in the time zone ${timeZone}. Start the service with --commander-time-zone and the zone of Commander's host, or mend the clock of one of the two`,
        );
      }
    },
    synced,
    applications,
    addressOf,
    info,
    gateways,
    secrets,
    secret,
    parentsOf,
    unlisted,
    /** Undefined: there is no such application. */
    async find(call: Call, id: string): Promise<AppInfo | undefined> {
      try {
        return await info(call, id);
      } catch (error) {
        if (isKsmError(error, 'application_not_found')) return undefined;
        throw error;
      }
    },
    /** Something of it was changed. */
    changed: (
      ...what: ('sync' | 'applications' | 'gateways' | 'secrets' | `${'application' | 'folder'} ${string}`)[]
    ): void => {
      for (const key of what) known.delete(key);
    },
  };
}

const another = () =>
  new KsmError(
    'vault_changed',
    'Of all applications that this service has made in Keeper none is there any more: the account behind Keeper Commander is another one. Log in to the account of before. If they were all deleted on purpose, start the service once with --vault-id and the id that it has.',
  );

type Row = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

const list = (value: unknown): Row[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Rows of a list; where there are none, Commander says so in a sentence. */
function rows(reply: Reply, what: string): Row[] {
  if (Array.isArray(reply.data)) return list(reply.data);
  const sentence = [...reply.message, isObject(reply.data) ? String(reply.data.message ?? '') : ''].join(' ');
  if (reply.status === 200 && /\bNo\b.* (found|list)|^No /.test(sentence)) return [];
  throw notUnderstood(what, reply);
}

function text(row: Row, name: string): string {
  const value = row[name];
  if (typeof value !== 'string') throw unavailable(`Keeper Commander left "${name}" out of its reply`);
  return value;
}

/** Its words are not repeated: a reply may carry what must not be known. Only those of a failure are Keeper's own. */
export function notUnderstood(what: string, { status, error }: Reply): KsmError {
  const words = status >= 400 && error ? `: ${error.slice(0, 200)}` : '';
  return unavailable(`Keeper Commander answered "${what}" with what cannot be understood (status ${status}${words})`);
}
