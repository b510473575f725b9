import { DiagnosticError } from '../framework/diagnostic';
import type { ProviderServer } from '../framework/server';
import type { Value } from '../framework/value';
import { valueFromWire, valueToWire } from './dynamic-value';
import type { CallFunction_Request, CallFunction_Response } from './generated/tfplugin6';
import type { Call } from './method';

/** Arguments beyond the parameters are of the variadic one; of a function that is not there nothing can be read. */
export async function callFunction(
  server: ProviderServer,
  request: CallFunction_Request,
  { signal }: Call,
): Promise<CallFunction_Response> {
  const { name } = request;
  const { functions } = server.schemas;
  const definition = Object.hasOwn(functions, name) ? functions[name] : undefined;
  const given: Value[] = [];
  for (const [index, argument] of (definition ? request.arguments : []).entries()) {
    const { type = 'string' } = definition?.parameters[index] ?? definition?.variadic ?? {};
    try {
      given.push(valueFromWire(type, argument, `argument ${index}`));
    } catch (error) {
      // Replies of functions have no diagnostics, but one error of their own form.
      if (!(error instanceof DiagnosticError)) throw error;
      const text = error.diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`).join('\n');
      return { error: { text, functionArgument: index } };
    }
  }
  const { result, error } = await server.callFunction({ name, arguments: given, signal });
  if (error || !definition) return { error: { text: error?.text ?? '', functionArgument: error?.argument } };
  return { result: valueToWire(definition.returns, result ?? null) };
}
