import type { Dependent } from '../../../contract/errors';

const SHOWN = 20;

/** @param total how many there are in all, of which the service names only some. @default those named */
export function listOf(dependents: readonly Dependent[], total = dependents.length): string {
  const lines = dependents
    .slice(0, SHOWN)
    .map(({ kind, id, name }) => `  - ${kind.replace('_', ' ')} ${id}${name === null ? '' : ` (${name})`}`);
  const more = total - lines.length;
  return (more > 0 ? [...lines, `  - and ${more} more`] : lines).join('\n');
}
