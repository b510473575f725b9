import { type Diagnostic, errorDiagnostic, warningDiagnostic } from './diagnostic';
import type { AttributePath } from './path';
import type { AttributeSchema, Schema } from './schema';
import { type ObjectValue, UNKNOWN, type Value } from './value';
import { type Visit, walk } from './walk';

export interface ValidateOptions {
  /** Whether the client can keep an attribute out of its plan and state. @default false */
  readonly writeOnlyAllowed?: boolean | undefined;
}

/** Checks a configuration against the schema, attribute by attribute; unknown values are left for later. */
export function validateConfig(schema: Schema, config: ObjectValue, options: ValidateOptions = {}): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  if (schema.deprecated) diagnostics.push(warningDiagnostic('Deprecated', schema.deprecated));
  walk(schema.attributes, config, (at) => {
    diagnostics.push(...problemsOf(at, options));
    return at.value;
  });
  return diagnostics;
}

function problemsOf({ name, attribute, value, path }: Visit, { writeOnlyAllowed }: ValidateOptions): Diagnostic[] {
  if (value === null) return attribute.required ? [missing(name, path)] : [];
  // Terraform's core accepts this without a word (trap 20a).
  if (attribute.computed && !attribute.optional) return [readOnly(name, path)];
  const diagnostics: Diagnostic[] = [];
  if (attribute.deprecated) {
    diagnostics.push(warningDiagnostic(`"${name}" is deprecated`, attribute.deprecated, path));
  }
  if (attribute.writeOnly && !writeOnlyAllowed) diagnostics.push(notWritable(name, path));
  if (value !== UNKNOWN) diagnostics.push(...invalid(name, attribute, value, path));
  return diagnostics;
}

/** Terraform's core looks whether a required argument is there, and not whether it is null. */
function missing(name: string, path: AttributePath): Diagnostic {
  return errorDiagnostic(
    'Missing value for required argument',
    `The argument "${name}" is required, and was set to null. Give it a value.`,
    path,
  );
}

function readOnly(name: string, path: AttributePath): Diagnostic {
  return errorDiagnostic(
    'Value for a read-only attribute',
    `"${name}" is set by the provider and cannot be configured. Remove it from the configuration.`,
    path,
  );
}

function notWritable(name: string, path: AttributePath): Diagnostic {
  return errorDiagnostic(
    'Write-only attributes are not supported',
    `"${name}" is write-only: it is kept out of plan and state, which takes Terraform 1.11 or later. Update it, or remove "${name}".`,
    path,
  );
}

function invalid(name: string, { validators = [] }: AttributeSchema, value: Value, path: AttributePath): Diagnostic[] {
  const problems = validators.flatMap((validator) => validator(value) ?? []);
  return problems.map((problem) => errorDiagnostic(`Invalid value for "${name}"`, problem, path));
}
