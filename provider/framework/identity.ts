import type { AttributeType } from './type';
import type { ObjectValue } from './value';

/** What a resource is known by outside of Terraform (Terraform and OpenTofu 1.12 and later). Never changes, and is no secret. */
export interface IdentityDefinition {
  /** Grows when the stored identity changes its form. */
  readonly version: number;
  readonly attributes: Readonly<Record<string, IdentityAttribute>>;
  /** The identity of a state. @default the attributes of the same names */
  of?(state: ObjectValue): ObjectValue;
  /** The import id of something of this identity. */
  importId(identity: ObjectValue): string;
}

export interface IdentityAttribute {
  readonly type: AttributeType;
  readonly description: string;
  /** Whether an import by identity must give it. */
  readonly importing: 'required' | 'optional';
}

/** The identity of a state; null for a resource without one. */
export function identityOf(identity: IdentityDefinition | undefined, state: ObjectValue | null): ObjectValue | null {
  if (!identity || !state) return null;
  const own = identity.of?.(state) ?? state;
  return Object.fromEntries(Object.keys(identity.attributes).map((name) => [name, own[name] ?? null]));
}

/** Parts that an import needs and was not given. */
export function lackingParts({ attributes }: IdentityDefinition, given: ObjectValue): string[] {
  return Object.entries(attributes)
    .filter(([name, { importing }]) => importing === 'required' && (given[name] ?? null) === null)
    .map(([name]) => name);
}
