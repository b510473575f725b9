/** Turns a record of the import format into the data of a typed record (version 3), as Keeper stores it. */
import type { RecordData, RecordField } from '../../contract/types';
import { isObject, type Json, type Members } from './members';
import { kindOf, member } from './problems';

/** A place in the standard fields of a record type. */
interface Slot {
  readonly type: string;
  readonly label?: string | undefined;
}

/**
 * The standard fields of the record types that devices use most; a file may bring its own `schema`. In any other
 * type login, password and URL are standard fields and the rest is custom: notation finds them there.
 */
const STANDARD_SLOTS: Readonly<Record<string, readonly Slot[]>> = {
  login: slots('login', 'password', 'url', 'oneTimeCode'),
  databaseCredentials: [{ type: 'text', label: 'type' }, ...slots('host', 'login', 'password')],
  serverCredentials: slots('host', 'login', 'password'),
  sshKeys: slots('login', 'keyPair', 'password', 'host'),
  encryptedNotes: slots('note', 'date'),
};

/** Types whose one field may hold several values; an array for any other type becomes several fields. */
const SEVERAL = new Set(
  (
    'text url multiline json fileRef email secret otp host phone name address securityQuestion paymentCard privateKey ' +
    'addressRef cardRef date checkbox dropdown schedule passkey script recordRef appFiller'
  ).split(' '),
);
/** Types whose values are objects or whatever the file says. */
const STRUCTURED = new Set(
  (
    'host phone name address securityQuestion paymentCard bankAccount privateKey keyPair schedule passkey script ' +
    'appFiller pamHostname pamResources pamSettings pamRemoteBrowserSettings'
  ).split(' '),
);
const DATES = new Set(['date', 'birthDate', 'expirationDate']);

/** Keeper's own name for the second factor in exports of old records. */
const TWO_FACTOR_CODE = 'TFC:Keeper';

/** @returns undefined after a problem in the record's type or fields was noted */
export function recordData(record: Members): RecordData | undefined {
  const title = record.requiredText('title', 'every record needs a title.');
  const type = record.text('$type') || 'login';
  const plain = (
    [
      ['login', 'login'],
      ['password', 'password'],
      ['url', 'login_url'],
    ] as const
  ).flatMap(([fieldType, name]) => {
    const value = record.text(name);
    return value ? [{ type: fieldType, value: [value] }] : [];
  });
  const notes = record.text('notes');
  const custom = customFields(record, record.object('custom_fields'));
  const schema = record.list('schema').flatMap((entry, index) => schemaSlot(record, entry, index));
  if (title === undefined) return undefined;
  const { fields, rest } = arrange(slotsOf(type, schema, plain), [...plain, ...custom]);
  return { title, type, fields, custom: rest, ...(notes ? { notes } : {}) };
}

function slotsOf(type: string, schema: readonly Slot[], plain: readonly RecordField[]): readonly Slot[] {
  if (schema.length > 0) return schema;
  return Object.hasOwn(STANDARD_SLOTS, type) ? STANDARD_SLOTS[type]! : slots(...plain.map((field) => field.type));
}

/** Puts each field into the first slot of its type and label; what finds none is a custom field. */
function arrange(
  places: readonly Slot[],
  given: readonly RecordField[],
): { fields: RecordField[]; rest: RecordField[] } {
  const rest = [...given];
  const fields = places.map((slot): RecordField => {
    const index = rest.findIndex((field) => field.type === slot.type && (field.label ?? '') === (slot.label ?? ''));
    const found = index < 0 ? undefined : rest.splice(index, 1)[0];
    return found ?? { type: slot.type, ...(slot.label ? { label: slot.label } : {}), value: [] };
  });
  return { fields, rest };
}

function customFields(record: Members, members: Json): RecordField[] {
  return Object.entries(members).flatMap(([key, value]) => {
    const at = member(member(record.at, 'custom_fields'), key);
    const { type, label } = fieldName(key);
    if (type === '')
      return record.problem(at, 'names no type after the $; write "$type:label", or a label without $.') ?? [];
    const items = Array.isArray(value) ? value : value === null || value === '' ? [] : [value];
    const values = items.flatMap((item) => fieldValue(record, at, type, item) ?? []);
    const field = (content: unknown[]): RecordField => ({ type, ...(label ? { label } : {}), value: content });
    // Without a type, each item of an array is a field of its own: two old custom fields of one label.
    const single = !Array.isArray(value) || (key.startsWith('$') && SEVERAL.has(type));
    return single ? [field(values)] : values.map((item) => field([item]));
  });
}

/** `$type:label`, `$type` or a label alone; a counter `:1` after the label tells equal labels apart and is dropped. */
function fieldName(key: string): { type: string; label: string } {
  if (key === TWO_FACTOR_CODE) return { type: 'oneTimeCode', label: '' };
  const [, type, label] = /^\$([^:]*)(?::(.*))?$/s.exec(key) ?? [undefined, 'text', key];
  return { type: type!.trim(), label: (label ?? '').trim().replace(/:\d$/, '') };
}

/** The value as the type stores it; a problem is noted and undefined returned when it cannot be one. */
function fieldValue(record: Members, at: string, type: string, value: unknown): [unknown] | undefined {
  if (STRUCTURED.has(type) || value === null) return value === null ? undefined : [value];
  if (DATES.has(type)) {
    const milliseconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (Number.isSafeInteger(milliseconds)) return [milliseconds];
    return record.problem(at, `is ${kindOf(value)} that is no date; write it in milliseconds since 1970.`);
  }
  if (type === 'checkbox') {
    if (typeof value === 'boolean') return [value];
    if (value === 'true' || value === 'false') return [value === 'true'];
    return record.problem(at, `is ${kindOf(value)}; a checkbox is true or false.`);
  }
  if (isObject(value) || Array.isArray(value)) {
    return record.problem(at, `is ${kindOf(value)}; a field of the type ${JSON.stringify(type)} holds a text.`);
  }
  return [String(value)];
}

function schemaSlot(record: Members, entry: unknown, index: number): Slot[] {
  if (typeof entry !== 'string' || fieldName(`$${entry.replace(/^\$/, '')}`).type === '') {
    return (
      record.problem(`${record.at}.schema[${index}]`, `is ${kindOf(entry)}; write "$type" or "$type:label".`) ?? []
    );
  }
  return [fieldName(`$${entry.replace(/^\$/, '')}`)];
}

function slots(...types: string[]): Slot[] {
  return types.map((type) => ({ type }));
}
