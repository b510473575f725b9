import { type Dependent, isKsmError, KsmError } from '../../contract/errors';
import { DEPENDENTS_MAX_ITEMS } from '../../contract/limits';
import type { ApplicationPart, ApplicationSnapshot } from '../../contract/types';
import type { PageRequest } from '../vault/vault';
import { type AdoptionParts, countUnsure, findAdoptable, revokeCommand } from './adoption';
import type { Caller } from './caller';
import { noteEnded } from './ended-application';
import { forgetGenerations, withGenerations } from './grant-generation';
import { applicationPatterns, grantFor } from './policy';
import { ITEMS_A_PORTION, type Reaper } from './reaper';
import { WENT_ALONG } from './removal';
import { deadIn, unheldIn } from './run-item';
import type { Units } from './unit';

const ALL_PARTS: ReadonlySet<ApplicationPart> = new Set(['grants', 'devices', 'gateways']);

export function applicationOperations(units: Units, parts: AdoptionParts & { readonly reaper: Reaper }) {
  const { vault, database, clock, reaper } = parts;

  /** What stands in the way of a deletion, without what is dead already. */
  async function dependentsOf(id: string): Promise<Dependent[]> {
    const { grants = [], devices = [], gateways = [] } = await vault.applications.snapshot(id, ALL_PARTS);
    const live = <T extends { status: string }>(clients: readonly T[]) =>
      clients.filter(({ status }) => status === 'pending' || status === 'active');
    return [
      ...grants.map((grant) => ({ kind: 'grant' as const, id: grant.id, name: grant.title })),
      ...live(devices).map((device) => ({ kind: 'client_device' as const, id: device.id, name: device.name })),
      ...live(gateways).map((gateway) => ({ kind: 'gateway' as const, id: gateway.id, name: gateway.name })),
    ];
  }

  /** @throws KsmError `application_not_empty`, which says how what is unsure in it is ended */
  async function requireEmpty(id: string): Promise<void> {
    const dead = (await deadIn(database.db, id)).size > 0;
    const dependents = dead ? await dependentsOf(id) : undefined;
    if (dependents?.length === 0) return;
    try {
      await vault.applications.requireEmpty(id);
    } catch (error) {
      if (!isKsmError(error, 'application_not_empty')) throw error;
      const unsure = await countUnsure(database, id, clock.now());
      const cure = `Of ${unsure} of them a run ended without telling whether Terraform has them; they end with: ${revokeCommand(id)}`;
      throw new KsmError(error.code, unsure > 0 ? `${error.detail} ${cure}` : error.detail, {
        ...error.facts,
        ...(dependents && {
          dependents: dependents.slice(0, DEPENDENTS_MAX_ITEMS),
          dependentsTotal: dependents.length,
        }),
      });
    }
  }

  /** Dead for everybody, and removed in portions. */
  async function ended(caller: Caller, id: string): Promise<void> {
    await noteEnded(database.db, id, caller, clock.now());
    reaper.endedApplication(id);
  }

  return {
    list: (caller: Caller, page: PageRequest & { name?: string | undefined }) =>
      units.read(caller, { action: 'application.list' }, () =>
        vault.applications.list({ ...page, only: applicationPatterns(caller.principal) }),
      ),

    get: (caller: Caller, applicationId: string, include: ReadonlySet<ApplicationPart>): Promise<ApplicationSnapshot> =>
      units.read(caller, { action: 'application.read', applicationId }, async () => {
        const { grants, devices, gateways, ...application } = await vault.applications.snapshot(applicationId, include);
        if (include.size === 0) return application;
        const unheld = await unheldIn(database.db, applicationId);
        const known = <T extends { id: string }>(item: T) => ({ ...item, held: !unheld.has(item.id) });
        return {
          ...known(application),
          ...(grants && {
            grants: (await withGenerations(database.db, applicationId, grants)).map((grant) =>
              grantFor(caller.principal, known(grant)),
            ),
          }),
          ...(devices && { devices: devices.map(known) }),
          ...(gateways && { gateways: gateways.map(known) }),
        };
      }),

    /** Makes it, or takes one over that a run of the same principal made and left. */
    create: (caller: Caller, input: { name: string }) =>
      units.write(caller, { action: 'application.create', name: input.name }, async (change) => {
        const adopted = await findAdoptable(parts, caller, input.name);
        const application = adopted ?? (await vault.applications.create(input));
        const { id, name } = application;
        await change.made({ kind: 'application', id });
        await change.audit({ action: adopted ? 'application.adopt' : 'application.create', target: id, name });
        return application;
      }),

    rename: (caller: Caller, applicationId: string, name: string) =>
      units.write(caller, { action: 'application.update', applicationId, name }, async (change) => {
        const before = await vault.applications.get(applicationId);
        const application = await vault.applications.rename(applicationId, name);
        await change.audit({
          action: 'application.update',
          target: applicationId,
          name,
          before: { name: before.name },
          after: { name },
        });
        return application;
      }),

    remove: (caller: Caller, applicationId: string, { force }: { force: boolean }) =>
      units.write(caller, { action: 'application.delete', applicationId }, async (change) => {
        const { name } = await vault.applications.get(applicationId);
        if (!force) await requireEmpty(applicationId);
        await change.audit({ action: 'application.delete', target: applicationId, name });
        // All at once it would hold up everybody else.
        if ((await vault.applications.count(applicationId)) > ITEMS_A_PORTION) return ended(caller, applicationId);
        const contents = await vault.applications.contents(applicationId, ITEMS_A_PORTION);
        await vault.applications.remove(applicationId, { force: true });
        await forgetGenerations(database.db, applicationId);
        await change.removed(applicationId);
        await change.audit(
          ...contents.map(({ kind, id, name }) => ({
            action: `${kind}.delete` as const,
            target: id,
            name,
            reason: WENT_ALONG,
          })),
        );
      }),
  };
}
