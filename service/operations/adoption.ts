/** Who wants the name of an application that an earlier run made gets it, if that is safe (DESIGN, crash safety 3). */

import { KsmError } from '../../contract/errors';
import { RUN_ACTIVE_RETRY_SECONDS } from '../../contract/limits';
import type { Application } from '../../contract/types';
import type { Database } from '../store/database';
import type { Clock } from '../world/clock';
import type { Caller } from './caller';
import type { LivingVault } from './living-vault';
import { mayNameApplication } from './policy';
import { countBelow, isUnsure, itemsWithRuns } from './run-item';
import type { RunLeases } from './run-lease';

export interface AdoptionParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly leases: RunLeases;
}

/**
 * The application of that name that the caller may take as the one it wanted to make; undefined when the name is
 * free, or the vault is to say that it is taken.
 *
 * @throws KsmError `run_active` while the run that made it lives; `application_exists` with the cures when it is unsure
 * what in it somebody has
 */
export async function findAdoptable(
  vault: LivingVault,
  { database, clock, leases }: AdoptionParts,
  caller: Caller,
  name: string,
): Promise<Application | undefined> {
  const taken = await vault.applications.holderOf(name);
  // Names clash in any letter case: of one outside its limits a principal is told no more than that it is taken.
  if (!taken || !mayNameApplication(caller.principal, taken.name)) return undefined;
  const { id } = taken;
  const unsureInside = await countUnsure(database, id, clock.now());
  const made = await itemsWithRuns(database.db)
    .select(['runs.id', 'runs.state as run_state', 'runs.expires_at', 'run_items.state', 'runs.principal_id'])
    .where('item_id', '=', id)
    .executeTakeFirst();
  const own = made?.principal_id === caller.principal.id ? made : undefined;
  if (own?.run_state === 'active' && own.id !== caller.runId) {
    throw runActive(taken, own.id, (own.expires_at - leases.now()) / 1000);
  }
  if (unsureInside > 0) throw existsWithUnsure(taken, unsureInside);
  const left = own && own.run_state !== 'active' && (own.state === 'unsure' || own.run_state === 'lapsed');
  if (!left || taken.name !== name) return undefined;
  const { devices = [], gateways = [] } = await vault.applications.snapshot(id, new Set(['devices', 'gateways']));
  const live = [...devices, ...gateways].some(({ status }) => status === 'pending' || status === 'active');
  return live ? undefined : taken;
}

/** Nobody needs to know more exactly. */
const UNSURE_MAX = 1_000;

export const unsureText = (count: number): string => (count > UNSURE_MAX ? `more than ${UNSURE_MAX}` : String(count));

/** Devices and gateways in it that are unsure, and have not ended by now; at most one more than `UNSURE_MAX`. */
export async function countUnsure(database: Database, applicationId: string, now: number): Promise<number> {
  return countBelow(
    database.db,
    applicationId,
    (eb) =>
      eb.and([
        eb('kind', 'in', ['client_device', 'gateway']),
        isUnsure(eb),
        eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', now)]),
      ]),
    UNSURE_MAX + 1,
  );
}

export const revokeCommand = (applicationId: string) => `ksm-iac orphans revoke --application ${applicationId}`;

function runActive({ id, name }: Application, runId: string, leaseSeconds: number): KsmError {
  return new KsmError(
    'run_active',
    `The application "${name}" (${id}) was made by the run ${runId}, which is still alive. Ask again: when that run has ended, it is known whether somebody has it.`,
    { existingId: id, retryAfterSeconds: Math.min(RUN_ACTIVE_RETRY_SECONDS, Math.max(1, Math.ceil(leaseSeconds))) },
  );
}

function existsWithUnsure({ id, name }: Application, count: number): KsmError {
  const what = count === 1 ? 'a device or gateway' : `${unsureText(count)} devices or gateways`;
  return new KsmError(
    'application_exists',
    `An application named "${name}" exists already (${id}), with ${what} of a run that ended without telling whether Terraform has them. Import the application if a state has them, or end them with: ${revokeCommand(id)}`,
    { existingId: id },
  );
}
