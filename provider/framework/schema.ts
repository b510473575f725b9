import type { AttributeType } from './type';
import type { ObjectValue, Value } from './value';

/** Tells what is wrong with a known, non-null value (received and expected), or undefined if nothing is. */
export type Validator = (value: Value) => string | undefined;

/** Attributes by their names, in the order in which documentation shows them. */
export type Attributes = Readonly<Record<string, AttributeSchema>>;

/** The type of an attribute whose parts are attributes of their own, each with description, default, validators. */
export interface NestedType {
  /** One object; or several in order, without an order, or by key. */
  readonly nesting: 'single' | 'list' | 'set' | 'map';
  readonly attributes: Attributes;
}

/**
 * One attribute. `required`, `optional`, `computed`, `sensitive`, `writeOnly`,
 * `deprecated` and `description` go over the wire; the rest is for the framework
 * alone. All of it holds for attributes within a nested one too.
 */
export interface AttributeSchema {
  readonly type: AttributeType | NestedType;
  /** User documentation (Markdown): meaning, unit, range, default, whether a change replaces. */
  readonly description: string;
  /** Must be set, and not to null. */
  readonly required?: boolean;
  readonly optional?: boolean;
  /** Set by the provider at creation and kept as it is from then on, unless `modifyPlan` says otherwise. With `optional`: where the configuration says nothing. */
  readonly computed?: boolean;
  /** Terraform shows `(sensitive value)`; the value is in the state all the same. */
  readonly sensitive?: boolean;
  /**
   * Never in a plan or a state: `create` and `update` find it in `config`
   * alone. Terraform 1.11 and later; not computed, and not within a set.
   */
  readonly writeOnly?: boolean;
  /** What to use instead: a warning for whoever sets it. */
  readonly deprecated?: string;

  /** What a null in the configuration means; such an attribute is `optional` and `computed`. */
  readonly default?: Value;
  /** A change plans a replacement; as a function, where the prior state says so. Null and an empty collection are the same here. */
  readonly requiresReplace?: boolean | ((prior: ObjectValue) => boolean);
  /**
   * The vault does not report it, so an import can only guess it: the first
   * configured value for which this is true is adopted in place.
   */
  readonly adoptAfterImport?: (imported: Value, configured: Value) => boolean;
  /** Only known, non-null values are asked. */
  readonly validators?: readonly Validator[];
}

/** The attributes of a resource, of the provider, of anything that is configured. */
export interface Schema {
  /** Grows when the stored state changes its form. */
  readonly version: number;
  /** User documentation (Markdown). */
  readonly description: string;
  /** What to use instead: a warning for whoever declares it. */
  readonly deprecated?: string;
  readonly attributes: Attributes;
}

export function isNested(type: AttributeSchema['type']): type is NestedType {
  return typeof type === 'object' && 'nesting' in type;
}

/** The type of an attribute's values, with what is nested as objects. */
export function valueType(type: AttributeSchema['type']): AttributeType {
  if (!isNested(type)) return type;
  const object = objectType(type.attributes);
  return type.nesting === 'single' ? object : ({ [type.nesting]: object } as AttributeType);
}

/** Schemas are made once and read for every value: a refresh of a thousand resources reads and writes six thousand. */
const objectTypes = new WeakMap<Attributes, AttributeType>();

/** The type of the object that these attributes make. */
export function objectType(attributes: Attributes): AttributeType {
  let type = objectTypes.get(attributes);
  if (type === undefined) {
    type = { object: Object.fromEntries(Object.entries(attributes).map(([name, own]) => [name, valueType(own.type)])) };
    objectTypes.set(attributes, type);
  }
  return type;
}

/** Every attribute at its default, or null: what an import starts from. */
export function defaultsOf(schema: { readonly attributes: Attributes }): ObjectValue {
  return Object.fromEntries(
    Object.entries(schema.attributes).map(([name, attribute]) => [name, attribute.default ?? null]),
  );
}
