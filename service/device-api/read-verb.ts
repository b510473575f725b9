import type { EmbeddedVaultInternals } from '../vault/embedded/embedded';
import type { Bound } from '../vault/embedded/redemption';
import type { Admitted } from './authenticate';
import type { Payload } from './payload';

/** Called in the transaction of a bind, or of the first use of a configuration: an error in it undoes that. */
export type OnBind = (bound: Bound) => Promise<void>;

/** One verb that reads: the reply in clear, which the API encrypts. */
export type ReadVerb = (
  admitted: Admitted,
  request: {
    payload: Payload;
    ip: string;
    vault: EmbeddedVaultInternals;
    onBind: OnBind;
    replyLimitBytes: number;
  },
) => Promise<object>;
