/**
 * The file of a backup: a line of JSON that says what it is, then the sealed
 * parts. The line is bound to the seal: nobody changes it unnoticed.
 */

import type { MasterKey } from '../store/master-key';
import { SealError } from '../store/sealing';
import { StartError } from './start-error';

const FORMAT = 'ksm-iac backup 1';
const NEWLINE = 0x0a;

interface Heading {
  readonly version: string;
  readonly madeAt: string;
}

/** Tells another key from changed bytes, and says nothing of the key. */
const checkOf = (key: MasterKey) => key.hash('backup', 'backup').toString('base64');
const placeOf = (heading: string) => ({ table: 'backup', column: heading, id: '' });

export function encodeBackup(key: MasterKey, { version, madeAt }: Heading, parts: ReadonlyMap<string, Buffer>): Buffer {
  const heading = JSON.stringify({ format: FORMAT, version, madeAt, key: checkOf(key) });
  const index = JSON.stringify([...parts].map(([name, { length }]) => [name, length]));
  const content = Buffer.concat([Buffer.from(`${index}\n`), ...parts.values()]);
  return Buffer.concat([Buffer.from(`${heading}\n`), key.seal(content, placeOf(heading))]);
}

/** Whether a file begins as a backup does, of whatever key. */
export function isBackup(start: Buffer): boolean {
  return parse(start.subarray(0, Math.max(start.indexOf(NEWLINE), 0)).toString()).format === FORMAT;
}

/** @throws StartError `backup_unusable`, `backup_key_wrong` */
export function decodeBackup(key: MasterKey, bytes: Buffer, file: string): Map<string, Buffer> {
  const end = bytes.indexOf(NEWLINE);
  const heading = bytes.subarray(0, Math.max(end, 0)).toString();
  const { format, key: check } = parse(heading);
  if (format !== FORMAT) {
    throw new StartError('backup_unusable', `${file} is no backup of this program, or one of a newer version.`);
  }
  if (check !== checkOf(key)) {
    throw new StartError(
      'backup_key_wrong',
      `The backup ${file} was made with another master key. Give the one of its service: --master-key-file, KSM_IAC_MASTER_KEY, or master.key in the data folder.`,
    );
  }
  const content = open(key, bytes.subarray(end + 1), heading, file);
  const endOfIndex = content.indexOf(NEWLINE);
  let offset = endOfIndex + 1;
  const parts = new Map<string, Buffer>();
  for (const [name, length] of JSON.parse(content.subarray(0, endOfIndex).toString()) as [string, number][]) {
    parts.set(name, content.subarray(offset, offset + length));
    offset += length;
  }
  return parts;
}

function open(key: MasterKey, sealed: Buffer, heading: string, file: string): Buffer {
  try {
    return key.unseal(sealed, placeOf(heading));
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    throw new StartError('backup_unusable', `The backup ${file} is damaged or not whole. Take another one.`);
  }
}

function parse(heading: string): { format?: unknown; key?: unknown } {
  try {
    return (JSON.parse(heading) ?? {}) as { format?: unknown; key?: unknown };
  } catch {
    return {};
  }
}
