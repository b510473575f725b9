import { join } from 'node:path';
import { ENV } from '../../contract/api';
import { type MasterKey, readMasterKey } from '../store/master-key';

/** Where a command that works on a data folder takes the master key from. */
export interface KeySource {
  readonly dataDir: string;
  /** Instead of `KSM_IAC_MASTER_KEY`, and that instead of the folder's. */
  readonly masterKeyFile?: string | undefined;
}

/** What `KSM_IAC_MASTER_KEY` says, where it counts. */
export const environmentOf = ({ masterKeyFile }: Pick<KeySource, 'masterKeyFile'>): string | undefined =>
  masterKeyFile === undefined ? process.env[ENV.masterKey] : undefined;

/** @throws StoreError `master_key_invalid`, `master_key_missing`, `master_key_unavailable` */
export function masterKeyOf(source: KeySource): MasterKey {
  return readMasterKey({
    file: source.masterKeyFile ?? join(source.dataDir, 'master.key'),
    environment: environmentOf(source),
  });
}
