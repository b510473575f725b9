import { writeSync } from 'node:fs';

/**
 * From now on whatever prints to stdout (console.log of any dependency) prints
 * to stderr: Terraform reads stdout as the handshake and nothing else.
 */
export function guardStdout(): void {
  Object.defineProperty(process, 'stdout', { configurable: true, enumerable: true, get: () => process.stderr });
}

/** The one way to the real stdout. */
export function printLine(line: string): void {
  writeSync(1, `${line}\n`);
}
