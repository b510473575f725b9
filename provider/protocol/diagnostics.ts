import type { Diagnostic } from '../framework/diagnostic';
import { pathToWire } from './attribute-path';
import { Diagnostic_Severity, type Diagnostic as WireDiagnostic } from './generated/tfplugin6';

export function diagnosticsToWire(diagnostics: readonly Diagnostic[]): WireDiagnostic[] {
  return diagnostics.map(({ severity, summary, detail, path }) => ({
    severity: severity === 'error' ? Diagnostic_Severity.ERROR : Diagnostic_Severity.WARNING,
    summary,
    detail,
    attribute: path && pathToWire(path),
  }));
}
