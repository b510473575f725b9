/**
 * One change of a vault as data: an intent keeps it before the vault is asked, and `readBack` is asked about it when
 * nobody knows whether it was done.
 */

import type { Application, Gateway } from '../../contract/types';
import type { Suspect } from './suspect';
import type {
  GrantOutcome,
  GrantPut,
  IssuedDevice,
  IssuedGateway,
  NewClientDevice,
  NewGateway,
  VaultNouns,
} from './vault';

interface Client {
  readonly applicationId: string;
  readonly clientId: string;
}

/** What each step takes, and what the vault answers. */
export interface Steps {
  'application.create': { input: { readonly name: string }; result: Application };
  'application.rename': { input: { readonly id: string; readonly name: string }; result: Application };
  /** With all that is in it. */
  'application.remove': { input: { readonly id: string }; result: null };
  'grant.put': { input: GrantPut; result: GrantOutcome };
  'grant.remove': { input: { readonly applicationId: string; readonly secretUid: string }; result: null };
  'client_device.create': { input: NewClientDevice; result: IssuedDevice };
  'client_device.remove': { input: Client; result: null };
  'gateway.create': { input: NewGateway; result: IssuedGateway };
  'gateway.rename': { input: Client & { readonly name: string }; result: Gateway };
  'gateway.remove': { input: Client; result: null };
}

export type StepName = keyof Steps;
export type Step<N extends StepName = StepName> = {
  [K in N]: { readonly name: K; readonly input: Steps[K]['input'] };
}[N];
export type StepResult<N extends StepName> = Steps[N]['result'];

/** A step of which nobody knows whether it was done. */
export interface Intent<N extends StepName = StepName> {
  readonly operationId: string;
  readonly step: Step<N>;
  /** What the driver noted last during the call; undefined: it noted nothing. */
  readonly progress: object | undefined;
  /** When it was begun, in milliseconds since 1970. */
  readonly startedAt: number;
}

/**
 * `none`: it was not done, and will not be any more. `done`: it was, and this is its result; a credential may be lost
 * (both members null). `suspected`: it may have made these, and nobody can tell them from what others made.
 */
export type ReadBack<N extends StepName = StepName> =
  | { readonly effect: 'none' }
  | { readonly effect: 'done'; readonly result: StepResult<N> }
  | { readonly effect: 'suspected'; readonly suspects: readonly Suspect[] };

/** Asks the vault for the step. */
export function take<N extends StepName>(vault: VaultNouns, step: Step<N>): Promise<StepResult<N>> {
  return TAKERS[step.name](vault, step.input as never) as Promise<StepResult<N>>;
}

type Takers = { [N in StepName]: (vault: VaultNouns, input: Steps[N]['input']) => Promise<StepResult<N>> };

const TAKERS: Takers = {
  'application.create': ({ applications }, input) => applications.create(input),
  'application.rename': ({ applications }, { id, name }) => applications.rename(id, name),
  'application.remove': async ({ applications }, { id }) => {
    await applications.remove(id, { force: true });
    return null;
  },
  'grant.put': ({ grants }, input) => grants.put(input),
  'grant.remove': async ({ grants }, { applicationId, secretUid }) => {
    await grants.remove(applicationId, secretUid);
    return null;
  },
  'client_device.create': ({ devices }, input) => devices.create(input),
  'client_device.remove': async ({ devices }, { applicationId, clientId }) => {
    await devices.remove(applicationId, clientId);
    return null;
  },
  'gateway.create': ({ gateways }, input) => gateways.create(input),
  'gateway.rename': ({ gateways }, { applicationId, clientId, name }) => gateways.rename(applicationId, clientId, name),
  'gateway.remove': async ({ gateways }, { applicationId, clientId }) => {
    await gateways.remove(applicationId, clientId);
    return null;
  },
};

/** The application that a step touches; of one that is to be made, the name that it takes. */
export function placeOf({ name, input }: Step): string {
  if (name === 'application.create') return `name=${input.name.toLowerCase()}`;
  return 'applicationId' in input ? input.applicationId : (input as { id: string }).id;
}
