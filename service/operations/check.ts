/**
 * What must hold between a vault and what the service notes of it: run items and generations are of things that there
 * are, and each thing has the audit events that tell how it came to be. It reads, and changes nothing.
 */

import type { Snapshot } from '../store/database';
import type { MasterKey } from '../store/master-key';
import type { Check, Items } from '../vault/check';
import { sealedNamePlace } from './audit-trail';

interface Parts {
  readonly snapshot: Pick<Snapshot, 'db'>;
  readonly masterKey: MasterKey;
  readonly check: Check;
  /** Undefined: they are in a vault elsewhere, and only what is here can be held against itself. */
  readonly items: Items | undefined;
}

const NOTHING: Items = {
  applications: new Set(),
  grants: new Set(),
  clients: new Map(),
  folders: new Set(),
  records: new Set(),
};

export async function checkNotes(parts: Parts): Promise<void> {
  await checkPrincipals(parts);
  await checkIntents(parts);
  const { items } = parts;
  if (items) {
    await checkRunItems({ ...parts, items });
    await checkGenerations({ ...parts, items });
  }
  await checkAuditEvents({ ...parts, items: items ?? NOTHING });
}

const isLists = (text: string | null): boolean => {
  if (text === null) return true;
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
};

async function checkPrincipals({ snapshot: { db }, check }: Parts): Promise<void> {
  for (const { id, applications, secrets } of await db.selectFrom('principals').selectAll().execute()) {
    check.seen('principals');
    if (!isLists(applications) || !isLists(secrets)) check.found('principals', id, 'its limits cannot be read');
  }
  for (const { id, hash } of await db.selectFrom('api_tokens').select(['id', 'hash']).execute()) {
    check.seen('api_tokens');
    if (hash.length !== 32) check.found('api_tokens', id, 'its hash is none');
  }
}

/** What a vault over a network was about to be asked. */
async function checkIntents({ snapshot: { db }, masterKey, check }: Parts): Promise<void> {
  for (const { operation_id: id, body } of await db.selectFrom('intents').select(['operation_id', 'body']).execute()) {
    check.seen('intents');
    try {
      masterKey.unseal(body, { table: 'intents', column: 'body', id });
    } catch {
      check.found('intents', id, 'it does not open with the master key');
    }
  }
}

type WithItems = Parts & { readonly items: Items };

async function checkRunItems({ snapshot: { db }, check, items }: WithItems): Promise<void> {
  for (const { item_id, kind } of await db.selectFrom('run_items').select(['item_id', 'kind']).execute()) {
    check.seen('run_items');
    const exists =
      kind === 'application'
        ? items.applications.has(item_id)
        : kind === 'grant'
          ? items.grants.has(item_id)
          : items.clients.get(item_id)?.kind === kind;
    if (!exists) check.found('run_items', item_id, `a run is said to have made this ${kind}, and there is none`);
  }
}

async function checkGenerations({ snapshot: { db }, check, items }: WithItems): Promise<void> {
  for (const { item_id } of await db.selectFrom('grant_generations').select('item_id').execute()) {
    check.seen('grant_generations');
    if (!items.grants.has(item_id)) check.found('grant_generations', item_id, 'there is no grant of which this is one');
  }
}

const EVENTS_A_PORTION = 2_000;

async function checkAuditEvents({ snapshot: { db }, masterKey, check, items }: WithItems): Promise<void> {
  const unmade = new Map<string, string>();
  for (const id of items.applications) unmade.set(`application.create ${id}`, 'applications');
  for (const id of items.grants) unmade.set(`grant.create ${id}`, 'grants');
  for (const [id, { kind }] of items.clients) unmade.set(`${kind}.create ${id}`, 'client_devices');
  for (const id of items.folders) unmade.set(`folder.create ${id}`, 'folders');
  for (const id of items.records) unmade.set(`record.create ${id}`, 'records');
  const binds = new Map<string, number>();

  for (let after = 0; ; ) {
    const rows = await db
      .selectFrom('audit_events')
      .select(['id', 'at', 'action', 'outcome', 'target', 'sealed_name'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(EVENTS_A_PORTION)
      .execute();
    for (const { id, at, action, outcome, target, sealed_name } of rows) {
      check.seen('audit_events');
      if (sealed_name !== null && !opens(masterKey, sealed_name, target, at)) {
        check.found('audit_events', String(id), 'the name in it does not open with the master key');
      }
      if (outcome !== 'done' || target === null) continue;
      unmade.delete(`${action} ${target}`);
      if (action === 'client_device.bind' || action === 'gateway.bind') {
        binds.set(target, (binds.get(target) ?? 0) + 1);
      }
    }
    if (rows.length < EVENTS_A_PORTION) break;
    after = rows[rows.length - 1]!.id;
  }

  for (const [event, table] of unmade) {
    const [action = '', id = ''] = event.split(' ');
    check.found(table, id, `no audit event says that it was made (${action})`);
  }
  for (const [id, count] of binds) {
    if (count > 1) check.found('client_devices', id, `audit events say that its token was redeemed ${count} times`);
  }
  for (const [id, { redeemed }] of items.clients) {
    const noted = binds.has(id);
    if (redeemed === noted) continue;
    check.found(
      'client_devices',
      id,
      redeemed
        ? 'it has redeemed its token, and no audit event says so'
        : 'an audit event says that it has redeemed its token, and it has not',
    );
  }
}

function opens(masterKey: MasterKey, sealed: Uint8Array, target: string | null, at: number): boolean {
  try {
    masterKey.unseal(sealed, sealedNamePlace(target, at));
    return true;
  } catch {
    return false;
  }
}
