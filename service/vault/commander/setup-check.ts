/** What an operator asks before Terraform does: does this Commander do what the service needs? It changes nothing. */

import { isKsmError } from '../../../contract/errors';
import type { Clock } from '../../world/clock';
import type { Call } from '../call';
import { type CommanderOptions, createCommanderClient } from './client';
import { complaint, SYNCED, says } from './reply';

export interface SetupFinding {
  readonly what: string;
  readonly state: 'ok' | 'warning' | 'failed';
  /** What was found, and what to do about it. */
  readonly detail: string;
}

/** Each with what is missing without it. */
const NEEDED: Readonly<Record<string, string>> = {
  'secrets-manager': 'nothing works',
  'sync-down': 'what others change is not seen',
  'list-sf': 'shared folders cannot be found, nor granted',
  'nsf-list': 'nested shared folders cannot be found, nor granted',
  list: 'records cannot be found, nor granted',
  pam: 'there are no gateways',
};
/** Nobody needs them here, and whoever has the key can do much with them. */
const DANGEROUS = ['rm', 'get', 'record-add', 'share-record', 'share-folder', 'enterprise-user', 'login', 'shell'];

export async function* checkSetup(
  options: Omit<CommanderOptions, 'clock'> & { clock: Clock },
): AsyncGenerator<SetupFinding> {
  const client = createCommanderClient(options);
  const call: Call = {
    operationId: 'check',
    signal: new AbortController().signal,
    deadline: options.clock.monotonic() + 60_000,
    note: async () => undefined,
  };
  const failed = (what: string, error: unknown): SetupFinding => {
    if (!isKsmError(error)) throw error;
    return { what, state: 'failed', detail: error.detail };
  };

  try {
    await client.health();
    yield { what: 'connection', state: 'ok', detail: `Commander answers at ${options.url}` };
  } catch (error) {
    yield failed('connection', error);
    return;
  }

  const allowed = new Map<string, boolean>();
  try {
    for (const word of [...Object.keys(NEEDED), ...DANGEROUS]) allowed.set(word, await client.allows(call, word));
    yield { what: 'key', state: 'ok', detail: 'the API key is accepted, and so is the address of this machine' };
  } catch (error) {
    yield failed('key', error);
    return;
  }
  const missing = Object.entries(NEEDED).filter(([word]) => !allowed.get(word));
  yield missing.length === 0
    ? { what: 'words', state: 'ok', detail: `allowed are ${Object.keys(NEEDED).join(', ')}` }
    : {
        what: 'words',
        state: allowed.get('secrets-manager') ? 'warning' : 'failed',
        detail: `${missing.map(([word, without]) => `without ${word} ${without}`).join('; ')}. Add them to the allow-list`,
      };
  const more = DANGEROUS.filter((word) => allowed.get(word));
  if (more.length > 0) {
    yield {
      what: 'more words',
      state: 'warning',
      detail: `${more.join(', ')} are allowed too, which the service never sends: whoever has the key can use them. Give Commander an allow-list of its own`,
    };
  }

  yield (await client.hasQueue())
    ? { what: 'queue', state: 'ok', detail: 'the queue is on: a lost reply is fetched once more' }
    : {
        what: 'queue',
        state: 'warning',
        detail: 'the queue is off: a reply that is lost cannot be fetched again. Turn it on (service-create -q y)',
      };

  if (!allowed.get('sync-down')) return;
  try {
    const reply = await client.look(call, 'sync-down');
    yield says(reply, SYNCED)
      ? { what: 'session', state: 'ok', detail: 'Commander is logged in to Keeper' }
      : {
          what: 'session',
          state: 'failed',
          detail: `Commander cannot read the vault (${complaint(reply).slice(0, 120)}). Log in to it`,
        };
  } catch (error) {
    yield failed('session', error);
  }
}
