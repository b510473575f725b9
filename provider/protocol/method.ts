import { type Diagnostic, DiagnosticError, hasErrors } from '../framework/diagnostic';
import type { Log } from '../framework/log';
import type { ProviderServer } from '../framework/server';
import { diagnosticsToWire } from './diagnostics';
import type { Diagnostic as WireDiagnostic } from './generated/tfplugin6';
import { InvalidRequestError } from './invalid-request';

/** What is known of a call beside its request. */
export interface Call {
  /** Aborted when the client waits no more. */
  readonly signal: AbortSignal;
}

/** One call of the protocol: the request message's bytes to those of the reply, or of the replies one by one. */
export type Method = (request: Uint8Array, call: Call) => Promise<Uint8Array> | AsyncIterable<Uint8Array>;

/** A call that is not yet served by anybody. */
export type Served = (name: string, server: ProviderServer, log: Log) => Method;

/** Both directions of one message, as the generated code has them. */
interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

/** The fields that the log knows a call by. */
interface Named {
  readonly typeName?: string;
}

/** Diagnostics of the framework's, which are written only here; a reply that the message of the wire lacks nothing else of. */
export type Reply<R> = R extends { diagnostics: WireDiagnostic[] }
  ? Omit<R, 'diagnostics'> & { readonly diagnostics: readonly Diagnostic[] }
  : R;

/** A call by its messages and what it does. */
export function unary<Q extends object, R extends object>(
  request: Codec<Q>,
  reply: Codec<R>,
  work: (server: ProviderServer, request: Q, call: Call) => Reply<R> | Promise<Reply<R>>,
): Served {
  return (name, server, log) => async (bytes, call) => {
    const started = performance.now();
    const message = decoded(request, bytes);
    const answer = await refused(reply, () => work(server, message, call));
    const diagnostics = 'diagnostics' in answer ? (answer.diagnostics as readonly Diagnostic[]) : [];
    note(log, name, message, started, diagnostics);
    return encoded(reply, answer, diagnostics);
  };
}

/** A call that answers with any number of messages. */
export function streaming<Q extends object, R extends object>(
  request: Codec<Q>,
  reply: Codec<R>,
  work: (server: ProviderServer, request: Q, call: Call) => AsyncIterable<R>,
): Served {
  return (name, server, log) =>
    async function* (bytes, call) {
      const started = performance.now();
      const message = decoded(request, bytes);
      for await (const answer of work(server, message, call)) yield reply.encode(answer).finish();
      note(log, name, message, started, []);
    };
}

/** A DiagnosticError becomes a reply that says so and nothing else, wherever replies have diagnostics. */
async function refused<R extends object>(reply: Codec<R>, work: () => Reply<R> | Promise<Reply<R>>): Promise<Reply<R>> {
  try {
    return await work();
  } catch (error) {
    // Nothing decodes to the message whose fields are all empty.
    const empty = reply.decode(new Uint8Array());
    if (!(error instanceof DiagnosticError) || !('diagnostics' in empty)) throw error;
    return { ...empty, diagnostics: error.diagnostics } as Reply<R>;
  }
}

function encoded<R extends object>(reply: Codec<R>, answer: Reply<R>, diagnostics: readonly Diagnostic[]): Uint8Array {
  const message = 'diagnostics' in answer ? { ...answer, diagnostics: diagnosticsToWire(diagnostics) } : answer;
  return reply.encode(message as R).finish();
}

/** One line a call. Types' names and counts alone: a request may be made of secrets. */
function note(log: Log, rpc: string, request: object, started: number, diagnostics: readonly Diagnostic[]): void {
  const { typeName } = request as Named;
  const count = (severity: Diagnostic['severity']) => diagnostics.filter((own) => own.severity === severity).length;
  log.debug('call', {
    rpc,
    type: typeName,
    ms: Math.round(performance.now() - started),
    result: hasErrors(diagnostics) ? 'error' : 'ok',
    errors: count('error') || undefined,
    warnings: count('warning') || undefined,
  });
}

function decoded<Q>(codec: Codec<Q>, bytes: Uint8Array): Q {
  try {
    return codec.decode(bytes);
  } catch {
    throw new InvalidRequestError(`The request of ${bytes.length} bytes is not a message of this call.`);
  }
}
