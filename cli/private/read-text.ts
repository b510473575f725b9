import { readFile } from 'node:fs/promises';
import { CommandError, reasonOf } from './command-error';

/** @throws CommandError that names what it was to be, the file and the reason */
export async function readText(what: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(`Cannot read ${what} from ${file}: ${reasonOf(error)}.`);
  }
}
