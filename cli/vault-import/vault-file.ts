/**
 * Keeper's JSON import format, read as a whole before anything is sent. Pure: text in, a vault file or all its
 * problems out.
 *
 * @see https://docs.keeper.io/en/keeperpam/commander-cli/command-reference/import-and-export-commands/json-import
 */
import { BODY_LIMIT_BYTES } from '../../contract/limits';
import { folderNames } from './folder-path';
import { JsonTextError, parseJsonText } from './json-text';
import { folderNameFault, Members } from './members';
import { type Fault, member, type Problem, shown, VaultFileError } from './problems';
import { fieldName, recordData } from './record-fields';
import { SharedFolders } from './shared-folders';
import type { FileRecord, RecordPath, Reference, Skipped, VaultFile } from './types';

const SKIPPED: Readonly<Record<string, string>> = {
  permissions: 'permissions of users and teams',
  manage_users: 'permissions of users and teams',
  manage_records: 'permissions of users and teams',
  can_edit: 'permissions of users and teams',
  can_share: 'permissions of users and teams',
  teams: 'teams',
  attachments: 'attachments',
  last_modified: 'times of last modification',
};

/** @throws VaultFileError with every problem of the file as a whole; what is wrong with records are its faults */
export function parseVaultFile(text: string): VaultFile {
  const problems: Problem[] = [];
  const skipped: Skipped[] = [];
  const top = topLevel(jsonOf(text), problems);
  const folders = new SharedFolders(problems, skipped);
  const faults: Fault[] = [];
  const records: FileRecord[] = [];
  if (top) {
    for (const shared of eachObject(top, 'shared_folders', problems)) {
      const path = shared.text('path');
      folders.declare(shared.at, shared.uid().uid, path);
      noteSkipped(shared, skipped, { ofFolder: path });
    }
    const drafts = withoutTwins(
      top.list('records').flatMap((item, index) => readRecord(item, `records[${index}]`, faults, skipped)),
      [...folders.all, ...folders.inner],
      faults,
    );
    noteSkipped(top, skipped);
    for (const { paths } of drafts) for (const { shared, at } of paths) folders.mention(shared, at);
    folders.settle();
    for (const { paths, ...record } of drafts) {
      records.push({ ...record, place: folders.place(paths, record.data.title) });
    }
  }
  refuseTwins([...folders.all, ...folders.inner], problems);
  if (problems.length > 0) throw new VaultFileError(problems);
  return { folders: folders.all, inner: folders.inner, records, skipped, faults };
}

function jsonOf(text: string): unknown {
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

type Draft = Omit<FileRecord, 'place'> & { readonly paths: readonly RecordPath[] };

/** Of what cannot be read a fault is noted each; none is returned where the whole record cannot be taken. */
function readRecord(item: unknown, at: string, faults: Fault[], skipped: Skipped[]): Draft[] {
  const problems: Problem[] = [];
  const record = Members.of(item, at, problems);
  const draft = record && readMembers(record, problems, skipped);
  const bytes = draft ? Buffer.byteLength(JSON.stringify(draft.data)) : 0;
  const tooLarge = bytes > BODY_LIMIT_BYTES - 1024;
  if (tooLarge) {
    problems.push({ at, message: `has ${bytes} bytes of content; a record may have ${BODY_LIMIT_BYTES - 1024}.` });
  }
  const wholeRecord = !draft || tooLarge;
  for (const problem of problems) faults.push({ ...problem, of: draft?.data.title, wholeRecord });
  return wholeRecord ? [] : [draft];
}

function readMembers(record: Members, problems: Problem[], skipped: Skipped[]): Draft {
  const name = record.uid();
  const data = recordData(record);
  const { title } = data;
  const paths = record.list('folders').flatMap((item, index): RecordPath[] => {
    const entry = Members.of(item, `${record.at}.folders[${index}]`, problems);
    if (!entry) return [];
    const path = recordPath(entry, entry.text('shared_folder'), entry.text('folder'), problems);
    noteSkipped(entry, skipped, { of: title });
    return path;
  });
  // Older exports have one folder, as a text in the record itself.
  paths.push(...recordPath(record, undefined, record.text('folder'), problems));
  const references = readReferences(record, skipped, title);
  noteSkipped(record, skipped, { of: title });
  return { at: record.at, ...name, data, references, paths };
}

function recordPath(
  { at }: Members,
  sharedText: string | undefined,
  folderText: string | undefined,
  problems: Problem[],
): RecordPath[] {
  const shared = folderNames(sharedText ?? '');
  const folder = folderNames(folderText ?? '');
  const faults = [...shared, ...folder].flatMap((name) => folderNameFault(name) ?? []);
  for (const message of faults) problems.push({ at, message });
  if (faults.length > 0) return [];
  return shared.length + folder.length > 0 ? [{ at, shared, folder }] : [];
}

/** `"references": {"$addressRef::1": [3]}`: of attached files they lead nowhere here. */
function readReferences(record: Members, skipped: Skipped[], title: string): Reference[] {
  return Object.entries(record.object('references')).flatMap(([key, value]): Reference[] => {
    const at = member(member(record.at, 'references'), key);
    const to = (Array.isArray(value) ? value : [value]).filter(
      (target) => (typeof target === 'string' && target !== '') || typeof target === 'number',
    );
    const { type, label } = fieldName(key.startsWith('$') ? key : `$${key}`);
    if (to.length === 0) return [];
    if (type === 'fileRef') {
      skipped.push({ what: 'attachments', at, of: title });
      return [];
    }
    return [{ at, type, label, to: to.map(String) }];
  });
}

/** Several members of one kind, as the flags of a permission, are one thing. */
function noteSkipped(members: Members, skipped: Skipped[], owner: Pick<Skipped, 'of' | 'ofFolder'> = {}): void {
  const noted = new Set<string>();
  for (const name of members.leftOver()) {
    const known = Object.hasOwn(SKIPPED, name) ? SKIPPED[name]! : undefined;
    if (known !== undefined && noted.has(known)) continue;
    if (known !== undefined) noted.add(known);
    const what = known ?? "members that Keeper's format does not have";
    skipped.push({ what, at: members.at === '' ? name : `${members.at}.${name}`, ...owner });
  }
}

/** The first of several that claim a UID, which a folder may have already. */
function withoutTwins(
  drafts: readonly Draft[],
  folders: readonly { at: string; uid?: string | undefined }[],
  faults: Fault[],
): Draft[] {
  const owners = new Map(folders.flatMap(({ uid, at }) => (uid === undefined ? [] : [[uid, at] as const])));
  return drafts.filter(({ uid, at, data }) => {
    if (uid === undefined) return true;
    const owner = owners.get(uid);
    if (owner === undefined) owners.set(uid, at);
    else {
      const message = `is ${shown(uid)}, as that of ${owner}; a UID belongs to one thing.`;
      faults.push({ at: `${at}.uid`, message, of: data.title, wholeRecord: true });
    }
    return owner === undefined;
  });
}

/** Two folders that claim the same UID. */
function refuseTwins(entries: readonly { at: string; uid?: string | undefined }[], problems: Problem[]): void {
  const owners = new Map<string, string>();
  for (const { at, uid } of entries) {
    if (uid === undefined) continue;
    const owner = owners.get(uid);
    if (owner)
      problems.push({ at: `${at}.uid`, message: `is ${shown(uid)}, as that of ${owner}; a UID belongs to one thing.` });
    owners.set(uid, owner ?? at);
  }
}
