/** Checks of single attributes. Each message says what was received and what is expected. */
import type { Validator } from './schema';
import { shown } from './shown';

/** A whole number in a range, both ends included. */
export function integerBetween(minimum: number, maximum: number, unit: string): Validator {
  return (value) => {
    const whole = typeof value === 'bigint' || Number.isInteger(value);
    if (whole && Number(value) >= minimum && Number(value) <= maximum) return undefined;
    return `Expected a whole number of ${unit} from ${minimum} to ${maximum}, got ${shown(value)}.`;
  };
}

/** Text of a form that `expected` describes ("a UID: 22 characters …"). */
export function matches(pattern: RegExp, expected: string): Validator {
  return (value) =>
    typeof value === 'string' && pattern.test(value) ? undefined : `Expected ${expected}, got ${shown(value)}.`;
}

/** Text of a length in characters (Unicode code points), both ends included. */
export function lengthBetween(minimum: number, maximum: number): Validator {
  return (value) => {
    const length = typeof value === 'string' ? [...value].length : -1;
    if (length >= minimum && length <= maximum) return undefined;
    return `Expected ${minimum} to ${maximum} characters, got ${length}: ${shown(value)}.`;
  };
}

export function oneOf(...allowed: string[]): Validator {
  return (value) =>
    typeof value === 'string' && allowed.includes(value)
      ? undefined
      : `Expected ${allowed.map((text) => JSON.stringify(text)).join(' or ')}, got ${shown(value)}.`;
}
