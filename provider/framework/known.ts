/** What every call needs that is about one thing of the provider: the thing, and the call's context. */
import type { CallContext } from './call';
import { type DiagnosticError, refusal } from './diagnostic';
import type { CallOptions } from './lifetime';
import type { Session } from './provider';
import type { Schema } from './schema';
import type { DeferrableRequest, ProviderServer, Request, SchemaKind } from './server';
import type { ServerState } from './server-state';
import { KIND_NOUNS, type Subject, type SubjectKind } from './subject';
import type { ObjectValue } from './value';

/** A definition, and how messages call it. */
export interface Known<D> {
  readonly definition: D;
  readonly subject: Subject;
}

/** Finds definitions of one kind by their names. */
export function register<D extends { readonly typeName: string; readonly noun: string }>(
  kind: SubjectKind,
  definitions: readonly D[] = [],
): (typeName: string) => Known<D> {
  const known = new Map(
    definitions.map((definition) => [definition.typeName, { definition, subject: { ...definition, kind } }]),
  );
  return (typeName) => {
    const found = known.get(typeName);
    if (found) return found;
    throw unknownName(kind, typeName, [...known.keys()]);
  };
}

/** @throws DiagnosticError if the provider has nothing of that kind and name */
export function schemaOf({ schemas }: ProviderServer, kind: SchemaKind, typeName: string): Schema {
  const named = schemas[kind];
  if (Object.hasOwn(named, typeName)) return named[typeName]!;
  throw unknownName(kind, typeName, Object.keys(named));
}

function unknownName(kind: SubjectKind, typeName: string, names: readonly string[]): DiagnosticError {
  const noun = KIND_NOUNS[kind];
  return refusal(
    `Unknown ${noun}`,
    `This version of the provider has no ${noun} "${typeName}"${names.length > 0 ? `, but ${names.join(', ')}` : ''}. Run "terraform init -upgrade" for a newer one, if it has it.`,
  );
}

/** Runs the work of one call. */
export function inCall<S extends Session, T>(
  server: ServerState<S>,
  request: Request,
  work: (call: CallContext) => Promise<T>,
  options: CallOptions = {},
): Promise<T> {
  return server.lifetime.run(work, { ...optionsOf(server, request), ...options });
}

/** A call ends with its caller's patience, or with the time that the session gives an operation. */
export function optionsOf<S extends Session>({ configured }: ServerState<S>, { signal }: Request): CallOptions {
  return { signal, limitMs: configured.kind === 'ready' ? configured.session.operationTimeoutMs : undefined };
}

/** Whether the answer is to be put off: nothing can be asked as yet, and the client goes on without. */
export function deferred<S extends Session>(
  { configured }: ServerState<S>,
  { deferralAllowed }: DeferrableRequest,
): boolean {
  return configured.kind === 'unknown' && deferralAllowed === true;
}

/** For messages; a `name` is what its owner shows to everybody. */
export function nameIn(state: ObjectValue | null): string | undefined {
  return typeof state?.name === 'string' ? state.name : undefined;
}

/** For messages and the log; ids are no secrets. */
export function idIn(state: ObjectValue | null): string | undefined {
  return typeof state?.id === 'string' ? state.id : undefined;
}
