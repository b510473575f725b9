/**
 * A vault that answers over a network, for tests: what the embedded one does, in a database of its own, behind a queue
 * that takes one command after another, is slow, fails before and after the effect, loses replies and forgets what it
 * did. It fails loudly when it is asked inside a transaction of the service.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { isKsmError, KsmError } from '../../../contract/errors';
import type { Database } from '../../../service/store/database';
import type { EmbeddedVault } from '../../../service/vault/embedded/embedded';
import { OutcomeUnknown } from '../../../service/vault/outcome-unknown';
import type { Vault } from '../../../service/vault/port';
import type { Intent, ReadBack, Step } from '../../../service/vault/step';
import type { SuspectNotes } from '../../../service/vault/suspect';
import type { VaultNouns } from '../../../service/vault/vault';

/** What goes wrong with a change: it is refused before it is sent, or its reply is lost without or with its effect. */
export type Fault = 'refused' | 'lost-before' | 'lost-after' | 'crash-before' | 'crash-after';

export interface RemoteVault extends Vault {
  /** Asked before each change; undefined: all goes well. */
  fault: (name: string) => Fault | undefined;
  /** How long each command takes, in milliseconds. */
  latency: number;
  /** As a Commander that was restarted: it no longer knows what it answered. */
  forget(): void;
  /** It still knows what it did, and no more what it handed out. */
  loseCredentials(): void;
  /** Nothing answers any more, until it is false again. */
  down: boolean;
  /** Names of what it was asked, in their order. */
  readonly asked: string[];
}

const inside = new AsyncLocalStorage<true>();

/** The service's database, which knows when a vault is asked inside one of its transactions. */
export function watched(database: Database): Database {
  return new Proxy(database, {
    get: (target, name) =>
      name === 'transaction'
        ? <T>(work: () => Promise<T>) => target.transaction(() => inside.run(true, work))
        : Reflect.get(target, name, target),
  });
}

/** Also what is read: a call that is held inside a transaction holds up everybody. */
function requireOutside(what: string): void {
  if (inside.getStore()) throw new Error(`${what} was asked of the vault inside a transaction`);
}

const CHANGES = new Set(['create', 'rename', 'remove', 'removeMany', 'put']);
/** The process has ended: nobody hears of this any more. */
const never = new Promise<never>(() => undefined);

/** @param suspects where it notes what it cannot tell; without, it has nothing to be suspected */
export function remoteVault(inner: EmbeddedVault, suspects?: SuspectNotes): RemoteVault {
  const done = new Map<string, unknown>();
  let queue: Promise<unknown> = Promise.resolve();

  function command<T>(name: string, work: () => Promise<T>): Promise<T> {
    requireOutside(name);
    vault.asked.push(name);
    const turn = queue.then(async () => {
      await sleep(vault.latency);
      if (vault.down) throw new KsmError('vault_unavailable', 'The vault does not answer.');
      return work();
    });
    queue = turn.catch(() => undefined);
    return turn;
  }

  /** Inside the queue, so that a read-back comes after it. */
  async function change<T>(operationId: string, name: string, work: () => Promise<T>): Promise<T> {
    const fault = vault.fault(name);
    if (fault === 'refused') throw new KsmError('vault_unavailable', 'The vault was not reached.');
    if (fault === 'lost-before') throw new OutcomeUnknown('The connection was lost.');
    if (fault === 'crash-before') return never;
    const result = await command(name, async () => {
      const made = await work();
      done.set(operationId, made ?? null);
      return made;
    });
    if (fault === 'lost-after') throw new OutcomeUnknown('The reply was lost.');
    return fault === 'crash-after' ? never : result;
  }

  function bind(operationId: string): VaultNouns {
    const noun = <N extends object>(word: string, methods: N): N =>
      Object.fromEntries(
        Object.entries(methods).map(([method, ask]) => {
          const name = `${word}.${method}`;
          const plain = (...input: unknown[]) => (ask as (...input: unknown[]) => Promise<unknown>)(...input);
          return [
            method,
            (...input: unknown[]) =>
              CHANGES.has(method)
                ? change(operationId, name, () => plain(...input))
                : command(name, () => plain(...input)),
          ];
        }),
      ) as N;
    return {
      requireName: inner.requireName,
      applications: noun('application', inner.applications),
      grants: noun('grant', inner.grants),
      devices: noun('client_device', inner.devices),
      gateways: noun('gateway', inner.gateways),
      secrets: noun('secret', inner.secrets),
    };
  }

  /** What can be told by looking, when nothing is remembered. */
  async function look({ name, input }: Step, operationId: string): Promise<ReadBack> {
    const gone = async (lookup: Promise<unknown>): Promise<ReadBack> => {
      try {
        await lookup;
        return { effect: 'none' };
      } catch (error) {
        if (isKsmError(error)) return { effect: 'done', result: null };
        throw error;
      }
    };
    switch (name) {
      case 'application.create': {
        const holder = await inner.applications.holderOf(input.name);
        return holder ? { effect: 'done', result: holder } : { effect: 'none' };
      }
      case 'application.rename': {
        const application = await inner.applications.get(input.id);
        return application.name === input.name ? { effect: 'done', result: application } : { effect: 'none' };
      }
      case 'application.remove':
        return gone(inner.applications.get(input.id));
      case 'grant.put': {
        const grant = (await inner.grants.list(input.applicationId)).find((some) => some.secretUid === input.secretUid);
        return grant?.editable === input.editable
          ? { effect: 'done', result: { grant, outcome: 'created' } }
          : { effect: 'none' };
      }
      case 'grant.remove':
        return gone(inner.grants.get(input.applicationId, input.secretUid));
      case 'client_device.remove':
        return gone(inner.devices.get(input.applicationId, input.clientId));
      case 'gateway.remove':
        return gone(inner.gateways.get(input.applicationId, input.clientId));
      case 'client_device.create': {
        const left = (await inner.devices.list(input.applicationId)).filter((device) => device.name === input.name);
        const found = left.map(({ id, createdAt, tokenExpiresAt }) => ({
          id,
          kind: 'client_device' as const,
          name: input.name,
          createdAt: Date.parse(createdAt),
          endsAt: tokenExpiresAt === null ? null : Date.parse(tokenExpiresAt),
          isListed: true,
        }));
        return found.length > 0 ? { effect: 'suspected', suspects: found } : { effect: 'none' };
      }
      case 'gateway.create': {
        const id = `${input.applicationId}/${operationId}`;
        const facts = { kind: 'gateway', createdAt: 0, endsAt: 0, isListed: false } as const;
        return { effect: 'suspected', suspects: [{ ...facts, id, name: input.name }] };
      }
      default:
        return { effect: 'none' };
    }
  }

  const vault: RemoteVault = {
    kind: 'commander',
    features: inner.features,
    unsupported: [],
    transactional: false,
    fault: () => undefined,
    latency: 1,
    down: false,
    asked: [],
    forget: () => done.clear(),
    loseCredentials() {
      for (const [id, result] of done) {
        if (result !== null && typeof result === 'object' && 'oneTimeToken' in result) {
          done.set(id, { ...result, oneTimeToken: null, config: null });
        }
      }
    },
    during: ({ operationId }) => bind(operationId),
    readBack: ({ operationId }, { step }: Intent) =>
      command('readBack', async () => {
        if (done.has(operationId)) return { effect: 'done', result: done.get(operationId) } as ReadBack;
        return done.size > 0 ? { effect: 'none' } : look(step, operationId);
      }),
    suspects,
    health: async () => {
      if (vault.down) throw new KsmError('vault_unavailable', 'The vault does not answer.');
    },
    deviceApi: inner.deviceApi,
    close: inner.close,
  };
  return vault;
}
