/**
 * Whether a journal (`-wal`) belongs to the database that it lies beside.
 *
 * SQLite folds any journal into any file. Beside a backup that was copied over
 * the file of a crashed service it makes a mixture of the two, often one that
 * `quick_check` passes. So each commit counts the header's `user_version` up:
 * the header then has the count before the journal's first commit, or a later
 * one up to the journal's last. A backup that is older than the journal has
 * a lower count.
 *
 * @see https://www.sqlite.org/fileformat2.html, "The Database Header", "WAL File Format"
 */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const COUNT_OFFSET = 60;
const COUNT_RANGE = 2 ** 31;
const JOURNAL_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/** SQLite keeps 32 bits with a sign. */
export const nextCount = (count: number): number => (count + 1) % COUNT_RANGE;

export function journalBelongs(file: string): boolean {
  const counts = countsOfJournal(`${file}-wal`);
  const first = counts[0];
  if (first === undefined) {
    return true;
  }
  const count = withFile(file, (read) => read(COUNT_OFFSET, 4)?.readUInt32BE()) ?? 0;
  const from = first - 1;
  return distance(from, count) <= distance(from, counts.at(-1)!);
}

/** How far to count up from one to the other. */
const distance = (from: number, to: number): number => (to - from + COUNT_RANGE) % COUNT_RANGE;

/** The count in each version of the header that the journal would put into the file. */
function countsOfJournal(journal: string): number[] {
  const found = withFile(journal, (read) => {
    const counts: number[] = [];
    const header = read(0, JOURNAL_HEADER_BYTES);
    if (!header) {
      return counts;
    }
    const stored = header.readUInt32BE(8);
    const pageBytes = stored === 1 ? 65_536 : stored;
    const salt = header.subarray(16, 24);
    for (let offset = JOURNAL_HEADER_BYTES; ; offset += FRAME_HEADER_BYTES + pageBytes) {
      const frame = read(offset, FRAME_HEADER_BYTES + COUNT_OFFSET + 4);
      // What follows with another salt is left over from the time before the journal was begun anew.
      if (!frame?.subarray(8, 16).equals(salt)) {
        return counts;
      }
      if (frame.readUInt32BE(0) === 1) {
        counts.push(frame.readUInt32BE(FRAME_HEADER_BYTES + COUNT_OFFSET));
      }
    }
  });
  return found ?? [];
}

type Read = (offset: number, length: number) => Buffer | undefined;

/** `read` gives undefined past the end; a file that is missing is undefined. */
function withFile<T>(file: string, work: (read: Read) => T): T | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
  try {
    const { size } = fstatSync(descriptor);
    return work((offset, length) => {
      const bytes = Buffer.alloc(length);
      return offset + length <= size && readSync(descriptor, bytes, 0, length, offset) === length ? bytes : undefined;
    });
  } finally {
    closeSync(descriptor);
  }
}
