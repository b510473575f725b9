/**
 * A change as three parts, written once for every vault: it looks and refuses,
 * it is one step of the vault, and its outcome is noted. Inside the embedded
 * vault the three are one transaction (`in-one.ts`); before a vault that answers
 * over a network an intent is kept first, and nothing is locked while it is
 * asked (`by-intent.ts`); what a crash has left between them is settled by
 * `recovery.ts`. The intents are in `journal.ts`.
 */

import type { Step, StepName, StepResult } from '../../vault/step';
import type { AuditNote } from '../audit-trail';
import type { Caller } from '../caller';
import type { LivingVault } from '../living-vault';
import type { MadeItem } from '../run-item';

/** What a change notes; all of it commits at once. */
export interface Change {
  /** One audit event each. Never a secret in it. */
  audit(...notes: AuditNote[]): Promise<void>;
  /** An item that Terraform may come to hold. */
  made(item: MadeItem): Promise<void>;
  /** An item is gone, and with it every item under it. */
  removed(itemId: string): Promise<void>;
}

/** What of a caller is known for as long as the change is: an outcome may be noted by another process. */
export type ChangeCaller = Pick<Caller, 'principal' | 'runId' | 'requestId'>;

export interface Facts<I, S, N extends StepName> {
  readonly caller: ChangeCaller;
  readonly input: I;
  readonly seen: S;
  /** Undefined: the vault was not asked. */
  readonly result: StepResult<N> | undefined;
}

export interface Written<T> {
  readonly value: T;
  /** The value is that of an earlier attempt with the same idempotency key. */
  readonly replayed: boolean;
}

/** `I` and `S` are kept as JSON between the parts, under the master key. Never a secret in them. */
export interface Mutation<I, S, N extends StepName, V> {
  /** For good: intents of before an update name it. */
  readonly name: string;
  /** Looks at the vault, and refuses. What it finds is for the other two, and stays true: nothing else touches the application. */
  look(vault: LivingVault, input: I, caller: Caller): Promise<S>;
  /** Undefined: the vault has nothing to do. */
  step(input: I, seen: S): Step<N> | undefined;
  /** In one transaction of the service's own database. @returns what the caller is answered; SECRET where it carries a credential */
  outcome(facts: Facts<I, S, N>, change: Change): Promise<V>;
}

// biome-ignore lint/suspicious/noExplicitAny: each is called with what it gave itself, before or after a restart
export type AnyMutation = Mutation<any, any, any, any>;
