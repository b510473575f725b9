import type { AttributePath } from './path';

/** What Terraform shows to a person: what failed, the value received, the value expected, the cure. Never a secret. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** One short sentence without a full stop. */
  readonly summary: string;
  readonly detail: string;
  /** The attribute at fault; Terraform then points at its line. */
  readonly path?: AttributePath;
}
