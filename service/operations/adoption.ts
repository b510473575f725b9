/** Who wants the name of an application that an earlier run made gets it, if that is safe (DESIGN, crash safety 3). */

import { KsmError } from '../../contract/errors';
import { RUN_ACTIVE_RETRY_SECONDS } from '../../contract/limits';
import type { Application } from '../../contract/types';
import type { Database } from '../store/database';
import type { NotedSuspect } from '../vault/suspect';
import type { Clock } from '../world/clock';
import type { Caller } from './caller';
import type { LivingVault } from './living-vault';
import { mayNameApplication } from './policy';
import { countBelow, isUnsure, itemsWithRuns } from './run-item';
import type { RunLeases } from './run-lease';
import type { Suspects } from './suspect';

export interface AdoptionParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly leases: RunLeases;
  readonly suspects: Suspects;
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
  parts: AdoptionParts,
  caller: Caller,
  name: string,
): Promise<Application | undefined> {
  const { database, clock, leases } = parts;
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
  const live = [...devices, ...gateways].filter(({ status }) => status === 'pending' || status === 'active');
  if (live.length === 0) return taken;
  const suspects = (await suspectsIn(parts, id)).filter((suspect) => live.some((one) => one.id === suspect.id));
  if (suspects.length === live.length) throw existsWithSuspects(taken, suspects);
  return undefined;
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

/** Devices and gateways in it that a lost reply may have left, which the vault lists. */
export const suspectsIn = async ({ suspects }: Pick<AdoptionParts, 'suspects'>, applicationId: string) =>
  (await suspects.list({ applicationId })).filter(({ isListed }) => isListed);

/** Nobody needs more of them in a sentence. */
const NAMED_MAX = 3;

/** How they end; empty when there are none. */
export function suspectedText(suspects: readonly NotedSuspect[]): string[] {
  if (suspects.length === 0) return [];
  const ids = suspects.slice(0, NAMED_MAX).map(({ id }) => id);
  const more = suspects.length > NAMED_MAX ? `, and the others that ksm-iac orphans list --application shows` : '';
  return [`What a lost reply may have left in it ends by its id: ksm-iac orphans revoke ${ids.join(' ')}${more}`];
}

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

function existsWithSuspects({ id, name }: Application, suspects: readonly NotedSuspect[]): KsmError {
  return new KsmError(
    'application_exists',
    `An application named "${name}" exists already (${id}). Import it if a state has it. ${suspectedText(suspects)[0]}`,
    { existingId: id },
  );
}
