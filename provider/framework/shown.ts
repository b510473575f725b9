import type { Value } from './value';

const SHOWN_CHARACTERS = 60;

/** C1 controls (among them CSI, which steers a terminal), and what turns the direction of text or is not seen at all. */
const DISGUISED = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Controls but the line feed. */
const STEERING = /(?!\n)\p{Cc}/gu;

/** A value as messages quote it: what could disguise it escaped, long text cut. Not for sensitive attributes. */
export function shown(value: Value): string {
  const text = typeof value === 'string' ? escaped(value) : String(value);
  const characters = [...text];
  if (characters.length <= SHOWN_CHARACTERS) return text;
  return `${characters.slice(0, SHOWN_CHARACTERS).join('')}… (${characters.length} characters)`;
}

/** Text for a terminal: line breaks stay, what else could steer or disguise is escaped. For whole messages. */
export function printable(text: string): string {
  return text.replace(STEERING, codeOf).replace(DISGUISED, codeOf);
}

/** JSON escapes quotes, C0 controls and lone surrogates; the rest of what a terminal may not get is escaped here. */
function escaped(text: string): string {
  return JSON.stringify(text).replace(DISGUISED, codeOf);
}

function codeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
