/** Sends an import plan to the service. */
import type { VaultFolder, VaultFolderCreate, VaultRecord, VaultRecordCreate } from '../../contract/types';
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
}

/** Enough to hide the round trip; SQLite writes one at a time anyway. */
const PARALLEL_RECORDS = 4;

/** @param onRecord called after each record with how many are done */
export async function applyImport(
  api: VaultApi,
  plan: ImportPlan,
  onRecord: (done: number) => void,
): Promise<ImportResult> {
  const result: ImportResult = { sharedFolders: counts(), folders: counts(), records: counts() };
  for (const { kind, outcome, body } of plan.folders) {
    if (outcome !== 'unchanged') await api.createVaultFolder(body);
    (kind === 'shared folder' ? result.sharedFolders : result.folders)[outcome]++;
  }
  const queue = [...plan.records];
  let done = 0;
  let failure: { error: unknown } | undefined;
  const worker = async () => {
    for (let step = queue.shift(); step && !failure; step = queue.shift()) {
      try {
        const { revision } = await api.createVaultRecord(step.body);
        const outcome = step.revision === undefined ? 'created' : step.revision === revision ? 'unchanged' : 'updated';
        result.records[outcome]++;
        onRecord(++done);
      } catch (error) {
        // The other workers finish what they have in hand and begin nothing more.
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_RECORDS }, worker));
  if (failure) throw failure.error;
  return result;
}

function counts(): Counts {
  return { created: 0, updated: 0, unchanged: 0 };
}
