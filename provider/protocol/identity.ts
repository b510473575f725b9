import type { ProviderServer } from '../framework/server';
import type { ObjectValue } from '../framework/value';
import { objectFromWire, objectToWire } from './dynamic-value';
import type { ResourceIdentityData } from './generated/tfplugin6';

/** Undefined where there is none: the resource has no identity, or not as yet. */
export function identityToWire(
  { schemas }: ProviderServer,
  typeName: string,
  identity: ObjectValue | null | undefined,
): ResourceIdentityData | undefined {
  const schema = schemas.identities[typeName];
  return schema && identity ? { identityData: objectToWire(schema, identity) } : undefined;
}

export function identityFromWire(
  { schemas }: ProviderServer,
  typeName: string,
  data: ResourceIdentityData | undefined,
): ObjectValue | null {
  const schema = schemas.identities[typeName];
  return schema ? objectFromWire(schema, data?.identityData, 'identity') : null;
}
