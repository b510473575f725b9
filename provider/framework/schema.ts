import type { AttributeType } from './type';
import type { Value } from './value';

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
  /** Set by the provider. With `optional`: by the provider where the configuration is null. */
  readonly computed?: boolean;
  /** Terraform shows `(sensitive value)`; the value is in the state all the same. */
  readonly sensitive?: boolean;

  /** What a null in the configuration means; such an attribute is `optional` and `computed`. */
  readonly default?: Value;
  /** A change plans a replacement. */
  readonly requiresReplace?: boolean;
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
