import { DiagnosticError } from './diagnostic';
import { FunctionArgumentError, type FunctionDefinition } from './function';
import type { Log } from './log';
import type { CallFunctionRequest, FunctionOutcome } from './server';

export async function callFunction(
  definition: FunctionDefinition,
  { arguments: given }: CallFunctionRequest,
  log: Log,
): Promise<FunctionOutcome> {
  const { name, parameters, variadic } = definition;
  if (given.length < parameters.length || (!variadic && given.length > parameters.length)) {
    return { error: { text: `"${name}" takes ${parameters.length} arguments, and was given ${given.length}.` } };
  }
  const missing = given.findIndex((value, index) => value === null && !(parameters[index] ?? variadic)?.nullable);
  if (missing >= 0) return { error: { text: 'The argument is null, and must have a value.', argument: missing } };
  try {
    return { result: await definition.call(...given) };
  } catch (error) {
    if (error instanceof FunctionArgumentError) return { error: { text: error.text, argument: error.index } };
    if (error instanceof DiagnosticError) {
      const words = error.diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`);
      return { error: { text: words.join('\n') } };
    }
    const kind = error instanceof Error ? error.name : typeof error;
    // Its message may quote an argument, which may be a secret.
    log.error('unexpected failure', { name: kind, action: 'call', type: name });
    return {
      error: {
        text: `The function failed with an unexpected ${kind}. This is a bug in the provider; please report it.`,
      },
    };
  }
}
