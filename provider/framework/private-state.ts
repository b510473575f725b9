import { DiagnosticError, errorDiagnostic } from './diagnostic';
import type { Subject } from './subject';
import { isKeyed, type ObjectValue, type Value } from './value';

/** What the provider keeps beside a resource's state, as JSON in the private bytes that Terraform stores for it. */
export interface PrivateState<P> {
  /** Imported and not applied since: see `adoptAfterImport` of the schema. */
  readonly imported?: ImportMark | undefined;
  /** What the resource itself keeps there; undefined: nothing as yet. */
  readonly own: P | undefined;
}

/**
 * Under which a value that a vault cannot report is adopted from the
 * configuration instead of replacing. Terraform calls no apply for what does
 * not change, so reads end it: the run that imported, the next one and its
 * apply see it; the read of a third ends it.
 */
export interface ImportMark {
  /** The run that imported. */
  readonly by: string;
  /** The first later run that read it. */
  readonly seen?: string;
}

/** The mark after a read in a run; undefined: its time is over. */
export function afterRead(mark: ImportMark | undefined, run: string): ImportMark | undefined {
  if (!mark || mark.by === run || mark.seen === run) return mark;
  return mark.seen === undefined ? { by: mark.by, seen: run } : undefined;
}

/** Of a resource that keeps something in its private state; `P` is plain JSON. */
export interface PrivateCodec<P> {
  /** Understands also what older versions of the provider wrote. Undefined: it is damaged. */
  decodePrivate?(stored: unknown): P | undefined;
}

const NOTHING = new Uint8Array(0);

export function encodePrivate<P>({ imported, own }: PrivateState<P>): Uint8Array {
  if (!imported && own === undefined) return NOTHING;
  return new TextEncoder().encode(JSON.stringify({ imported, own }));
}

/** @throws DiagnosticError if it is not what any version of the provider wrote */
export function decodePrivate<P>(codec: PrivateCodec<P>, subject: Subject, bytes: Uint8Array): PrivateState<P> {
  if (bytes.length === 0) return { own: undefined };
  const stored = parsed(bytes);
  if (!isKeyed(stored)) throw damaged(subject);
  const imported = markOf(stored.imported);
  if (stored.own === undefined || !codec.decodePrivate) return { imported, own: undefined };
  const own = codec.decodePrivate(stored.own);
  if (own === undefined) throw damaged(subject);
  return { imported, own };
}

function markOf(stored: Value | undefined): ImportMark | undefined {
  // Versions before 0.2 noted only that it was imported, for ever.
  if (stored === true) return { by: '' };
  if (!isKeyed(stored) || typeof stored.by !== 'string') return undefined;
  return typeof stored.seen === 'string' ? { by: stored.by, seen: stored.seen } : { by: stored.by };
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
