/** Failures of commands, in the words that the person at the terminal reads. */

/** One sentence (or a few lines of them): what failed, the value, the cure. Never a secret. */
export class CommandError extends Error {
  constructor(
    message: string,
    /** 1: it failed; 2: it was asked for in a way that cannot work; 128 + n: signal n ended it. */
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

/** The command line is not acceptable: exit code 2. */
export class UsageError extends CommandError {
  constructor(message: string) {
    super(message, 2);
  }
}

/** A code of Node's errors (`ENOENT`, …), or undefined. */
export function errorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/** Why the operating system refused, in words; a code that has none is named. */
export function reasonOf(error: unknown): string {
  const code = errorCode(error);
  return (code && REASONS[code]) ?? code ?? 'for an unknown reason';
}
