/** The credential of a client device or a gateway, from the plan over the request to the state. */
import { FEATURES, type Feature } from '../../../contract/api';
import type { ClientDeviceCreated, GatewayCreated, Initialization } from '../../../contract/types';
import {
  type CallContext,
  numberOf,
  type ObjectValue,
  optionalStringOf,
  refusal,
  stringOf,
  UNKNOWN,
} from '../../framework';
import type { KsmSession } from './session';

/** The part of a request that makes one. */
export function issueInput(planned: ObjectValue) {
  return {
    initialization: stringOf(planned, 'initialization') as Initialization,
    tokenExpiresInMinutes: numberOf(planned, 'token_expires_in_minutes'),
    sealToPublicKey: optionalStringOf(planned, 'seal_to_public_key') ?? null,
  };
}

/** What of the reply goes into the state: one of the four, the others null. */
export function credentialValues(made: ClientDeviceCreated | GatewayCreated): ObjectValue {
  return {
    one_time_token: made.oneTimeToken,
    config: made.config,
    sealed_one_time_token: made.sealedOneTimeToken,
    sealed_config: made.sealedConfig,
  };
}

/** Of something that is to be made: which of the four it will have, as far as the configuration tells already. */
export function plannedCredential({ initialization, seal_to_public_key: key = null }: ObjectValue): ObjectValue {
  const unlessNull = (isNull: boolean) => (isNull ? null : UNKNOWN);
  const noToken = initialization === 'config';
  const noConfig = initialization === 'token';
  const isSealed = key !== null && key !== UNKNOWN;
  return {
    one_time_token: unlessNull(noToken || isSealed),
    config: unlessNull(noConfig || isSealed),
    sealed_one_time_token: unlessNull(noToken || key === null),
    sealed_config: unlessNull(noConfig || key === null),
  };
}

/** Refuses at plan what this vault cannot do. A service that does not answer is no reason: the apply says so. */
export async function refuseUnsupported(
  planned: ObjectValue,
  session: KsmSession | undefined,
  call: CallContext,
): Promise<void> {
  const needed = [
    ...(planned.initialization === 'config' ? [needs('initialization', FEATURES.initializationConfig)] : []),
    ...(typeof planned.seal_to_public_key === 'string' ? [needs('seal_to_public_key', FEATURES.seal)] : []),
  ];
  if (needed.length === 0) return;
  const info = await session?.info(call).catch(() => undefined);
  const missing = info && needed.find(({ feature }) => !info.features.includes(feature));
  if (!missing) return;
  const reason = info.unsupported.find(({ feature }) => feature === missing.feature)?.reason;
  throw refusal(
    'This vault cannot do that',
    `The service (version ${info.version}, vault ${info.vault.kind}) does not offer "${missing.feature}", which "${missing.attribute}" needs. ${reason ?? 'Update the service, or leave it out.'}`,
    [missing.attribute],
  );
}

const needs = (attribute: string, feature: Feature) => ({ attribute, feature });
