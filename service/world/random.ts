/** Chance, from the operating system: keys, tokens, ids. */

export { randomBytes, randomInt, randomUUID } from 'node:crypto';
