import type { AttributePath } from './path';
import { type Attributes, isNested, type Schema, valueType } from './schema';
import { isAbsent, type ObjectValue, sameValue, UNKNOWN, type Value } from './value';
import { type Visit, walk } from './walk';

export interface AttributesPlan {
  readonly planned: ObjectValue;
  readonly requiresReplace: AttributePath[];
  /** Attributes whose change would replace, adopted in place since the resource was imported. */
  readonly adopted: AttributePath[];
}

/**
 * The plan of one resource, attribute by attribute. A pure function: Terraform
 * plans again in the apply process, and once more without a prior state when
 * it replaces (trap 16), and must get the same plan each time.
 *
 * @param prior null for a creation and for the second half of a replacement
 */
export function planAttributes(
  schema: Schema,
  prior: ObjectValue | null,
  config: ObjectValue,
  imported: boolean,
): AttributesPlan {
  const requiresReplace: AttributePath[] = [];
  const adopted: AttributePath[] = [];
  const planned = walk(schema.attributes, config, plannedValue, prior);
  if (!prior) return { planned, requiresReplace, adopted };
  walk(
    schema.attributes,
    planned,
    ({ attribute, path, value, other = null }) => {
      if (!changes(attribute.type, value, other) || !replaces(attribute.requiresReplace, prior)) return value;
      const adopts = imported && attribute.adoptAfterImport?.(other, value);
      const paths = adopts ? adopted : requiresReplace;
      // Elements of a set share the path of the set.
      if (!paths.some((known) => JSON.stringify(known) === JSON.stringify(path))) paths.push(path);
      return value;
    },
    prior,
  );
  return { planned, requiresReplace, adopted };
}

/** What is configured; its default; or, of what the provider sets, the value that it set once. */
function plannedValue({ attribute, value, other }: Visit): Value {
  if (attribute.writeOnly) return null;
  if (value !== null) return value;
  if (attribute.default !== undefined) return attribute.default;
  return attribute.computed ? (other === undefined ? UNKNOWN : other) : null;
}

/** Null and an empty collection are one: whoever writes `{}` for nothing has changed nothing. */
function changes(type: Attributes[string]['type'], planned: Value, prior: Value): boolean {
  if (isAbsent(planned) && isAbsent(prior)) return false;
  return !sameValue(planned, prior, valueType(type));
}

function replaces(rule: Attributes[string]['requiresReplace'], prior: ObjectValue): boolean {
  return typeof rule === 'function' ? rule(prior) : rule === true;
}

/** A state or a plan without what must never be in one. */
export function withoutWriteOnly(schema: Schema, object: ObjectValue): ObjectValue {
  if (!hasWriteOnly(schema.attributes)) return object;
  return walk(schema.attributes, object, ({ attribute, value }) => (attribute.writeOnly ? null : value));
}

function hasWriteOnly(attributes: Attributes): boolean {
  return Object.values(attributes).some(
    ({ writeOnly, type }) => writeOnly || (isNested(type) && hasWriteOnly(type.attributes)),
  );
}
