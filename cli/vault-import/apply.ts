/** Sends an import plan to the service. */
import type { VaultFolder, VaultFolderCreate, VaultRecordCreate, VaultRecordPut } from '../../contract/types';
import { concurrently } from '../private/concurrently';
import type { ImportPlan, NotInFile, Outcome, RecordStep } from './plan';
import type { Skipped } from './types';

/** The part of the API that an import uses. */
export interface VaultApi {
  createVaultFolder(body: VaultFolderCreate): Promise<VaultFolder>;
  createVaultRecord(body: VaultRecordCreate): Promise<VaultRecordPut>;
}

export type Counts = Record<Outcome, number>;
export interface ImportResult {
  readonly sharedFolders: Counts;
  /** Folders inside shared folders that the file names; those that were there already are not counted. */
  readonly folders: Counts;
  readonly records: Counts;
  /** Each of them, folders first, in the order of the file. */
  readonly items: readonly ImportedItem[];
  /** What was left out because of what the vault has. */
  readonly skipped: readonly Skipped[];
  /** Records of the vault in the file's shared folders that the file does not have: they stay. */
  readonly notInFile: readonly NotInFile[];
}

/** What of the file is where in the vault. */
export interface ImportedItem {
  readonly kind: 'shared folder' | 'folder' | 'record';
  /** Null in a dry run, where the import would draw one. */
  readonly uid: string | null;
  /** Names joined by `/`; a record's ends in its title. */
  readonly path: string;
  readonly outcome: Outcome;
  /** Where it was before it was moved. */
  readonly movedFrom?: string | undefined;
  /** Of a record that was there: its fields that had a value and have none any more. */
  readonly erased: readonly string[];
}

/** Enough to hide the round trip; SQLite writes one at a time anyway. */
const PARALLEL_RECORDS = 4;

/**
 * @param options.dryRun only asks what would become of the records that are there
 * @param onRecord called after each record with how many are done
 */
export async function applyImport(
  api: VaultApi,
  plan: ImportPlan,
  { dryRun }: { readonly dryRun: boolean },
  onRecord: (done: number) => void,
): Promise<ImportResult> {
  const uidOf = (uid: string) => (dryRun && plan.drawn.has(uid) ? null : uid);
  const folders: ImportedItem[] = [];
  for (const { kind, outcome, path, body } of plan.folders) {
    if (outcome !== 'unchanged' && !dryRun) await api.createVaultFolder(body);
    folders.push({ kind, uid: uidOf(body.uid), path, outcome, erased: [] });
  }
  let done = 0;
  const last = new Map<string, Promise<unknown>>();
  const records = await concurrently(plan.records, PARALLEL_RECORDS, async (step): Promise<ImportedItem> => {
    // One after another, so that their order in the vault is that of the file.
    const writing = (last.get(step.twins) ?? Promise.resolve()).then(() => write(api, step, dryRun));
    last.set(step.twins, writing);
    const { revision, erased } = await writing;
    onRecord(++done);
    const { path, movedFrom, body } = step;
    return { kind: 'record', uid: uidOf(body.uid), path, outcome: outcomeOf(step, revision), movedFrom, erased };
  });
  return {
    sharedFolders: countsOf(folders.filter(({ kind }) => kind === 'shared folder')),
    folders: countsOf(folders.filter(({ kind }) => kind === 'folder')),
    records: countsOf(records),
    items: [...folders, ...records],
    skipped: plan.skipped,
    notInFile: plan.notInFile,
  };
}

async function write(
  api: VaultApi,
  { body, revision }: RecordStep,
  dryRun: boolean,
): Promise<Pick<VaultRecordPut, 'revision' | 'erased'>> {
  if (!dryRun) return api.createVaultRecord(body);
  // Of what is not there yet nothing is to be asked.
  return revision === undefined ? { revision: 1, erased: [] } : api.createVaultRecord({ ...body, dryRun });
}

function outcomeOf({ revision: before, movedFrom }: RecordStep, revision: number): Outcome {
  if (before === undefined) return 'created';
  if (movedFrom !== undefined) return 'moved';
  return before === revision ? 'unchanged' : 'updated';
}

function countsOf(items: readonly ImportedItem[]): Counts {
  const counts = { created: 0, updated: 0, moved: 0, unchanged: 0 };
  for (const { outcome } of items) counts[outcome]++;
  return counts;
}
