/**
 * Keeper's JSON import format, read as a whole before anything is sent. Pure: text in, a vault file or all its
 * problems out.
 *
 * @see https://docs.keeper.io/en/keeperpam/commander-cli/command-reference/import-and-export-commands/json-import
 */
import { BODY_LIMIT_BYTES } from '../../contract/limits';
import type { RecordData } from '../../contract/types';
import { folderKey, folderNames } from './folder-path';
import { JsonTextError, parseJsonText } from './json-text';
import { folderNameFault, Members } from './members';
import { type Problem, shown, VaultFileError } from './problems';
import { recordData } from './record-fields';
import { SharedFolders } from './shared-folders';
import type { FileFolder, FileRecord, RecordPath, Skipped, VaultFile } from './types';

const SKIPPED: Readonly<Record<string, string>> = {
  permissions: 'permissions of users and teams',
  manage_users: 'permissions of users and teams',
  manage_records: 'permissions of users and teams',
  can_edit: 'permissions of users and teams',
  can_share: 'permissions of users and teams',
  teams: 'teams',
  attachments: 'attachments',
  references: 'references to other records',
  last_modified: 'times of last modification',
};

/** @throws VaultFileError with every problem of the file */
export function parseVaultFile(text: string): VaultFile {
  const problems: Problem[] = [];
  const skipped: Skipped[] = [];
  const top = topLevel(jsonOf(text), problems);
  const folders = new SharedFolders(problems, skipped);
  const records: FileRecord[] = [];
  if (top) {
    for (const shared of eachObject(top, 'shared_folders', problems)) {
      folders.declare(shared.at, shared.uid(), shared.text('path'));
      noteSkipped(shared, skipped);
    }
    const drafts = [...eachObject(top, 'records', problems)].map((record) => readRecord(record, problems, skipped));
    noteSkipped(top, skipped);
    for (const { paths } of drafts) for (const { shared, at } of paths) folders.mention(shared, at);
    folders.settle();
    for (const { at, uid, data, paths } of drafts) {
      if (data) records.push({ at, uid, data, place: folders.place(paths) });
    }
  }
  refuseTwins(folders.all, records, problems);
  if (problems.length > 0) throw new VaultFileError(problems);
  return { folders: folders.all, records, skipped };
}

function jsonOf(text: string): unknown {
  if (text.startsWith('PK\u0003\u0004')) {
    throw new VaultFileError([
      {
        at: 'The file',
        message: 'is a ZIP archive; unpack it and import the export.json in it (without attachments).',
      },
    ]);
  }
  try {
    return parseJsonText(text);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    const at = `Line ${error.line}, column ${error.column}`;
    throw new VaultFileError([{ at, message: `is not JSON: ${error.message}.` }]);
  }
}

/** Keeper takes an array of records, or an object with shared folders and records. */
function topLevel(json: unknown, problems: Problem[]): Members | undefined {
  const top = Members.of(Array.isArray(json) ? { records: json } : json, '', problems) ?? undefined;
  // A misspelt member would else import nothing and call it a success.
  if (top && !top.has('shared_folders') && !top.has('records')) {
    problems.push({ at: 'The file', message: 'has neither "shared_folders" nor "records"; one of them is expected.' });
  }
  return top;
}

function* eachObject(top: Members, name: string, problems: Problem[]): Generator<Members> {
  for (const [index, item] of top.list(name).entries()) {
    const members = Members.of(item, `${name}[${index}]`, problems);
    if (members) yield members;
  }
}

interface Draft {
  readonly at: string;
  readonly uid: string | undefined;
  readonly data: RecordData | undefined;
  readonly paths: readonly RecordPath[];
}

function readRecord(record: Members, problems: Problem[], skipped: Skipped[]): Draft {
  const uid = record.uid();
  const data = recordData(record);
  const paths = record.list('folders').flatMap((item, index): RecordPath[] => {
    const entry = Members.of(item, `${record.at}.folders[${index}]`, problems);
    if (!entry) return [];
    const shared = folderNames(entry.text('shared_folder') ?? '');
    const folder = folderNames(entry.text('folder') ?? '');
    for (const name of [...shared, ...folder]) {
      const fault = folderNameFault(name);
      if (fault) problems.push({ at: entry.at, message: fault });
    }
    noteSkipped(entry, skipped);
    return shared.length + folder.length > 0 ? [{ at: entry.at, shared, folder }] : [];
  });
  noteSkipped(record, skipped);
  const bytes = data ? Buffer.byteLength(JSON.stringify(data)) : 0;
  if (bytes > BODY_LIMIT_BYTES - 1024) {
    problems.push({
      at: record.at,
      message: `has ${bytes} bytes of content; a record may have ${BODY_LIMIT_BYTES - 1024}.`,
    });
  }
  return { at: record.at, uid, data, paths };
}

function noteSkipped(members: Members, skipped: Skipped[]): void {
  for (const name of members.leftOver()) {
    const what = Object.hasOwn(SKIPPED, name) ? SKIPPED[name]! : "members that Keeper's format does not have";
    skipped.push({ what, at: members.at === '' ? name : `${members.at}.${name}` });
  }
}

/** Two entries that a second import could not tell apart, or that claim the same UID. */
function refuseTwins(folders: readonly FileFolder[], records: readonly FileRecord[], problems: Problem[]): void {
  const owners = new Map<string, string>();
  for (const { at, uid } of [...folders, ...records]) {
    if (uid === undefined) continue;
    const owner = owners.get(uid);
    if (owner)
      problems.push({ at: `${at}.uid`, message: `is ${shown(uid)}, as that of ${owner}; a UID belongs to one thing.` });
    owners.set(uid, owner ?? at);
  }
  const titles = new Map<string, string>();
  for (const { at, uid, data, place } of records) {
    if (uid !== undefined) continue;
    const key = JSON.stringify([place ? [place.folder.key, folderKey(place.inside)] : null, data.title]);
    const twin = titles.get(key);
    if (twin) {
      problems.push({
        at,
        message: `has the title and the folder of ${twin}, and neither has a "uid" that would tell them apart; give each one.`,
      });
    }
    titles.set(key, twin ?? at);
  }
}
