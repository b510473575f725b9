import { type Diagnostic, DiagnosticError } from '../framework/diagnostic';
import { diagnosticsToWire } from './diagnostics';
import type { Diagnostic as WireDiagnostic } from './generated/tfplugin6';
import { InvalidRequestError } from './invalid-request';

/** One call of the protocol: the request message's bytes to the reply's. */
export type Method = (request: Uint8Array) => Promise<Uint8Array>;

/** Both directions of one message, as the generated code has them. */
interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

/** A call by its messages and what it does. */
export function method<Q, R>(request: Codec<Q>, reply: Codec<R>, call: (request: Q) => R | Promise<R>): Method {
  return async (bytes) => reply.encode(await call(decoded(request, bytes))).finish();
}

/** The same for replies with diagnostics: a DiagnosticError becomes a reply that says so and nothing else. */
export function refusableMethod<Q, R extends { diagnostics: WireDiagnostic[] }>(
  request: Codec<Q>,
  reply: Codec<R>,
  call: (request: Q) => R | Promise<R>,
): Method {
  return method(request, reply, async (message) => {
    try {
      return await call(message);
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      return saying(reply, error.diagnostics);
    }
  });
}

function saying<R extends { diagnostics: WireDiagnostic[] }>(reply: Codec<R>, diagnostics: readonly Diagnostic[]): R {
  // Nothing decodes to the message whose fields are all empty.
  return { ...reply.decode(new Uint8Array()), diagnostics: diagnosticsToWire(diagnostics) };
}

function decoded<Q>(codec: Codec<Q>, bytes: Uint8Array): Q {
  try {
    return codec.decode(bytes);
  } catch {
    throw new InvalidRequestError(`The request of ${bytes.length} bytes is not a message of this call.`);
  }
}
