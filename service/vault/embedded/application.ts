import type { Application, ApplicationPart } from '../../../contract/types';
import { randomId } from '../../world/random-id';
import { pageOf, positionOf } from '../page';
import { applicationExists, applicationNotEmpty } from '../refused';
import type { ApplicationVault, VaultSnapshot } from '../vault';
import { applicationContents } from './application-contents';
import { type ApplicationRow, applicationKey, applicationKeyPlace, requireApplication } from './application-row';
import { listClientDevices } from './client-device';
import type { Context } from './context';
import { encrypt, newKey } from './crypto';
import { findDependents } from './dependent';
import { listGateways } from './gateway';
import { listGrants } from './grant';

export function applicationVault(context: Context): ApplicationVault {
  const { database, masterKey, clock } = context;
  return {
    create: ({ name }) =>
      database.transaction(async () => {
        await requireFreeName(context, name);
        const uid = randomId();
        const key = newKey();
        const created_at = clock.now();
        await database.db
          .insertInto('applications')
          .values({
            uid,
            name,
            name_key: nameKey(name),
            app_key: masterKey.seal(key, applicationKeyPlace(uid)),
            app_data: appData(key, name),
            created_at,
          })
          .execute();
        return toApplication({ uid, name, created_at });
      }),

    get: async (id) => toApplication(await requireApplication(context, id)),

    async holderOf(name) {
      const row = await findHolder(context, name);
      return row && toApplication(row);
    },

    async snapshot(id, include) {
      const snapshot: VaultSnapshot = toApplication(await requireApplication(context, id));
      const has = (part: ApplicationPart) => include.has(part);
      if (has('grants')) {
        snapshot.grants = await listGrants(context, id);
      }
      if (has('devices')) {
        snapshot.devices = await listClientDevices(context, id);
      }
      if (has('gateways')) {
        snapshot.gateways = await listGateways(context, id);
      }
      return snapshot;
    },

    async list(request) {
      const rows = await database.db
        .selectFrom('applications')
        .select(['position', 'uid', 'name', 'created_at'])
        .where('position', '>', positionOf(request, 0))
        .$if(request.name !== undefined, (query) => query.where('name', '=', request.name!))
        .$if(request.only != null, (query) =>
          query.where(({ or }) => or(request.only!.map((pattern) => database.matches('name', pattern)))),
        )
        .orderBy('position')
        .limit(request.limit + 1)
        .execute();
      return pageOf(rows, request, toApplication);
    },

    rename: (id, name) =>
      database.transaction(async () => {
        const key = await applicationKey(context, id);
        await requireFreeName(context, name, id);
        await database.db
          .updateTable('applications')
          .set({ name, name_key: nameKey(name), app_data: appData(key, name) })
          .where('uid', '=', id)
          .execute();
        return toApplication(await requireApplication(context, id));
      }),

    contents: (id, limit) => applicationContents(context, id, limit),

    requireEmpty: (id) => requireEmpty(context, id),

    remove: (id, { force }) =>
      database.transaction(async () => {
        await (force ? requireApplication(context, id) : requireEmpty(context, id));
        await database.db.deleteFrom('applications').where('uid', '=', id).execute();
      }),

    async count(id) {
      const rows = await Promise.all(
        (['grants', 'client_devices'] as const).map((table) =>
          database.db
            .selectFrom(table)
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .where('application_uid', '=', id)
            .executeTakeFirstOrThrow(),
        ),
      );
      return rows.reduce((sum, { count }) => sum + Number(count), 0);
    },
  };
}

async function requireEmpty(context: Context, id: string): Promise<void> {
  const { name } = await requireApplication(context, id);
  const { first, counts } = await findDependents(context, id);
  if (first.length === 0) return;
  throw applicationNotEmpty({ id, name }, counts, first);
}

/** As Commander compares names: without regard to letter case. */
export const nameKey = (name: string) => name.toLowerCase();

/** What devices are told about their application. */
const appData = (key: Buffer, name: string) => encrypt(key, Buffer.from(JSON.stringify({ title: name, type: 'app' })));

const findHolder = ({ database }: Context, name: string) =>
  database.db
    .selectFrom('applications')
    .select(['uid', 'name', 'created_at'])
    .where('name_key', '=', nameKey(name))
    .executeTakeFirst();

async function requireFreeName(context: Context, name: string, except?: string): Promise<void> {
  const taken = await findHolder(context, name);
  if (taken && taken.uid !== except) {
    throw applicationExists({ id: taken.uid, name: taken.name }, name);
  }
}

function toApplication({ uid, name, created_at }: ApplicationRow): Application {
  return { id: uid, name, createdAt: new Date(created_at).toISOString() };
}
