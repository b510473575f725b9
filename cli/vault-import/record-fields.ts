/** Turns a record of the import format into the data of a typed record (version 3), as Keeper stores it. */
import type { RecordData, RecordField } from '../../contract/types';
import { isObject, type Members } from './members';
import { kindOf, member } from './problems';
import { type Slot, standardSlots } from './record-types';

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
/** Types whose values are true or false. */
const BOOLEANS = new Set(['checkbox', 'isSSIDHidden']);
/** Types whose values are texts; of a type that is nobody's the value stays what it is. */
const TEXTS = new Set(
  (
    'text url multiline email secret otp login password note pinCode oneTimeCode licenseNumber accountNumber groupNumber ' +
    'wifiEncryption dropdown databaseType directoryType rbiUrl trafficEncryptionSeed'
  ).split(' '),
);
const DATES = new Set(['date', 'birthDate', 'expirationDate']);

/** Keeper's own name for the second factor in exports of old records. */
const TWO_FACTOR_CODE = 'TFC:Keeper';

/** Keeper lets people leave the title empty; the vault, and whoever looks for the record, needs one. */
export const UNTITLED = 'Untitled';

/** Standard and custom fields; problems in them are noted. Without a type the record is a login, as with Keeper. */
export function recordData(record: Members): RecordData {
  const title = record.text('title') || UNTITLED;
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
  const custom = customFields(record);
  const schema = record.list('schema').flatMap((entry, index) => schemaSlot(record, entry, index));
  // Of any other type login, password and URL are standard fields and the rest is custom.
  const places = schema.length > 0 ? schema : (standardSlots(type) ?? plain.map((field) => ({ type: field.type })));
  const { fields, rest } = arrange(places, [...plain, ...custom]);
  return { title, type, fields, custom: rest, ...(notes ? { notes } : {}) };
}

/** The record with references in the fields that hold them: those of the type and label, else a custom one each. */
export function withReferences(
  data: RecordData,
  references: readonly (Slot & { readonly uids: readonly string[] })[],
): RecordData {
  const { fields, rest } = arrange(
    data.fields,
    references.map(({ uids, ...slot }) => toField(slot, [...uids])),
  );
  return { ...data, fields, custom: [...(data.custom ?? []), ...rest] };
}

/**
 * Puts each field into the first place of its type and label, and then what has no label into the first place left of
 * its type; what finds none is a custom field.
 */
function arrange(
  places: readonly (Slot & { readonly value?: unknown[] })[],
  given: readonly RecordField[],
): { fields: RecordField[]; rest: RecordField[] } {
  const rest = [...given];
  const fields = places.map(({ value = [], ...slot }): RecordField => toField(slot, value));
  for (const loosely of [false, true]) {
    for (const [index, place] of fields.entries()) {
      if (place.value.length > 0) continue;
      const found = rest.findIndex(
        ({ type, label = '' }) => type === place.type && (label === (place.label ?? '') || (loosely && label === '')),
      );
      if (found >= 0) fields[index] = toField(place, rest.splice(found, 1)[0]!.value);
    }
  }
  return { fields, rest };
}

const toField = ({ type, label }: Slot, value: unknown[]): RecordField => ({
  type,
  ...(label ? { label } : {}),
  value,
});

/** `custom_fields` as an object, or as the list of `{"name", "type", "value"}` that older exports have. */
function customFields(record: Members): RecordField[] {
  const members = record.objectOrList('custom_fields');
  const at = member(record.at, 'custom_fields');
  if (!Array.isArray(members)) {
    return Object.entries(members).flatMap(([key, value]) => customField(record, member(at, key), key, value));
  }
  return members.flatMap((item, index) => {
    const entry = record.within(item, `${at}[${index}]`);
    if (!entry) return [];
    const label = entry.text('name') ?? entry.text('label') ?? '';
    const type = entry.text('type');
    const key = type ? `$${type}:${label}` : label;
    return customField(record, `${at}[${index}].value`, key, entry.value('value') ?? null);
  });
}

function customField(record: Members, at: string, key: string, value: unknown): RecordField[] {
  const { type, label } = fieldName(key);
  if (type === '')
    return record.problem(at, 'names no type after the $; write "$type:label", or a label without $.') ?? [];
  const items = Array.isArray(value) ? value : value === null || value === '' ? [] : [value];
  const values = items.flatMap((item) => fieldValue(record, at, type, item) ?? []);
  const field = (content: unknown[]) => toField({ type, label }, content);
  // Without a type, each item of an array is a field of its own: two old custom fields of one label.
  const single = !Array.isArray(value) || (key.startsWith('$') && SEVERAL.has(type));
  return single ? [field(values)] : values.map((item) => field([item]));
}

/** `$type:label`, `$type` or a label alone; a counter `:1` after the label tells equal labels apart and is dropped. */
export function fieldName(key: string): { type: string; label: string } {
  if (key === TWO_FACTOR_CODE) return { type: 'oneTimeCode', label: '' };
  const [, type, label] = /^\$([^:]*)(?::(.*))?$/s.exec(key) ?? [undefined, 'text', key];
  return { type: type!.trim(), label: (label ?? '').trim().replace(/:\d$/, '') };
}

/** The value as the type stores it; a problem is noted and undefined returned when it cannot be one. */
function fieldValue(record: Members, at: string, type: string, value: unknown): [unknown] | undefined {
  if (STRUCTURED.has(type) || value === null) return value === null ? undefined : [value];
  if (DATES.has(type)) {
    const milliseconds = millisecondsOf(value);
    if (Number.isSafeInteger(milliseconds)) return [milliseconds];
    return record.problem(
      at,
      `is ${kindOf(value)} that is no date; write it in milliseconds since 1970, or as 2026-12-31.`,
    );
  }
  if (BOOLEANS.has(type)) {
    if (typeof value === 'boolean') return [value];
    if (value === 'true' || value === 'false') return [value === 'true'];
    return record.problem(at, `is ${kindOf(value)}; a field of the type ${JSON.stringify(type)} is true or false.`);
  }
  if (isObject(value) || Array.isArray(value)) {
    if (!TEXTS.has(type)) return [value];
    return record.problem(at, `is ${kindOf(value)}; a field of the type ${JSON.stringify(type)} holds a text.`);
  }
  return [String(value)];
}

/** A day is midnight of it in UTC. */
function millisecondsOf(value: unknown): unknown {
  if (typeof value !== 'string' || value.trim() === '') return value;
  return /^\d{4}-\d{2}-\d{2}/.test(value.trim()) ? Date.parse(value.trim()) : Number(value);
}

function schemaSlot(record: Members, entry: unknown, index: number): Slot[] {
  if (typeof entry !== 'string' || fieldName(`$${entry.replace(/^\$/, '')}`).type === '') {
    return (
      record.problem(`${record.at}.schema[${index}]`, `is ${kindOf(entry)}; write "$type" or "$type:label".`) ?? []
    );
  }
  return [fieldName(`$${entry.replace(/^\$/, '')}`)];
}
