import type { ApplicationPart } from '../../../contract/types';
import { type Diagnostic, warningDiagnostic } from '../../framework';
import type { Snapshot } from './snapshot';

export const PART_NOUNS: Readonly<Record<ApplicationPart, string>> = {
  grants: 'grants',
  devices: 'client devices',
  gateways: 'gateways',
};

/** "Unknown" is never "gone": the plan is made from what was known before. */
export function partUnknown(part: ApplicationPart, snapshot: Snapshot): Diagnostic {
  return warningDiagnostic(
    `The vault cannot tell the ${PART_NOUNS[part]} at present`,
    `${reasonOf(snapshot)} The plan is made from the state as it was last saved; what changed meanwhile is not seen. Plan again later.`,
  );
}

export function reasonOf({ unavailableReason }: Pick<Snapshot, 'unavailableReason'>): string {
  return unavailableReason ?? 'The service gave no reason.';
}
