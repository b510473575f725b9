/** What data sources and imports by name have in common: one of two keys, and the one thing that it names. */
import type { Application } from '../../../contract/types';
import {
  type CallContext,
  type Diagnostic,
  type DiagnosticError,
  errorDiagnostic,
  type ObjectValue,
  refusal,
  shown,
  UNKNOWN,
} from '../../framework';
import type { KsmSession } from './session';

/** Both of two keys, or neither. One that is unknown may turn out to be null. */
export function validateKeys(config: ObjectValue, unique: string, name: string): Diagnostic[] {
  const keys = [config[unique], config[name]];
  const given = keys.filter((key) => key !== null && key !== UNKNOWN).length;
  if (given === 2) return [wrongKeys(`"${unique}" and "${name}" are both set. Set one of them.`, name)];
  return given === 0 && !keys.includes(UNKNOWN)
    ? [wrongKeys(`Neither "${unique}" nor "${name}" is set. Set one of them.`, unique)]
    : [];
}

function wrongKeys(detail: string, attribute: string): Diagnostic {
  return errorDiagnostic('One thing to look up by', detail, [attribute]);
}

export interface Wanted {
  /** What people call it, lower case: "shared folder". */
  readonly noun: string;
  /** The attribute with what was looked for. */
  readonly attribute: string;
  /** What was looked for. */
  readonly text: string;
  /** The command that lists what exists. */
  readonly command: string;
}

/** The only one of these, or a refusal that says what to do. */
export function only<T>(found: readonly T[], labelOf: (item: T) => string, uidAttribute: string, wanted: Wanted): T {
  const [one, ...others] = found;
  if (!one) throw nothingFound(wanted);
  if (others.length > 0) throw ambiguous(found.map(labelOf), uidAttribute, wanted);
  return one;
}

export function nothingFound({ noun, attribute, text, command }: Wanted): DiagnosticError {
  return refusal(
    `There is no such ${noun}`,
    `Nothing in this vault has the ${attribute} ${shown(text)}, or the API token may not see it. Check "${attribute}"; "${command}" lists what exists.`,
    [attribute],
  );
}

const UIDS_SHOWN = 20;

function ambiguous(
  labels: readonly string[],
  uidAttribute: string,
  { noun, attribute, text }: Wanted,
): DiagnosticError {
  const listed = [...labels].sort().slice(0, UIDS_SHOWN);
  const more = labels.length - listed.length;
  const lines = [...listed.map((label) => `  - ${label}`), ...(more > 0 ? [`  - and ${more} more`] : [])];
  return refusal(
    `Several have this ${attribute}`,
    `${labels.length} have the ${attribute} ${shown(text)}:\n${lines.join('\n')}\n\nName the ${noun} by "${uidAttribute}" instead.`,
    [attribute],
  );
}

/** Applications of exactly this name: one, unless somebody made another one by hand. */
export function applicationsNamed(session: KsmSession, name: string, call: CallContext): Promise<Application[]> {
  return session.ask(call, (client) => client.listApplications({ name }));
}
