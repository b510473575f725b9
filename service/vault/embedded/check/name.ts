import type { MasterKey } from '../../../store/master-key';
import { nameHash, openName } from '../name';
import { opened } from './portions';

/** Whether a folder or record is listed and found under this name. */
export function isNamed(
  masterKey: MasterKey,
  table: 'folders' | 'records',
  row: { uid: string; sealed_name: Buffer; name_hash: Buffer },
  name: string,
): boolean {
  return (
    opened(() => openName({ masterKey }, table, row) === name && row.name_hash.equals(nameHash(masterKey, name))) ??
    false
  );
}
