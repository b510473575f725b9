import { refusal } from '../framework/diagnostic';
import type { RawState } from './generated/tfplugin6';

/**
 * What the state file has, as JSON. Whole numbers beyond 2^53 lose digits
 * here, since Node 20 cannot parse them otherwise; no attribute has any.
 *
 * @throws DiagnosticError
 */
export function stored(typeName: string, raw: RawState | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(raw?.json ?? []).toString());
  } catch {
    throw refusal(
      'The state is damaged',
      `The state of a "${typeName}" is not JSON, as every Terraform since 0.12 writes it. Restore the state from a backup.`,
    );
  }
}
