import type { ProviderServer } from '../framework/server';
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
  const given = definition
    ? request.arguments.map((argument, index) => {
        const { type = 'string' } = definition.parameters[index] ?? definition.variadic ?? {};
        return valueFromWire(type, argument, `argument ${index}`);
      })
    : [];
  const { result, error } = await server.callFunction({ name, arguments: given, signal });
  if (error || !definition) return { error: { text: error?.text ?? '', functionArgument: error?.argument } };
  return { result: valueToWire(definition.returns, result ?? null) };
}
