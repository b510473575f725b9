/**
 * What is wrong with a vault file: gathered, so that one run shows all of it, and never the value of a secret. What is
 * wrong with a record alone (a fault) leaves it out, or one of its fields, and the rest is imported.
 */

export interface Problem {
  /** Where, as a path into the JSON: `records[3].custom_fields["API key"]`. */
  readonly at: string;
  /** What is wrong and what to do: the rest of a sentence that begins with the path. */
  readonly message: string;
}

/** Something in a record that cannot be read. */
export interface Fault extends Problem {
  /** Title of the record; undefined: it has none that could be read. */
  readonly of?: string | undefined;
  /** Whether the record is not imported at all. */
  readonly wholeRecord: boolean;
}

export class VaultFileError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(({ at, message }) => `${at} ${message}`).join('\n'));
  }
}

/** The path of a member; a name that is no identifier is quoted. */
export function member(at: string, name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `${at}[${JSON.stringify(name)}]`;
  return at === '' ? name : `${at}.${name}`;
}

/** What kind of JSON value this is, for messages that must not show the value. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

/** A value that is known to be no secret (a UID, a folder's name), shortened for a message. */
export function shown(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
}
