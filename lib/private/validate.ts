import { TerraformElement, TerraformProvider, type TerraformResourceLifecycle, TerraformStack, Token } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import type { IKsmApplication } from '../application';
import type { KsmResourceOptions } from '../resource-options';
import { CONTROL_CHARACTER, HALF_PAIR, NAME_MAX_LENGTH, UID_PATTERN } from './limits';
import { nearest } from './near';
import type { Secret } from './secret';

/** What is wrong with one property, or undefined if nothing is. */
export type Finding = string | undefined;

/** Throws one error that names the construct and everything that is wrong with its properties. */
export function validate(kind: string, construct: IConstruct, findings: readonly Finding[]): void {
  refuseTerrain(kind, construct);
  const wrong = findings.filter((finding) => finding !== undefined);
  if (wrong.length > 0) throw new Error(`${kind} '${construct.node.path}': ${wrong.join(' ')}`);
}

/** What there is to say, in one text. */
export const sentences = (...texts: readonly Finding[]) => texts.filter((text) => text !== undefined).join(' ');

/**
 * What a construct or a method was given, after validation. Null counts as
 * undefined: of both JavaScript alone has two, and other languages send the one.
 *
 * @param known each property that there is
 * @param findings what is wrong with their values
 */
export function checked<P extends object>(
  kind: string,
  construct: IConstruct,
  given: P | null | undefined,
  known: Record<keyof P, true>,
  findings: (props: P) => readonly Finding[] = () => [],
): P {
  const keys = validKeys(given, known);
  const props = withoutNulls(given, known);
  // Of what is no object each property is missing, which says nothing more.
  validate(kind, construct, isObject(given) ? [keys, ...findings(props)] : [keys]);
  return props;
}

/** Its properties one by one, since they may stand in its prototype; and those of what is given within, such as `lifecycle`. */
export function withoutNulls<P extends object>(given: P | null | undefined, known: Record<keyof P, true>): P {
  const names = Object.keys(known) as (keyof P)[];
  return Object.fromEntries(names.map((name) => [name, withoutInner(given?.[name] ?? undefined)])) as P;
}

function withoutInner(value: unknown): unknown {
  if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value);
  return entries.some(([, inner]) => inner === null)
    ? Object.fromEntries(entries.filter(([, inner]) => inner !== null))
    : value;
}

/**
 * A stack of CDK Terrain asks each of its elements, at synth, for what those of cdktf have not, and ends in a TypeError. Two copies of
 * cdktf have neither of the two, and CDK Terrain by the name of cdktf has both.
 */
function refuseTerrain(kind: string, construct: IConstruct): void {
  if ('_resetResolveDiscoveredProviderFeatureUsage' in TerraformElement.prototype) return;
  const stack = construct.node.scopes.find((scope) => TerraformStack.isStack(scope));
  if (stack === undefined || !('_runPreparingResolve' in stack)) return;
  throw new Error(
    `${kind} '${construct.node.path}': its stack is one of cdktn, CDK Terrain, for which cdktf-ksm is not made. Expected the package cdktn-ksm in its place.`,
  );
}

/** Values that are known only when Terraform runs are Terraform's to check. */
export function isKnown<T>(value: T | undefined): value is T {
  return value !== undefined && !Token.isUnresolved(value);
}

/** Of what decides at synthesis which blocks there are: Terraform would know it too late. */
export function validNow(field: string, value: unknown, expected: string): Finding {
  return Token.isUnresolved(value)
    ? `${field} is ${show(value)}. Expected ${expected}, known at synthesis.`
    : undefined;
}

/** A boolean that decides at synthesis. */
export function validSwitch(field: string, value: unknown): Finding {
  return validNow(field, value, 'true or false') ?? validBoolean(field, value);
}

export function validName(field: string, value: string): Finding {
  // A name is required, so that one that is missing is a finding, too.
  if (Token.isUnresolved(value)) return undefined;
  const expected = `Expected 1 to ${NAME_MAX_LENGTH} characters without control characters.`;
  if (typeof value !== 'string' || value.length === 0) return `${field} is ${show(value)}. ${expected}`;
  const { length } = [...value];
  if (length > NAME_MAX_LENGTH) return `${field} has ${length} characters: ${show(value)}. ${expected}`;
  const control = CONTROL_CHARACTER.exec(value);
  if (control) return `${field} is ${show(value)}, with a control character at position ${control.index}. ${expected}`;
  if (HALF_PAIR.test(value)) return `${field} is ${show(value)}, with half of a surrogate pair. ${expected}`;
  return undefined;
}

export function validUid(field: string, value: string): Finding {
  // It is required, too.
  if (Token.isUnresolved(value) || (typeof value === 'string' && UID_PATTERN.test(value))) return undefined;
  return `${field} is ${show(value)}. Expected a Keeper UID: 22 characters of A-Z a-z 0-9 - _.`;
}

export function validInteger(field: string, value: number | undefined, min: number, max: number): Finding {
  if (!isKnown(value) || (Number.isInteger(value) && value >= min && value <= max)) return undefined;
  return `${field} is ${show(value)}. Expected a whole number from ${min} to ${max}.`;
}

export function validBoolean(field: string, value: unknown): Finding {
  if (!isKnown(value) || typeof value === 'boolean') return undefined;
  return `${field} is ${show(value)}. Expected true or false.`;
}

/** Values of a map of texts. */
export function validTexts(field: string, map: { [key: string]: string } | undefined): Finding {
  if (!isKnown(map)) return undefined;
  if (typeof map !== 'object' || map === null) return `${field} is ${show(map)}. Expected texts by key.`;
  const wrong = Object.entries(map).find(([, value]) => !Token.isUnresolved(value) && typeof value !== 'string');
  return wrong && `${field}.${wrong[0]} is ${show(wrong[1])}. Expected text.`;
}

/**
 * From JavaScript nothing else says that a property is not one, and it would be ignored.
 *
 * @param of where it was given, unless that is all that was given
 */
export function validKeys(props: unknown, known: Record<string, true>, of = ''): Finding {
  const names = Object.keys(known);
  const expected = `Expected ${names.length === 1 ? `${names[0]} alone` : names.join(', ')}.`;
  if (!isObject(props)) {
    return `${of || 'what it was given'} is ${show(props)}. Expected an object, with ${names.join(', ')}.`;
  }
  const unknown = Object.keys(props).filter((key) => !Object.hasOwn(known, key));
  if (unknown.length === 0) return undefined;
  const are = unknown.length === 1 ? 'is no property' : 'are no properties';
  return sentences(
    `${unknown.map((key) => show(key)).join(', ')} ${are} of ${of || 'it'}.`,
    ...unknown.map((key) => didYouMean(key, names)),
    expected,
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Construct.isConstruct(value);
}

/** Of options that may be left out. */
export function validOptions(options: unknown, known: Record<string, true>, of = ''): Finding {
  return options === undefined || options === null ? undefined : validKeys(options, known, of);
}

export function didYouMean(text: string, names: readonly string[]): string | undefined {
  const meant = nearest(text, names);
  return meant === undefined ? undefined : `Did you mean ${meant}?`;
}

/** Of what exists already. */
export function validSource(options: { readonly provider?: unknown } | null | undefined): Finding {
  return validOptions(options, { provider: true }, 'options') ?? validProvider(options?.provider);
}

/** Of another one the resource would name a provider that does not know it. */
export function validProvider(value: unknown, type = 'ksm', kind = 'KsmProvider'): Finding {
  if (value === undefined || value === null) return undefined;
  if (TerraformProvider.isTerraformProvider(value) && value.terraformResourceType === type) return undefined;
  return `provider is ${show(value)}. Expected a ${kind}.`;
}

/** What `forEach` is asked for at synthesis. */
export function validForEach(value: unknown): Finding {
  if (value === undefined || (typeof value === 'object' && value !== null && '_getForEachExpression' in value)) {
    return undefined;
  }
  return `forEach is ${show(value)}. Expected a TerraformIterator, such as TerraformIterator.fromList(list).`;
}

/** What each resource of ours takes. */
export function optionFindings(props: KsmResourceOptions): Finding[] {
  return [
    validProvider(props.provider),
    validLifecycle(props.lifecycle),
    validDependsOn(props.dependsOn),
    validForEach(props.forEach),
  ];
}

const LIFECYCLE: Record<keyof TerraformResourceLifecycle, true> = {
  createBeforeDestroy: true,
  preventDestroy: true,
  ignoreChanges: true,
  replaceTriggeredBy: true,
  precondition: true,
  postcondition: true,
};

/** One that is misspelt protects nothing. */
export function validLifecycle(lifecycle: unknown): Finding {
  return validOptions(lifecycle, LIFECYCLE, 'lifecycle');
}

export function validApplication(value: unknown): Finding {
  if (Construct.isConstruct(value) && typeof (value as Partial<IKsmApplication>).addClientDevice === 'function') {
    return undefined;
  }
  return `application is ${show(value)}. Expected a KsmApplication; for a UID use KsmApplication.fromUid.`;
}

export function validSecret(field: 'folder' | 'record', value: unknown): Finding {
  const kind = field === 'folder' ? 'SharedFolder' : 'VaultRecord';
  const given = Construct.isConstruct(value) ? (value as Partial<Secret>) : undefined;
  const { _kind: other } = given ?? {};
  if (other !== undefined && other !== kind) {
    return `${field} is the ${other} '${given!.node!.path}'. Expected a ${kind}; for this one use ${field === 'folder' ? 'RecordGrant' : 'SharedFolderGrant'}.`;
  }
  // One of your own making has a UID; so has a data source, of whatever kind it is.
  if (given !== undefined && 'uid' in given && !TerraformElement.isTerraformElement(given)) return undefined;
  return `${field} is ${show(value)}. Expected a ${kind}; for a UID use ${kind}.fromUid.`;
}

/** An address as text would end as nothing in Terraform's `depends_on`. */
export function validDependsOn(value: readonly unknown[] | undefined): Finding {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) return `dependsOn is ${show(value)}. Expected a list of constructs.`;
  const wrong = value.findIndex((one) => typeof one !== 'object' || one === null || !('fqn' in one));
  if (wrong < 0) return undefined;
  return `dependsOn.${wrong} is ${show(value[wrong])}. Expected a construct that is a resource of Terraform.`;
}

/** A word of a few. */
export function validWord(field: string, value: string | undefined, ...allowed: string[]): Finding {
  if (!isKnown(value) || allowed.includes(value)) return undefined;
  return `${field} is ${show(value)}. Expected ${allowed.map((word) => JSON.stringify(word)).join(' or ')}.`;
}

/** Text, or what becomes one when Terraform runs. */
export function validText(field: string, value: unknown): Finding {
  if (!isKnown(value) || typeof value === 'string') return undefined;
  return `${field} is ${show(value)}. Expected text.`;
}

/** Control characters escaped, and cut where a message would become unreadable. */
export function show(value: unknown): string {
  if (Token.isUnresolved(value)) return 'a value that only Terraform knows';
  const text = typeof value === 'string' ? JSON.stringify(value) : named(value);
  const escaped = text.replace(/[\u007f-\u009f]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
  return escaped.length > 80 ? `${escaped.slice(0, 76)}…"` : escaped;
}

/** Constructs say what they are: `String` of one is its path, which reads like a text. */
function named(value: unknown): string {
  if (Construct.isConstruct(value)) return `the ${value.constructor.name} '${value.node.path}'`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
