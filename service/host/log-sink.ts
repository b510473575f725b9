import { fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { systemClock } from '../world/clock';

/** Where log lines go. It never throws, never blocks on a reader, and outlives whatever happens to the other end. */
export interface LogSink {
  write(line: string): void;
  /** Lines that could not be written since the start. */
  dropped(): number;
}

/** Lines that wait for whoever reads standard error, in bytes. More are dropped. */
const MOST_WAITING_BYTES = 1_048_576;

/** Says whether it has taken the line. */
type Write = (line: string) => boolean;

/**
 * Standard error. A pipe or socket that nobody reads is full after 64 KiB; a write that waited for it would stop the
 * whole service. Node writes to those (and to a terminal) without waiting and keeps what does not fit, so it is asked
 * how much waits. To a file it writes at once, so that the last line before a crash is there; a full disk fails that
 * line and not the service.
 */
export function standardErrorSink(): LogSink {
  standardError ??= countingSink(isFile(2) ? fileWriter(2) : streamWriter(process.stderr, MOST_WAITING_BYTES));
  return standardError;
}

/** One for the process: it listens to the stream's errors, which is one for the process too. */
let standardError: LogSink | undefined;

/** Counts what was not taken, and says so with the first line that is taken again. */
export function countingSink(write: Write): LogSink {
  let dropped = 0;
  let told = 0;
  return {
    write(line) {
      if (dropped > told && write(notice(dropped - told))) {
        told = dropped;
      }
      if (dropped > told || !write(line)) {
        dropped++;
      }
    },
    dropped: () => dropped,
  };
}

function notice(lines: number): string {
  const text = 'Log lines were dropped: nobody read them in time, or the disk was full';
  return `${JSON.stringify({ level: 40, time: new Date(systemClock.now()).toISOString(), dropped: lines, msg: text })}\n`;
}

export function streamWriter(stream: NodeJS.WritableStream & { writableLength: number }, mostWaiting: number): Write {
  let broken = false;
  // A reader that is gone (EPIPE). Without a listener it would be an uncaught exception.
  stream.on('error', () => {
    broken = true;
  });
  return (line) => {
    if (broken || stream.writableLength + line.length > mostWaiting) {
      return false;
    }
    stream.write(line);
    return true;
  };
}

export function fileWriter(descriptor: number): Write {
  /** A disk that became full in the middle of a line has half of it: the next begins on a line of its own. */
  let inLine = false;
  return (line) => {
    const bytes = Buffer.from(inLine ? `\n${line}` : line);
    let written = 0;
    try {
      while (written < bytes.length) {
        written += writeSync(descriptor, bytes, written);
      }
      inLine = false;
      return true;
    } catch {
      inLine ||= written > 0;
      return false;
    }
  };
}

/** Or a device that takes bytes like one: `/dev/null`. */
function isFile(descriptor: number): boolean {
  try {
    const kind = fstatSync(descriptor);
    return kind.isFile() || (kind.isCharacterDevice() && !isatty(descriptor));
  } catch {
    // It was closed before the start.
    return false;
  }
}
