import type { Block, Json, StackModel } from './model';
import { extended, isIndex, nameOf, type Reference, referencesIn } from './references';

/** What has a credential in the open, by type; sealed ones are none. */
const TYPES = ['ksm_client_device', 'ksm_gateway'];
const SECRETS = ['one_time_token', 'config'];

/** Of a block: what Terraform reads of it, and what says nothing of its values. */
const META = ['//', 'depends_on', 'lifecycle', 'provider', 'count', 'for_each'];
const NO_ATTRIBUTE = ['provisioner', 'connection'];

/** Attributes that give back an argument under another name. An argument itself reads back as it was given. */
const ECHOES: Readonly<Record<string, string>> = {
  'terraform_data.output': 'input',
  'null_data_source.outputs': 'inputs',
};

/** Where a value stands. */
interface Place {
  readonly stack: StackModel;
  /** The block in which `each` and `self` are read. */
  readonly block?: Block;
  /** What it was reached through, so that what refers to itself ends. */
  readonly through: readonly string[];
}

/**
 * The credentials that a value comes to, each once, as address and attribute:
 * by itself, through locals, and through what gives back what it was given. A
 * whole device or gateway counts as its credential.
 *
 * @param block the block in which it stands
 */
export function secretsIn(value: Json | undefined, stack: StackModel, block?: Block): string[] {
  return value === undefined ? [] : [...new Set(secretsAt(value, [], { stack, block, through: [] }))];
}

/** What a block is given, for a provisioner too. */
export function argumentsOf({ body }: Block, leftOut: readonly string[] = []): { [key: string]: Json } {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !META.includes(key) && !leftOut.includes(key)));
}

/** @param steps which part of the value is read */
function* secretsAt(value: Json | undefined, steps: readonly string[], place: Place): Iterable<string> {
  if (typeof value === 'string') {
    for (const reference of referencesIn(value)) {
      for (const part of extended(reference, steps)) yield* follow(part, place);
    }
  }
  if (typeof value !== 'object' || value === null) return;
  const [step, ...more] = steps;
  if (Array.isArray(value)) {
    for (const one of value) yield* secretsAt(one, step !== undefined && isIndex(step) ? more : steps, place);
  } else if (step === undefined || step === '*') {
    for (const one of Object.values(value)) yield* secretsAt(one, more, place);
  } else yield* secretsAt(value[nameOf(step)], more, place);
}

function* follow({ root, steps }: Reference, place: Place): Iterable<string> {
  const [name, second, ...more] = steps;
  if (name === undefined) {
    if (root === 'self' && place.block) yield* attributeOf(place.block.type, place.block.address, [], place);
  } else if (root === 'local')
    yield* enter(`local.${name}`, place, (inner) => secretsAt(place.stack.locals[name], steps.slice(1), inner));
  else if (root === 'each') {
    if (name === 'value' && place.block) yield* secretsAt(place.block.body.for_each, ['*', ...steps.slice(1)], place);
  } else if (root === 'self') {
    if (place.block) yield* attributeOf(place.block.type, place.block.address, steps, place);
  } else if (root === 'data' || root === 'ephemeral') {
    if (second !== undefined) yield* attributeOf(name, `${root}.${name}.${second}`, more, place);
  } else yield* attributeOf(root, `${root}.${name}`, steps.slice(1), place);
}

/** What an attribute of a block is, or the whole block without one. */
function* attributeOf(type: string, address: string, steps: readonly string[], place: Place): Iterable<string> {
  const block = place.stack.blocks.get(address);
  const many = block?.body.for_each !== undefined || block?.body.count !== undefined;
  // The key of one of many; of one alone a literal key is the name of an attribute.
  const [first] = steps;
  const [step, ...more] = first !== undefined && (many ? isIndex(first) : first === '*') ? steps.slice(1) : steps;
  const attribute = step && nameOf(step);
  if (TYPES.includes(type)) {
    const own = attribute === undefined ? secretsOf(block) : SECRETS.filter((secret) => secret === attribute);
    yield* own.map((secret) => `${address}.${secret}`);
  }
  if (block === undefined) return;
  yield* enter(address, place, (inner) => {
    const given = argumentsOf(block, NO_ATTRIBUTE);
    if (attribute === undefined) return secretsAt(given, [], { ...inner, block });
    return secretsAt(given[ECHOES[`${type}.${attribute}`] ?? attribute], more, { ...inner, block });
  });
}

/** What a whole device or gateway holds: one of the two, unless only Terraform knows which. */
function secretsOf(block: Block | undefined): readonly string[] {
  const initialization = block?.body.initialization ?? 'token';
  if (initialization === 'token') return ['one_time_token'];
  return initialization === 'config' ? ['config'] : SECRETS;
}

function* enter(name: string, place: Place, read: (inner: Place) => Iterable<string>): Iterable<string> {
  if (!place.through.includes(name)) yield* read({ ...place, through: [...place.through, name] });
}
