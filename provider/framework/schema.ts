import type { AttributeType } from './type';
import type { ObjectValue, Value } from './value';

/** Tells what is wrong with a known, non-null value (received and expected), or undefined if nothing is. */
export type Validator = (value: Value) => string | undefined;

/**
 * One attribute. `required`, `optional`, `computed`, `sensitive` and
 * `description` go over the wire; the rest is for the framework alone.
 */
export interface AttributeSchema {
  readonly type: AttributeType;
  /** User documentation (Markdown): meaning, unit, range, default, whether a change replaces. */
  readonly description: string;
  readonly required?: boolean;
  readonly optional?: boolean;
  /** Set by the provider at creation and kept as it is from then on. With `optional`: only where it has a `default`. */
  readonly computed?: boolean;
  /** Terraform shows `(sensitive value)`; the value is in the state all the same. */
  readonly sensitive?: boolean;

  /** What a null in the configuration means; such an attribute is `optional` and `computed`. */
  readonly default?: Value;
  /** A change plans a replacement; as a function, where the prior state says so. */
  readonly requiresReplace?: boolean | ((prior: ObjectValue) => boolean);
  /**
   * The vault does not report it, so an import can only guess it: the first
   * configured value for which this is true is adopted in place.
   */
  readonly adoptAfterImport?: (imported: Value, configured: Value) => boolean;
  /** Only known, non-null values are asked. */
  readonly validators?: readonly Validator[];
}

/** The attributes of a resource or of the provider. */
export interface Schema {
  /** Grows when the stored state changes its form. */
  readonly version: number;
  /** User documentation (Markdown). */
  readonly description: string;
  readonly attributes: Readonly<Record<string, AttributeSchema>>;
}

/** Every attribute at its default, or null: what an import starts from. */
export function defaultsOf(schema: Schema): ObjectValue {
  return Object.fromEntries(
    Object.entries(schema.attributes).map(([name, attribute]) => [name, attribute.default ?? null]),
  );
}
