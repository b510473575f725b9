/** Sends an import plan to the service. */
import type { VaultFolder, VaultFolderCreate, VaultRecord, VaultRecordCreate } from '../../contract/types';
import { concurrently } from '../private/concurrently';
import type { ImportPlan, Outcome } from './plan';

/** The part of the API that an import uses. */
export interface VaultApi {
  createVaultFolder(body: VaultFolderCreate): Promise<VaultFolder>;
  createVaultRecord(body: VaultRecordCreate): Promise<VaultRecord>;
}

export type Counts = Record<Outcome, number>;
export interface ImportResult {
  readonly sharedFolders: Counts;
  /** Folders inside shared folders that the file names; those that were there already are not counted. */
  readonly folders: Counts;
  readonly records: Counts;
  /** Each of them, folders first, in the order of the file. */
  readonly items: readonly ImportedItem[];
}

/** What of the file is where in the vault. */
export interface ImportedItem {
  readonly kind: 'shared folder' | 'folder' | 'record';
  readonly uid: string;
  /** Names joined by `/`; a record's ends in its title. */
  readonly path: string;
  readonly outcome: Outcome;
}

/** Enough to hide the round trip; SQLite writes one at a time anyway. */
const PARALLEL_RECORDS = 4;

/** @param onRecord called after each record with how many are done */
export async function applyImport(
  api: VaultApi,
  plan: ImportPlan,
  onRecord: (done: number) => void,
): Promise<ImportResult> {
  const folders: ImportedItem[] = [];
  for (const { kind, outcome, path, body } of plan.folders) {
    if (outcome !== 'unchanged') await api.createVaultFolder(body);
    folders.push({ kind, uid: body.uid, path, outcome });
  }
  let done = 0;
  const records = await concurrently(plan.records, PARALLEL_RECORDS, async (step): Promise<ImportedItem> => {
    const { revision } = await api.createVaultRecord(step.body);
    const outcome = step.revision === undefined ? 'created' : step.revision === revision ? 'unchanged' : 'updated';
    onRecord(++done);
    return { kind: 'record', uid: step.body.uid, path: step.path, outcome };
  });
  return {
    sharedFolders: countsOf(folders.filter(({ kind }) => kind === 'shared folder')),
    folders: countsOf(folders.filter(({ kind }) => kind === 'folder')),
    records: countsOf(records),
    items: [...folders, ...records],
  };
}

function countsOf(items: readonly ImportedItem[]): Counts {
  const counts = { created: 0, updated: 0, unchanged: 0 };
  for (const { outcome } of items) counts[outcome]++;
  return counts;
}
