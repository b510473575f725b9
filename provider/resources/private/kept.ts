/** What every resource keeps in its private state, beside what Terraform shows. */

/** What another vault behind the endpoint means: `refuse`: a mistake; `recreate`: all is gone. */
export type VaultChange = 'refuse' | 'recreate';

/** What every resource keeps beside its state. */
export interface Kept {
  /** The vault that it is in. Absent in states of before: the first refresh notes it. */
  readonly vaultId?: string;
  /** Of a grant: the generation that this state declares; null: the service knew none. */
  readonly generation?: string | null;
  /** Of a device or gateway: what ended without having been used, as the service said at the last refresh. */
  readonly lapsed?: 'token' | 'access' | null;
}

/** @returns undefined for what no version of the provider wrote */
export function decodeKept(stored: unknown): Kept | undefined {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return undefined;
  const { vaultId, generation, lapsed } = stored as Kept;
  const isText = (value: unknown) => value === undefined || typeof value === 'string';
  const isSound =
    isText(vaultId) &&
    (generation === null || isText(generation)) &&
    (lapsed === undefined || lapsed === null || lapsed === 'token' || lapsed === 'access');
  return isSound ? (stored as Kept) : undefined;
}
