/** `DIR/service.json`: where a running service says that it can be found. */
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { CommandError, errorCode, reasonOf } from './command-error';
import { shellQuote } from './shell-quote';

/** What the note of a running service says; paths are absolute. */
export interface ServiceNote {
  readonly endpoint: string;
  readonly tokenFile: string;
  /** Null: plain HTTP. */
  readonly caCertificateFile: string | null;
}

const ANSWER_TIMEOUT_MS = 3_000;

/**
 * The note of the service that runs on this data folder.
 * @throws CommandError that says what to start: no note, or nothing answers where it points
 */
export async function readServiceNote(dataDir: string): Promise<ServiceNote> {
  const file = join(resolve(dataDir), 'service.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw new CommandError(`Cannot read ${file}: ${reasonOf(error)}.`);
    throw new CommandError(`No service runs on the data folder ${resolve(dataDir)}. ${startIt(dataDir)}`);
  }
  const note = noteOf(text, resolve(dataDir));
  if (!note) throw new CommandError(`${file} is not the note of a service. Stop the service and start it again.`);
  if (!(await answers(note.endpoint))) {
    const where = `${file} names ${note.endpoint}, but nothing answers there`;
    throw new CommandError(`${where}: the service has ended without tidying up. ${startIt(dataDir)}`);
  }
  return note;
}

function startIt(dataDir: string): string {
  return `Start it: ksm-iac service start --data ${shellQuote(resolve(dataDir))}`;
}

function noteOf(text: string, dataDir: string): ServiceNote | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null) return undefined;
  const { endpoint, tokenFile, caCertificateFile } = json as Record<string, unknown>;
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint) || typeof tokenFile !== 'string') return undefined;
  return {
    endpoint,
    tokenFile: resolve(dataDir, tokenFile),
    caCertificateFile: typeof caCertificateFile === 'string' ? resolve(dataDir, caCertificateFile) : null,
  };
}

function answers(endpoint: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(endpoint);
  return new Promise((done) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || (protocol === 'http:' ? 80 : 443)),
      timeout: ANSWER_TIMEOUT_MS,
    });
    const end = (answer: boolean) => {
      socket.destroy();
      done(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
