import type { ApplicationPart } from '../../../contract/types';
import { type Diagnostic, warningDiagnostic } from '../../framework';

const NOUNS: Readonly<Record<ApplicationPart, string>> = {
  grants: 'grants',
  devices: 'client devices',
  gateways: 'gateways',
};

/** "Unknown" is never "gone": the plan is made from what was known before. */
export function partUnknown(part: ApplicationPart, reason: string | undefined): Diagnostic {
  return warningDiagnostic(
    `The vault cannot tell the ${NOUNS[part]} at present`,
    `${reason ?? 'The service gave no reason.'} The plan is made from the state as it was last saved; what changed meanwhile is not seen. Plan again later.`,
  );
}
