/** By what a client device is imported: its client id, or its name where one alone has it. */
import type { ClientDevice } from '../../../contract/types';
import { refusal, shown } from '../../framework';
import { isClientId } from './import-id';
import type { Snapshot } from './snapshot';

const BY_NAME = 'name=';

export const isDevicePart = (text: string) =>
  isClientId(text) || (text.startsWith(BY_NAME) && text.length > BY_NAME.length);

/** @throws DiagnosticError with the client ids, where several devices have the name */
export function deviceBy(snapshot: Snapshot | undefined, part: string): ClientDevice | undefined {
  if (!part.startsWith(BY_NAME)) return snapshot?.devices.get(part);
  const name = part.slice(BY_NAME.length);
  const found = [...(snapshot?.devices.values() ?? [])].filter((device) => device.name === name);
  if (found.length > 1) throw ambiguous(name, found);
  return found[0];
}

function ambiguous(name: string, found: readonly ClientDevice[]) {
  const ids = found.map(({ id, createdAt, status }) => `  - ${id} (${status}, created ${createdAt})`);
  return refusal(
    'Several client devices have this name',
    `Expected one client device of the name ${shown(name)}, got ${found.length}. Import the one that is meant by its id:\n${ids.join('\n')}`,
  );
}
