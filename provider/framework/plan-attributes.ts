import type { AttributePath } from './path';
import type { AttributeSchema, Schema } from './schema';
import { type ObjectValue, sameValue, UNKNOWN, type Value } from './value';

export interface AttributesPlan {
  readonly planned: ObjectValue;
  readonly requiresReplace: AttributePath[];
  /** Attributes whose change would replace, adopted in place since the resource was imported. */
  readonly adopted: string[];
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
  const planned: ObjectValue = {};
  const requiresReplace: AttributePath[] = [];
  const adopted: string[] = [];
  for (const [name, attribute] of Object.entries(schema.attributes)) {
    // Computed attributes are set once, at creation, and keep their value.
    const issued = prior ? (prior[name] ?? null) : UNKNOWN;
    planned[name] = plannedValue(attribute, config[name] ?? null, issued);
    if (!prior || sameValue(planned[name], prior[name] ?? null) || !replaces(attribute, prior)) continue;
    if (imported && attribute.adoptAfterImport?.(prior[name] ?? null, planned[name])) adopted.push(name);
    else requiresReplace.push([name]);
  }
  return { planned, requiresReplace, adopted };
}

function plannedValue(attribute: AttributeSchema, configured: Value, issued: Value): Value {
  if (configured !== null) return configured;
  if (attribute.default !== undefined) return attribute.default;
  return attribute.computed ? issued : null;
}

function replaces({ requiresReplace }: AttributeSchema, prior: ObjectValue): boolean {
  return typeof requiresReplace === 'function' ? requiresReplace(prior) : requiresReplace === true;
}
