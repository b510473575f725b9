import { type Diagnostic, errorDiagnostic } from './diagnostic';
import type { IdentityDefinition } from './identity';
import type { Known } from './known';
import type { AttributePath } from './path';
import type { ResourceDefinition, StoredObject } from './resource';
import type { Attributes } from './schema';
import type { Outcome, UpgradeIdentityRequest, UpgradeResourceRequest } from './server';
import { fromStored, StoredTypeError } from './stored-state';
import type { Subject } from './subject';
import type { ObjectValue } from './value';

/**
 * The stored state in the form of today's schema. Terraform calls it for every
 * resource at every plan, also where nothing changed.
 */
export function upgradeResource<S>(
  { definition, subject }: Known<ResourceDefinition<S>>,
  { version, state }: UpgradeResourceRequest,
): Outcome & { readonly state: ObjectValue | null } {
  const { schema, upgrade = {} } = definition;
  const { object, diagnostics } = restored(subject, schema, Number(version), state, upgrade);
  return { state: object, diagnostics };
}

/** The same for what a resource is known by. */
export function upgradeIdentity<S>(
  { definition, subject }: Known<ResourceDefinition<S>>,
  { version, identity }: UpgradeIdentityRequest,
): Outcome & { readonly identity: ObjectValue | null } {
  if (!definition.identity) {
    const detail = `The state holds an identity of "${subject.typeName}", but this version of the provider gives it none. Use the provider version that wrote the state.`;
    return { identity: null, diagnostics: [errorDiagnostic('No resource identity', detail)] };
  }
  const { object, diagnostics } = restored(subject, asSchema(definition.identity), Number(version), identity, {});
  return { identity: object, diagnostics };
}

function asSchema({ version, attributes }: IdentityDefinition): { version: number; attributes: Attributes } {
  return { version, attributes };
}

function restored(
  { noun, typeName }: Subject,
  schema: { readonly version: number; readonly attributes: Attributes },
  version: number,
  stored: unknown,
  upgrade: NonNullable<ResourceDefinition<unknown>['upgrade']>,
): { object: ObjectValue | null; diagnostics: Diagnostic[] } {
  const refused = (summary: string, detail: string, path?: AttributePath) => ({
    object: null,
    diagnostics: [errorDiagnostic(summary, detail, path)],
  });
  if (version > schema.version) {
    return refused(
      'The state is from a newer provider',
      `The state of this ${noun} has schema version ${version} of ${typeName}, and this provider knows versions up to ${schema.version}. Use the provider version that wrote it, or a newer one.`,
    );
  }
  if (version < 0) {
    return refused(
      'The state is damaged',
      `The state of this ${noun} has schema version ${version}; versions begin at 0. Restore it from a backup.`,
    );
  }
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
    return refused('The state is damaged', `The state of this ${noun} is not a JSON object. Restore it from a backup.`);
  }
  try {
    let object = stored as StoredObject;
    for (let from = version; from < schema.version; from++) object = upgrade[from]?.(object) ?? object;
    return { object: fromStored(schema.attributes, object), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof StoredTypeError)) throw error;
    const name = error.path.filter((step) => typeof step === 'string').join('.');
    return refused(
      'The state is damaged',
      `"${name}" of this ${noun} in the state is not a ${JSON.stringify(error.expected)}. Restore the state from a backup, or remove the resource from it and import it again.`,
      error.path,
    );
  }
}
