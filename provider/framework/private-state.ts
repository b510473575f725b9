import { DiagnosticError, errorDiagnostic } from './diagnostic';
import type { Subject } from './subject';
import { isKeyed, type ObjectValue } from './value';

/** What the provider keeps beside a resource's state, as JSON in the private bytes that Terraform stores for it. */
export interface PrivateState<P> {
  /** Imported and not applied since: see `adoptAfterImport` of the schema. */
  readonly imported: boolean;
  /** What the resource itself keeps there; undefined: nothing as yet. */
  readonly own: P | undefined;
}

/** Of a resource that keeps something in its private state; `P` is plain JSON. */
export interface PrivateCodec<P> {
  /** Understands also what older versions of the provider wrote. Undefined: it is damaged. */
  decodePrivate?(stored: unknown): P | undefined;
}

const NOTHING = new Uint8Array(0);

export function encodePrivate<P>({ imported, own }: PrivateState<P>): Uint8Array {
  if (!imported && own === undefined) return NOTHING;
  return new TextEncoder().encode(JSON.stringify({ ...(imported ? { imported } : {}), own }));
}

/** @throws DiagnosticError if it is not what any version of the provider wrote */
export function decodePrivate<P>(codec: PrivateCodec<P>, subject: Subject, bytes: Uint8Array): PrivateState<P> {
  if (bytes.length === 0) return { imported: false, own: undefined };
  const stored = parsed(bytes);
  if (!isKeyed(stored)) throw damaged(subject);
  const imported = stored.imported === true;
  if (stored.own === undefined || !codec.decodePrivate) return { imported, own: undefined };
  const own = codec.decodePrivate(stored.own);
  if (own === undefined) throw damaged(subject);
  return { imported, own };
}

function parsed(bytes: Uint8Array): ObjectValue | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as ObjectValue;
  } catch {
    return undefined;
  }
}

function damaged({ noun, typeName, kind }: Subject): DiagnosticError {
  const cure =
    kind === 'managed'
      ? `Restore the state from a backup; or take the ${noun} out of it with "terraform state rm ${typeName}.NAME" and import it again.`
      : 'Run the command again.';
  return new DiagnosticError([
    errorDiagnostic(
      'The state is damaged',
      `What the provider keeps beside the state of this ${noun} ("private" in the state file) is not what it wrote. ${cure}`,
    ),
  ]);
}
