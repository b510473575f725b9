import type { KsmClient } from '../../../contract/client';
import { isKsmError } from '../../../contract/errors';
import type { Secret } from '../../../contract/types';
import type { Log, Session, SessionEnding } from '../../framework';
import { refuseIncompatible } from './compatibility';
import { Held } from './held';
import { Memo } from './memo';
import { Run } from './run';
import { indexed, type Snapshot } from './snapshot';

/** What a snapshot or a looked-up secret may be old: DESIGN, "Reads are batched". */
const KEEP_MS = 5 * 60_000;
const KEEP_FAILURE_MS = 10_000;

const GONE = ['application_not_found', 'grant_not_found', 'device_not_found', 'gateway_not_found'] as const;

/** The service as resources see it during one provider process: reads by snapshot, writes, and the run lease. */
export class KsmSession implements Session {
  private readonly run: Run;
  private readonly compatible: Memo<void>;
  /** Undefined: there is no such application. */
  private readonly snapshots: Memo<Snapshot | undefined>;
  private readonly secrets: Memo<Secret>;

  constructor(
    private readonly client: KsmClient,
    log: Log,
    now: () => number,
  ) {
    const options = { keepMs: KEEP_MS, keepFailureMs: KEEP_FAILURE_MS, now };
    this.run = new Run(client, new Held(now), log);
    this.compatible = new Memo({ ...options, keepMs: Number.POSITIVE_INFINITY });
    this.snapshots = new Memo(options);
    this.secrets = new Memo(options);
  }

  /** An application with all that belongs to it, at most five minutes old; undefined if there is none. */
  snapshot(applicationId: string): Promise<Snapshot | undefined> {
    return this.snapshots.get(applicationId, async () => {
      const client = await this.checked();
      try {
        return indexed(await client.getApplication(applicationId, ['grants', 'devices', 'gateways']));
      } catch (error) {
        if (isKsmError(error, 'application_not_found')) return undefined;
        throw error;
      }
    });
  }

  /** What a UID is, where the vault can tell. */
  secret(uid: string): Promise<Secret> {
    return this.secrets.get(uid, async () => (await this.checked()).getSecret(uid));
  }

  /** Makes something that did not exist. From here on the service may have what must be settled. */
  async create<T>(call: (client: KsmClient) => Promise<T>): Promise<T> {
    const client = await this.checked();
    this.run.begin();
    return call(client);
  }

  /** Makes something in an application, whose snapshot is dropped, whether it succeeds or not. */
  createIn<T>(applicationId: string, call: (client: KsmClient) => Promise<T>): Promise<T> {
    return this.create(call).finally(() => this.snapshots.forget(applicationId));
  }

  /** Changes an application or something in it, whose snapshot is dropped, whether it succeeds or not. */
  async changeIn<T>(applicationId: string, call: (client: KsmClient) => Promise<T>): Promise<T> {
    const client = await this.checked();
    return call(client).finally(() => this.snapshots.forget(applicationId));
  }

  /** Removes something of an application; that it is gone already is success. */
  async removeIn(applicationId: string, call: (client: KsmClient) => Promise<void>): Promise<void> {
    try {
      await this.changeIn(applicationId, call);
    } catch (error) {
      if (!isKsmError(error, ...GONE)) throw error;
    }
  }

  wasRead(id: string): void {
    this.run.wasRead(id);
  }

  wasMissing(id: string): void {
    this.run.wasMissing(id);
  }

  wasApplied(id: string): void {
    this.run.wasApplied(id);
  }

  wasDeleted(id: string): void {
    this.run.wasDeleted(id);
  }

  close({ lost }: Pick<SessionEnding, 'lost'> = { lost: false }): Promise<void> {
    return this.run.settle(lost);
  }

  /** The client, once the service at its other end has proved to be one that this provider can work with. */
  private async checked(): Promise<KsmClient> {
    await this.compatible.get('info', async () => refuseIncompatible(await this.client.info()));
    return this.client;
  }
}
