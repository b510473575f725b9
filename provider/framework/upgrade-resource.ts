import { type Diagnostic, errorDiagnostic } from './diagnostic';
import type { ResourceDefinition } from './resource';
import type { Outcome, UpgradeResourceRequest } from './server';
import type { AttributeType } from './type';
import type { ObjectValue, Value } from './value';

/**
 * The stored state in the form of today's schema. Terraform calls it for every
 * resource at every plan, also where nothing changed: attributes that the
 * schema no longer has are dropped, new ones are null until they are read.
 */
export function upgradeResource<S>(
  resource: ResourceDefinition<S>,
  { version, state }: UpgradeResourceRequest,
): Outcome & { readonly state: ObjectValue | null } {
  const { schema, noun, typeName } = resource;
  const refused = (summary: string, detail: string, path?: Diagnostic['path']) => ({
    state: null,
    diagnostics: [errorDiagnostic(summary, detail, path)],
  });
  if (Number(version) > schema.version) {
    return refused(
      'The state is from a newer provider',
      `The state of this ${noun} has schema version ${version} of ${typeName}, and this provider knows versions up to ${schema.version}. Use the provider version that wrote it, or a newer one.`,
    );
  }
  if (typeof state !== 'object' || state === null || Array.isArray(state)) {
    return refused('The state is damaged', `The state of this ${noun} is not a JSON object. Restore it from a backup.`);
  }
  const stored = state as Readonly<Record<string, unknown>>;
  const upgraded: ObjectValue = {};
  for (const [name, { type }] of Object.entries(schema.attributes)) {
    const value = stored[name] ?? null;
    if (!isOfType(value, type)) {
      return refused(
        'The state is damaged',
        `"${name}" of this ${noun} in the state is not a ${JSON.stringify(type)}. Restore the state from a backup, or remove the resource from it and import it again.`,
        [name],
      );
    }
    upgraded[name] = value;
  }
  return { state: upgraded, diagnostics: [] };
}

function isOfType(value: unknown, type: AttributeType): value is Value {
  if (value === null) return true;
  if (type === 'string') return typeof value === 'string';
  if (type === 'bool') return typeof value === 'boolean';
  if (type === 'number') return typeof value === 'number' || typeof value === 'bigint';
  if ('list' in type || 'set' in type) {
    const element = 'list' in type ? type.list : type.set;
    return Array.isArray(value) && value.every((item) => isOfType(item, element));
  }
  if (typeof value !== 'object' || Array.isArray(value)) return false;
  if ('map' in type) return Object.values(value).every((item) => isOfType(item, type.map));
  const object = value as Readonly<Record<string, unknown>>;
  return Object.entries(type.object).every(([name, attribute]) => isOfType(object[name] ?? null, attribute));
}
