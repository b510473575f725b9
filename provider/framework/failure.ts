import { AttributeAccessError } from './access';
import { type CallContext, endingOf } from './call';
import { type Diagnostic, DiagnosticError, errorDiagnostic, refusal } from './diagnostic';
import type { FailedCall, Session } from './provider';
import type { ServerState } from './server-state';

/** The session, or a refusal that says why there is none. */
export function sessionOf<S extends Session>({ configured }: Pick<ServerState<S>, 'configured'>): S {
  if (configured.kind === 'ready') return configured.session;
  throw configured.kind === 'unknown'
    ? refusal(
        'The provider is not configured yet',
        'The configuration of the provider has values that are known only after apply. Apply what they come from first, for instance with -target.',
      )
    : refusal('The provider is not configured', 'Terraform called a resource before it configured the provider.');
}

/** What failed, with the call that it failed in. */
export function failedCall(call: Omit<FailedCall, 'ending'>, context?: CallContext): FailedCall {
  const ending = context && endingOf(context);
  return ending ? { ...call, ending } : call;
}

/** Diagnostics for whatever a resource threw: its own, the provider's, or "a bug" without anything it may carry. */
export function explainFailure<S extends Session>(
  { definition, log }: Pick<ServerState<S>, 'definition' | 'log'>,
  error: unknown,
  call: FailedCall,
): readonly Diagnostic[] {
  if (error instanceof DiagnosticError) return error.diagnostics;
  const { action, subject, id } = call;
  const explained = definition.explain(error, call);
  if (explained) return explained;
  const summary = `Could not ${action} the ${subject.noun}`;
  if (call.ending) return [errorDiagnostic(summary, ENDINGS[call.ending])];
  const fields = { action, type: subject.typeName, id, at: placesOf(error) };
  if (error instanceof AttributeAccessError) {
    // Names an attribute and a kind of value, and quotes none.
    log.error('unusable attribute', { ...fields, attribute: error.attribute, is: error.kind });
    if (action === 'read' || action === 'delete' || action === 'update') return [unusable(summary, error, call)];
  }
  const name = error instanceof Error ? error.name : typeof error;
  // A message may quote what it was given, which may be a secret: the places in our code are enough.
  log.error('unexpected failure', { ...fields, name });
  return [
    errorDiagnostic(
      summary,
      `The provider failed with an unexpected ${name}. This is a bug in the provider; with TF_LOG=ERROR set, the log says where. Please report it.`,
    ),
  ];
}

const ENDINGS = {
  interrupted: 'Terraform was interrupted before it was done. Run the command again.',
  abandoned: 'Terraform ended the call before it was done. Run the command again.',
  out_of_time:
    'It was not done within the time that the provider allows one operation. Run the command again; or raise that time in the configuration of the provider.',
};

/** What a state lacks that the provider wrote into it was lost after that. */
function unusable(summary: string, error: AttributeAccessError, { subject, id }: FailedCall): Diagnostic {
  const which = id === undefined ? '' : ` ${id}`;
  return errorDiagnostic(
    summary,
    `The state of this ${subject.noun}${which} is damaged: "${error.attribute}" is ${error.kind}; expected a ${error.expected}. Restore the state from a backup; or take the ${subject.noun} out of it with "terraform state rm ${subject.typeName}.NAME" and import it again.`,
    [error.attribute],
  );
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
