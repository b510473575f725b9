/** Reads members of JSON objects by type and notes a problem where one does not fit. `null` counts as absent. */
import { NAME_MAX_LENGTH, NAME_PATTERN, UID_PATTERN } from '../../contract/limits';
import { kindOf, member, type Problem, shown } from './problems';

export type Json = Readonly<Record<string, unknown>>;

const UID = new RegExp(UID_PATTERN);
const NAME = new RegExp(NAME_PATTERN, 'u');

/** What an entry calls itself. */
export interface Uid {
  readonly uid?: string | undefined;
  /** Not a UID: it stands for the entry in this file and nowhere else. */
  readonly local?: string | undefined;
}

/** One object of the file, with its path; what nobody asked for by name is left over. */
export class Members {
  private readonly asked = new Set<string>();

  constructor(
    private readonly json: Json,
    readonly at: string,
    private readonly problems: Problem[],
  ) {}

  static of(value: unknown, at: string, problems: Problem[]): Members | undefined {
    if (isObject(value)) return new Members(value, at, problems);
    problems.push({ at, message: `is ${kindOf(value)}, not an object in braces.` });
    return undefined;
  }

  has(name: string): boolean {
    return (this.json[name] ?? undefined) !== undefined;
  }

  text(name: string): string | undefined {
    const value = this.take(name);
    if (value === undefined || typeof value === 'string') return value;
    if (Number.isSafeInteger(value)) return String(value);
    return this.wrong(name, `is ${kindOf(value)}; write a text in double quotes.`);
  }

  list(name: string): readonly unknown[] {
    const value = this.take(name) ?? [];
    if (Array.isArray(value)) return value;
    this.wrong(name, `is ${kindOf(value)}, not an array in brackets.`);
    return [];
  }

  object(name: string): Json {
    const value = this.take(name) ?? {};
    if (isObject(value)) return value;
    this.wrong(name, `is ${kindOf(value)}, not an object in braces.`);
    return {};
  }

  objectOrList(name: string): Json | readonly unknown[] {
    const value = this.take(name) ?? {};
    if (isObject(value) || Array.isArray(value)) return value;
    this.wrong(name, `is ${kindOf(value)}, not an object in braces.`);
    return {};
  }

  /** Whatever it is. */
  value(name: string): unknown {
    return this.take(name);
  }

  /** An object inside this one; undefined, with a problem, where the value is none. */
  within(value: unknown, at: string): Members | undefined {
    return Members.of(value, at, this.problems);
  }

  /** As Keeper's importer takes it: a UID of the vault, or any text or number that names the thing in this file alone. */
  uid(): Uid {
    const value = this.take('uid');
    if (value === undefined || value === '') return {};
    if (typeof value === 'number') return { local: String(value) };
    if (typeof value === 'string') return UID.test(value) ? { uid: value } : { local: value };
    this.wrong('uid', `is ${kindOf(value)}; write a Keeper UID, or any text or number to refer to it in this file.`);
    return {};
  }

  /** Members that carry something and were never asked for. */
  leftOver(): string[] {
    return Object.keys(this.json).filter((name) => !this.asked.has(name) && !isEmpty(this.json[name]));
  }

  /** Notes a problem with the member of this name. */
  wrong(name: string, message: string): undefined {
    return this.problem(member(this.at, name), message);
  }

  /** Notes a problem at a full path. */
  problem(at: string, message: string): undefined {
    this.problems.push({ at, message });
    return undefined;
  }

  private take(name: string): unknown {
    this.asked.add(name);
    return Object.hasOwn(this.json, name) ? (this.json[name] ?? undefined) : undefined;
  }
}

/** The sentence that refuses a folder's name, or undefined when it is one. */
export function folderNameFault(name: string): string | undefined {
  if ([...name].length <= NAME_MAX_LENGTH && NAME.test(name)) return undefined;
  return `names the folder ${shown(name)}; a name is 1 to ${NAME_MAX_LENGTH} characters without control characters.`;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Nothing is lost by leaving it out. */
function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.keys(value).length === 0;
  return value === null || value === '' || value === false || value === 0;
}
