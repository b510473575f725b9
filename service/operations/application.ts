import { type Dependent, isKsmError, KsmError } from '../../contract/errors';
import type { Application, ApplicationPart, ApplicationSnapshot } from '../../contract/types';
import { mapInPortions } from '../store/portions';
import type { PageRequest } from '../vault/vault';
import {
  type AdoptionParts,
  countUnsure,
  findAdoptable,
  revokeCommand,
  suspectedText,
  suspectsIn,
  unsureText,
} from './adoption';
import type { Caller } from './caller';
import type { Mutation } from './change/mutation';
import { noteEnded } from './ended-application';
import { forgetGenerations, withGenerations } from './grant-generation';
import type { LivingVault } from './living-vault';
import { applicationPatterns, grantFor } from './policy';
import { ITEMS_A_PORTION, type Reaper } from './reaper';
import { WENT_ALONG } from './removal';
import { unheldIn } from './run-item';
import type { Units } from './unit';

/** More go with an application only where the vault removes them by itself; their events are then not written one by one. */
const CONTENTS_MAX = 10_000;

interface Renamed {
  readonly id: string;
  readonly name: string;
}

interface Removed {
  readonly name: string;
  readonly inPortions: boolean;
  /** What goes with it; titles of secrets are left out. */
  readonly contents: readonly Dependent[];
}

export interface ApplicationParts extends AdoptionParts {
  readonly units: Units;
  readonly reaper: Reaper;
  /** Whether much is removed in portions of ours; else the vault does it by itself. */
  readonly removesInPortions: boolean;
}

export function applicationOperations(parts: ApplicationParts) {
  const { units, database, clock, reaper } = parts;

  /** @throws KsmError `application_not_empty`, which says how what is unsure in it is ended */
  async function requireEmpty(vault: LivingVault, id: string): Promise<void> {
    try {
      await vault.applications.requireEmpty(id);
    } catch (error) {
      if (!isKsmError(error, 'application_not_empty')) throw error;
      const unsure = await countUnsure(database, id, clock.now());
      const cures = [
        ...(unsure === 0
          ? []
          : [
              `Of ${unsureText(unsure)} of them a run ended without telling whether Terraform has them; they end with: ${revokeCommand(id)}`,
            ]),
        ...suspectedText(await suspectsIn(parts, id)),
      ];
      if (cures.length === 0) throw error;
      throw new KsmError(error.code, `${error.detail} ${cures.join('. ')}`, error.facts);
    }
  }

  /** Makes it, or takes one over that a run of the same principal made and left. */
  const create: Mutation<{ name: string }, { adopted?: Application }, 'application.create', Application> = {
    name: 'application.create',
    async look(vault, { name }, caller) {
      vault.requireName('application', name);
      const adopted = await findAdoptable(vault, parts, caller, name);
      if (!adopted) await vault.freeName(name);
      return adopted ? { adopted } : {};
    },
    step: (input, { adopted }) => (adopted ? undefined : { name: 'application.create', input }),
    async outcome({ seen: { adopted }, result }, change) {
      const application = (adopted ?? result)!;
      const { id, name } = application;
      await change.made({ kind: 'application', id });
      await change.audit({ action: adopted ? 'application.adopt' : 'application.create', target: id, name });
      return application;
    },
  };

  const rename: Mutation<Renamed, { before: string }, 'application.rename', Application> = {
    name: 'application.update',
    async look(vault, { id, name }) {
      vault.requireName('application', name);
      const before = await vault.applications.get(id);
      await vault.freeName(name);
      return { before: before.name };
    },
    step: (input) => ({ name: 'application.rename', input }),
    async outcome({ input: { id, name }, seen, result }, change) {
      const facts = { before: { name: seen.before }, after: { name } };
      await change.audit({ action: 'application.update', target: id, name, ...facts });
      return result!;
    },
  };

  const remove: Mutation<{ id: string; force: boolean }, Removed, 'application.remove', void> = {
    name: 'application.delete',
    async look(vault, { id, force }) {
      const { name } = await vault.applications.get(id);
      if (!force) await requireEmpty(vault, id);
      // All at once it would hold up everybody else.
      const inPortions = parts.removesInPortions && (await vault.applications.count(id)) > ITEMS_A_PORTION;
      return { name, inPortions, contents: inPortions ? [] : await vault.applications.contents(id, CONTENTS_MAX) };
    },
    step: ({ id }, { inPortions }) => (inPortions ? undefined : { name: 'application.remove', input: { id } }),
    async outcome({ caller, input: { id }, seen: { name, inPortions, contents } }, change) {
      await change.audit({ action: 'application.delete', target: id, name });
      if (inPortions) {
        // Dead for everybody, and removed in portions.
        await noteEnded(database.db, id, caller, clock.now());
        reaper.endedApplication(id);
        return;
      }
      await forgetGenerations(database.db, id);
      await change.removed(id);
      await change.audit(
        ...contents.map((item) => ({
          action: `${item.kind}.delete` as const,
          target: item.id,
          name: item.name,
          reason: WENT_ALONG,
        })),
      );
    },
  };

  async function snapshot(
    vault: LivingVault,
    { principal }: Caller,
    id: string,
    include: ReadonlySet<ApplicationPart>,
  ): Promise<ApplicationSnapshot> {
    const { grants, devices, gateways, ...application } = await vault.applications.snapshot(id, include);
    const unheld = await unheldIn(database.db, id);
    for (const suspect of await parts.suspects.list({ applicationId: id })) unheld.add(suspect.id);
    const known = <T extends { id: string }>(item: T) => ({ ...item, held: !unheld.has(item.id) });
    return {
      ...known(application),
      ...(grants && {
        grants: (await withGenerations(database.db, id, grants)).map((grant) => grantFor(principal, known(grant))),
      }),
      ...(devices && { devices: await mapInPortions(devices, known) }),
      ...(gateways && { gateways: await mapInPortions(gateways, known) }),
    };
  }

  return {
    mutations: [create, rename, remove],

    list: (caller: Caller, page: PageRequest & { name?: string | undefined }) =>
      units.read(caller, { action: 'application.list' }, (vault) =>
        vault.applications.list({ ...page, only: applicationPatterns(caller.principal) }),
      ),

    get: (caller: Caller, applicationId: string, include: ReadonlySet<ApplicationPart>): Promise<ApplicationSnapshot> =>
      units.read(caller, { action: 'application.read', applicationId }, (vault) =>
        include.size === 0
          ? vault.applications.get(applicationId)
          : vault.consistently(applicationId, () => snapshot(vault, caller, applicationId, include)),
      ),

    create: (caller: Caller, input: { name: string }) =>
      units.change(caller, { action: 'application.create', name: input.name }, create, input),

    rename: (caller: Caller, id: string, name: string) =>
      units.change(caller, { action: 'application.update', applicationId: id, name }, rename, { id, name }),

    async remove(caller: Caller, id: string, { force }: { force: boolean }) {
      const demand = { action: 'application.delete', applicationId: id } as const;
      // What is dead stands in nobody's way; removed within the deletion, it would hold up everybody else.
      if (!force) await units.portions(caller, demand, () => reaper.removeDeadIn(id));
      return units.change(caller, demand, remove, { id, force });
    },
  };
}
