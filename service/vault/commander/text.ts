/**
 * Commands as texts that arrive unchanged. Two tokenizers see each: the one that checks what is permitted unescapes
 * HTML and doubles backslashes before it splits; the one that executes splits plainly. And the parser of replies searches
 * the whole text for words of its own. Single quotes satisfy both; `''` after `&`, blanks and dashes, which means
 * nothing, breaks the words that the others look for.
 */

import { KsmError } from '../../../contract/errors';

/** What a command may have at most, as Commander counts it. */
export const COMMAND_MAX_CHARACTERS = 4_096;

/** An option with its value; several of one name are given several times; true: it stands by itself. */
export type Options = Readonly<Record<string, string | number | readonly string[] | boolean | undefined>>;

/**
 * @param words the command itself, in Commander's own words
 * @param argument what it takes by its position; never one that begins with a dash, which it would take for an option
 * @throws KsmError `unsupported_by_vault` for a value that Commander refuses or would change, whose field is named
 */
export function commandText(words: string, argument: string | undefined, options: Options = {}): string {
  const parts = [words];
  if (argument !== undefined) {
    if (argument.startsWith('-')) throw new TypeError('An argument with a dash first is none to Commander');
    parts.push(quoted(argument, 'name'));
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === false) continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      parts.push(one === true ? `--${name}` : `--${name}=${quoted(String(one), name)}`);
    }
  }
  const text = parts.join(' ');
  if ([...text].length > COMMAND_MAX_CHARACTERS) {
    throw refused(
      'name',
      `makes a command of ${[...text].length} characters; Commander takes ${COMMAND_MAX_CHARACTERS}`,
    );
  }
  return text;
}

function quoted(value: string, field: string): string {
  requireCarriable(value, field);
  // Where Commander looks for words of its own in the text, as in ` --format=json`, it looks for them as they are.
  if (/^\w+$/.test(value)) return value;
  return `'${value.replace(/'/g, `'"'"'`).replace(/[& -]/g, "$&''")}'`;
}

/** Commander's own records, which nobody may name. */
const OWN =
  /^commander service mode( (config|docker config|terraform config|slack app config|teams app config|google chat app config|sailpoint config))?$/i;

/** @throws KsmError `unsupported_by_vault` */
export function requireCarriable(value: string, field: string): void {
  if (value === '') throw refused(field, 'is empty');
  if (/[\r\n\0]/.test(value)) throw refused(field, 'has a line break or a NUL, which Commander refuses in a command');
  if (/\$\{[^}]*\}/.test(value)) throw refused(field, 'has ${…}, which Commander refuses in a command');
  if (value === '--') throw refused(field, 'is --, which Commander refuses in a command');
  if (OWN.test(value)) throw refused(field, "is a name of one of Commander's own records, which it keeps to itself");
}

/** Applications that Commander makes for itself are left alone. */
export const isCommandersOwn = (title: string): boolean => /^commander service mode/i.test(title);

/** @throws KsmError `unsupported_by_vault` for a title that Commander cannot address or keeps to itself */
export function requireTitle(title: string): void {
  requireCarriable(title, 'name');
  if (title.startsWith('-')) {
    throw refused('name', 'begins with a dash: Commander takes such a title for an option and could never address it');
  }
  if (isCommandersOwn(title)) {
    throw refused('name', 'begins as the applications that Commander makes for itself, which are left alone');
  }
}

function refused(field: string, why: string): KsmError {
  const message = `${why}. Choose another value`;
  return new KsmError('unsupported_by_vault', `Keeper Commander cannot carry this: ${field} ${message}.`, {
    errors: [{ field: `/${field}`, message }],
  });
}
