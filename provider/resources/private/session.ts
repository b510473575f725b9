import type { KsmClient } from '../../../contract/client';
import { isKsmError } from '../../../contract/errors';
import type { ApplicationPart, Info, Secret } from '../../../contract/types';
import type { CallContext, Diagnostic, Log, Session, SessionEnding } from '../../framework';
import { refuseIncompatible } from './compatibility';
import { Deletions } from './deletions';
import { GrantTurns } from './grant-turns';
import type { VaultChange } from './kept';
import { Memo } from './memo';
import { Run } from './run';
import { SecretLookup } from './secret-lookup';
import { indexed, PARTS, type Snapshot } from './snapshot';
import { partUnknown } from './unavailable';

/** What a snapshot or a looked-up secret may be old: DESIGN, "Reads are batched". */
const KEEP_MS = 5 * 60_000;
const KEEP_FAILURE_MS = 10_000;
/** An application whose members are just being deleted is asked for again so long, in such steps. */
const MEMBERS_GO_WITHIN_MS = 20_000;
const ASK_AGAIN_MS = 250;

const GONE = ['application_not_found', 'grant_not_found', 'device_not_found', 'gateway_not_found'] as const;

export interface SessionOptions {
  readonly client: KsmClient;
  readonly runId: string;
  readonly log: Log;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly vaultChange: VaultChange;
  readonly operationTimeoutMs: number;
}

/** The service as resources see it during one provider process: reads by snapshot, writes, and the run lease. */
export class KsmSession implements Session {
  readonly runId: string;
  readonly operationTimeoutMs: number;
  readonly vaultChange: VaultChange;
  readonly grants = new GrantTurns();
  private readonly client: KsmClient;
  private readonly now: () => number;
  private readonly run: Run;
  private readonly deletions: Deletions;
  private readonly service: Memo<Info>;
  /** Undefined: there is no such application. */
  private readonly snapshots: Memo<Snapshot | undefined>;
  private readonly secrets: Memo<Secret>;
  private readonly lookup: SecretLookup;
  /** Ids of which the service does not know that a state holds them. */
  private readonly notHeld = new Set<string>();
  private readonly said = new Set<string>();
  /** Applications that get an editable grant. */
  private readonly plannedEditable = new Set<string>();

  constructor({ client, runId, log, now, vaultChange, operationTimeoutMs }: SessionOptions) {
    this.client = client;
    this.runId = runId;
    this.now = now;
    this.vaultChange = vaultChange;
    this.operationTimeoutMs = operationTimeoutMs;
    this.run = new Run(client, log);
    this.deletions = new Deletions(now);
    const isOnlyTheAskers = (error: unknown) => isKsmError(error, 'cancelled');
    const options = { keepMs: KEEP_MS, keepFailureMs: KEEP_FAILURE_MS, now, isOnlyTheAskers };
    this.service = new Memo({ ...options, keepMs: Number.POSITIVE_INFINITY });
    this.snapshots = new Memo(options);
    this.secrets = new Memo(options);
    this.lookup = new SecretLookup((uids, call) => this.client.during(call).findSecrets(uids));
  }

  /** The service, once it has proved to be one that this provider can work with. */
  info(call: CallContext): Promise<Info> {
    return this.service.get('info', async () => {
      const info = await this.client.during(call).info();
      refuseIncompatible(info);
      return info;
    });
  }

  /** An application with all that belongs to it, at most five minutes old; undefined if there is none. */
  snapshot(applicationId: string, call: CallContext): Promise<Snapshot | undefined> {
    return this.snapshots.get(applicationId, async () => {
      const client = await this.checked(call);
      try {
        const snapshot = indexed(await client.getApplication(applicationId, PARTS));
        for (const id of snapshot.notHeld) this.notHeld.add(id);
        return snapshot;
      } catch (error) {
        if (isKsmError(error, 'application_not_found')) return undefined;
        throw error;
      }
    });
  }

  /** What a UID is, where the vault can tell. */
  secret(uid: string, call: CallContext): Promise<Secret> {
    return this.secrets.get(uid, async () => {
      await this.checked(call);
      return this.lookup.find(uid, call);
    });
  }

  /** Asks what no snapshot answers. */
  async ask<T>(call: CallContext, question: (client: KsmClient) => Promise<T>): Promise<T> {
    return question(await this.checked(call));
  }

  /** Makes something that did not exist. From here on the service may have what must be settled. */
  async create<T>(call: CallContext, make: (client: KsmClient) => Promise<T>): Promise<T> {
    const client = await this.checked(call);
    this.run.begin();
    return make(client);
  }

  /** Makes something in an application, whose snapshot is dropped, whether it succeeds or not. */
  createIn<T>(applicationId: string, call: CallContext, make: (client: KsmClient) => Promise<T>): Promise<T> {
    return this.create(call, make).finally(() => this.snapshots.forget(applicationId));
  }

  /** Changes an application or something in it, whose snapshot is dropped, whether it succeeds or not. */
  async changeIn<T>(applicationId: string, call: CallContext, change: (client: KsmClient) => Promise<T>): Promise<T> {
    const client = await this.checked(call);
    return change(client).finally(() => this.snapshots.forget(applicationId));
  }

  /** Removes something of an application; that it is gone already is success. */
  removeIn(applicationId: string, call: CallContext, remove: (client: KsmClient) => Promise<void>): Promise<void> {
    return this.deletions.during(applicationId, () => this.removed(applicationId, call, remove));
  }

  /** Removes an application. One that has members still is asked for again while this process is deleting them. */
  async removeApplication(id: string, call: CallContext, options: { force: boolean }): Promise<void> {
    const until = this.now() + MEMBERS_GO_WITHIN_MS;
    for (;;) {
      try {
        return await this.removed(id, call, (client) => client.deleteApplication(id, options));
      } catch (error) {
        const mayHelp = isKsmError(error, 'application_not_empty') && this.deletions.areUnderWay(id);
        if (!mayHelp || this.now() >= until || call.signal.aborted) throw error;
        await pause(ASK_AGAIN_MS, call.signal);
      }
    }
  }

  private async removed(
    applicationId: string,
    call: CallContext,
    remove: (client: KsmClient) => Promise<void>,
  ): Promise<void> {
    try {
      await this.changeIn(applicationId, call, remove);
    } catch (error) {
      if (!isKsmError(error, ...GONE)) throw error;
    }
  }

  /** Warns once about a part of a snapshot that the vault cannot tell; undefined where it can. */
  unknownPart(snapshot: Snapshot, part: ApplicationPart): { readonly warnings: readonly Diagnostic[] } | undefined {
    if (!snapshot.unavailable.has(part)) return undefined;
    return { warnings: this.once(`unavailable ${part}`, () => partUnknown(part, snapshot)) };
  }

  /** A warning that says the same of many things is given once in a process. */
  once(about: string, warning: () => Diagnostic): readonly Diagnostic[] {
    if (this.said.has(about)) return [];
    this.said.add(about);
    return [warning()];
  }

  /** An editable grant is planned: what is planned after it in this process will find it. */
  plansEditableGrant(applicationId: string): void {
    this.plannedEditable.add(applicationId);
  }

  willHaveEditableGrant(applicationId: string): boolean {
    return this.plannedEditable.has(applicationId);
  }

  wasRead(id: string): void {
    if (this.notHeld.delete(id)) this.run.stoodInState(id);
  }

  wasMissing(id: string): void {
    this.run.wasDeleted(id);
  }

  wasApplied(id: string): void {
    this.run.wasApplied(id);
  }

  wasDeleted(id: string): void {
    this.run.wasDeleted(id);
  }

  close(ending: SessionEnding): Promise<void> {
    return this.run.end(ending);
  }

  private async checked(call: CallContext): Promise<KsmClient> {
    await this.info(call);
    return this.client.during(call);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
