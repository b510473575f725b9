import { KsmError } from '../../contract/errors';

/** `read` sees everything and changes nothing but its own runs; `session` is a read until it may make ephemeral devices. */
export type Scope = 'read' | 'write' | 'session';

/** Whoever presented a valid API token. */
export interface Principal {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
}

/** Who asks, within which run, as which request. */
export interface Caller {
  readonly principal: Principal;
  readonly requestId: string;
  /** The run of a provider process. Undefined: what is made never lapses. */
  readonly runId?: string | undefined;
  /** Set when the caller may repeat this very request. */
  readonly idempotency?: IdempotentRequest | undefined;
}

export interface IdempotentRequest {
  /** SECRET: the caller's `Idempotency-Key`. */
  readonly key: string;
  /** What the key is bound to: principal, method, path and body, in one unambiguous text. */
  readonly request: string;
}

/** @throws KsmError `forbidden` unless the principal may change the vault */
export function requireWrite({ principal }: Caller): void {
  if (principal.scope !== 'write') {
    throw new KsmError(
      'forbidden',
      `The API token "${principal.name}" has the scope "${principal.scope}", and this needs "write". Use another token.`,
    );
  }
}
