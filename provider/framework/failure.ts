import { type Diagnostic, DiagnosticError, errorDiagnostic, refusal } from './diagnostic';
import type { FailedCall, Session } from './provider';
import type { ServerState } from './server-state';

/** The session, or a refusal that says why there is none. */
export function sessionOf<S extends Session>({ configured }: ServerState<S>): S {
  if (configured.kind === 'ready') return configured.session;
  throw configured.kind === 'unknown'
    ? refusal(
        'The provider is not configured yet',
        'The configuration of the provider has values that are known only after apply. Apply what they come from first, for instance with -target.',
      )
    : refusal('The provider is not configured', 'Terraform called a resource before it configured the provider.');
}

/** Diagnostics for whatever a resource threw: its own, the provider's, or "a bug" without anything it may carry. */
export function explainFailure<S extends Session>(
  { definition, log }: ServerState<S>,
  error: unknown,
  call: FailedCall<S>,
): readonly Diagnostic[] {
  if (error instanceof DiagnosticError) return error.diagnostics;
  const explained = definition.explain(error, call);
  if (explained) return explained;
  const name = error instanceof Error ? error.name : typeof error;
  // A message may quote what it was given, which may be a secret: the places in our code are enough.
  log.error('unexpected failure', { name, action: call.action, resource: call.resource.typeName, at: placesOf(error) });
  return [
    errorDiagnostic(
      `Could not ${call.action} the ${call.resource.noun}`,
      `The provider failed with an unexpected ${name}. This is a bug in the provider; with TF_LOG=ERROR set, the log says where. Please report it.`,
    ),
  ];
}

function placesOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim())
    .join(' < ');
}
