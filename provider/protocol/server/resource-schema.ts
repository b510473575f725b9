import { refusal } from '../../framework/diagnostic';
import type { Schema } from '../../framework/schema';
import type { ProviderServer } from '../../framework/server';

/** @throws DiagnosticError if the provider has no such resource */
export function resourceSchema(server: ProviderServer, typeName: string): Schema {
  const schemas = server.resourceSchemas();
  const schema = Object.hasOwn(schemas, typeName) ? schemas[typeName] : undefined;
  if (schema === undefined) {
    throw refusal(
      'Unknown resource type',
      `This version of the provider has no resource "${typeName}", but ${Object.keys(schemas).join(', ')}. Run "terraform init -upgrade" for a newer one, if it has it.`,
    );
  }
  return schema;
}
