import { type Diagnostic, errorDiagnostic } from './diagnostic';
import type { Schema } from './schema';
import { type ObjectValue, UNKNOWN } from './value';

/** Checks a configuration against the schema, attribute by attribute; unknown values are left for later. */
export function validateConfig(schema: Schema, config: ObjectValue): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const [name, attribute] of Object.entries(schema.attributes)) {
    const value = config[name] ?? null;
    if (value === null) continue;
    // Terraform's core accepts this without a word (trap 20a).
    if (attribute.computed && !attribute.optional) {
      diagnostics.push(
        errorDiagnostic(
          'Value for a read-only attribute',
          `"${name}" is set by the provider and cannot be configured. Remove it from the configuration.`,
          [name],
        ),
      );
      continue;
    }
    if (value === UNKNOWN) continue;
    for (const validator of attribute.validators ?? []) {
      const problem = validator(value);
      if (problem) diagnostics.push(errorDiagnostic(`Invalid value for "${name}"`, problem, [name]));
    }
  }
  return diagnostics;
}
