import type { AttributePath } from './path';
import { printable } from './shown';

/** What Terraform shows to a person: what failed, the value received, the value expected, the cure. Never a secret. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** One short sentence without a full stop. */
  readonly summary: string;
  readonly detail: string;
  /** The attribute at fault; Terraform then points at its line. */
  readonly path?: AttributePath;
}

export function errorDiagnostic(summary: string, detail: string, path?: AttributePath): Diagnostic {
  return diagnostic('error', summary, detail, path);
}

export function warningDiagnostic(summary: string, detail: string, path?: AttributePath): Diagnostic {
  return diagnostic('warning', summary, detail, path);
}

/** A name in it may come from whoever may write into the vault: none steers the terminal that shows it. */
function diagnostic(
  severity: Diagnostic['severity'],
  summary: string,
  detail: string,
  path: AttributePath | undefined,
): Diagnostic {
  const text = { severity, summary: printable(summary), detail: printable(detail) };
  return path ? { ...text, path } : text;
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

/** Thrown by a resource that knows best what to tell the user. */
export class DiagnosticError extends Error {
  override readonly name = 'DiagnosticError';

  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((diagnostic) => diagnostic.summary).join('; '));
  }
}

/** A refusal with one error. */
export function refusal(summary: string, detail: string, path?: AttributePath): DiagnosticError {
  return new DiagnosticError([errorDiagnostic(summary, detail, path)]);
}
