import { KsmError } from '../../../contract/errors';
import { SECRETS_MAX_UIDS } from '../../../contract/limits';
import type { Secret } from '../../../contract/types';
import type { CallContext } from '../../framework';

interface Waiting {
  readonly uid: string;
  readonly call: CallContext;
  readonly resolve: (secret: Secret) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers the UIDs that a plan asks for at about the same time into as few requests as possible. */
export class SecretLookup {
  private waiting: Waiting[] = [];

  /** @param ask answers each UID, at most 100 a call */
  constructor(private readonly ask: (uids: readonly string[], call: CallContext) => Promise<Secret[]>) {}

  find(uid: string, call: CallContext): Promise<Secret> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ uid, call, resolve, reject });
      // Terraform's calls of one walk arrive within a few turns of the event loop.
      if (this.waiting.length === 1) setTimeout(() => void this.send(), 5);
      else if (this.waiting.length === SECRETS_MAX_UIDS) void this.send();
    });
  }

  private async send(): Promise<void> {
    const batch = this.waiting;
    this.waiting = [];
    const first = batch[0];
    if (!first) return;
    try {
      const uids = batch.map(({ uid }) => uid);
      const found = new Map((await this.ask(uids, first.call)).map((secret) => [secret.uid, secret]));
      for (const { uid, resolve, reject } of batch) {
        const secret = found.get(uid);
        if (secret) resolve(secret);
        else reject(new KsmError('invalid_reply', `The reply to a lookup of secrets does not have ${uid}.`));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
