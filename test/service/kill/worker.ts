/**
 * One client of a service that is killed again and again: it knows what it was told, does one thing after another in an
 * application of its own, and asks after each kill whether all of it is so.
 */
import { Agent } from 'node:https';
import type { ServiceAddress } from '../../../service/main';
import { remoteDevice } from '../device-api/remote-device';
import type { TestDevice } from '../device-api/test-device';
import type { Random } from '../fuzz/random';
import { newKey } from '../http/api';
import { ask, type HttpReply } from '../running-service';
import { login } from '../vault/temporary-vault';

interface Device {
  readonly clientId: string;
  readonly oneTimeToken: string;
  /** Whose keys it was or may have been bound to. */
  holder?: TestDevice;
  redeemed: boolean;
}

interface Step {
  /** Asks for it; the same once more if the answer was lost. */
  send(address: ServiceAddress): Promise<{ status: number; json: unknown }>;
  expected: readonly number[];
  /** What is so from the answer on. */
  noted(json: unknown): void;
}

/** In an application there are so many at most, so that it is listed in a moment. */
const DEVICES_MOST = 30;

export class Worker {
  answered = 0;
  /** Calls whose answer was lost with the service. */
  interrupted = 0;
  readonly #devices = new Map<string, Device>();
  #grant: boolean | undefined;
  #records = new Map<string, string>();
  #lost: Step | undefined;
  #count = 0;
  /** On a connection that is open most of what a call takes is its commit: kills meet that, and not handshakes. */
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  /** The service has another port after each start. */
  #address!: ServiceAddress;

  constructor(
    readonly index: number,
    readonly applicationId: string,
    readonly folderUid: string,
    readonly random: Random,
  ) {}

  /** One change after another, until an answer is lost or it is enough. */
  async work(address: ServiceAddress, run: string, goOn: () => boolean): Promise<void> {
    while (goOn() && this.#lost === undefined) {
      const step = this.#next(run);
      try {
        await this.#take(step, address);
      } catch (error) {
        if (error instanceof Unexpected) throw error;
        this.interrupted++;
        this.#lost = step;
      }
    }
  }

  /** After a kill: what was answered is there; the call without an answer, asked again, ends as it would have. */
  async catchUp(address: ServiceAddress): Promise<void> {
    this.#address = address;
    const lost = this.#lost;
    this.#lost = undefined;
    if (lost) await this.#take(lost, address);

    const get = async (path: string) => {
      const reply = await ask(address, 'GET', path);
      expect(reply.status).toBe(200);
      return reply.json.items;
    };
    const path = `/v1/applications/${this.applicationId}`;
    const devices = (await get(`${path}/devices`)) as { clientId: string; status: string }[];
    expect(new Map(devices.map(({ clientId, status }) => [clientId, status]))).toEqual(
      new Map([...this.#devices].map(([clientId, { redeemed }]) => [clientId, redeemed ? 'active' : 'pending'])),
    );
    const grants = (await get(`${path}/grants`)) as { secretUid: string; editable: boolean }[];
    expect(grants.filter(({ secretUid }) => secretUid === this.folderUid).map(({ editable }) => editable)).toEqual(
      this.#grant === undefined ? [] : [this.#grant],
    );
    for (const [uid, title] of this.#records) {
      expect(await ask(address, 'GET', `/v1/secrets/${uid}`)).toMatchObject({ json: { kind: 'record', name: title } });
    }
    // Whoever comes second finds the token spent, and whoever was first still reads.
    const bound = [...this.#devices.values()].filter(({ redeemed }) => redeemed);
    if (bound.length === 0) return;
    const { oneTimeToken, holder } = this.random.pick(bound);
    expect((await remoteDevice(() => address, oneTimeToken).bind()).status).toBe(403);
    expect((await holder!.send()).status).toBe(200);
  }

  /** Terraform's ids of what it knows of. */
  get ids(): string[] {
    const grants = this.#grant === undefined ? [] : [this.folderUid];
    return [...this.#devices.keys(), ...grants].map((id) => `${this.applicationId}/${id}`);
  }

  async #take(step: Step, address: ServiceAddress): Promise<void> {
    const { status, json } = await step.send(address);
    if (!step.expected.includes(status)) throw new Unexpected(`${status} ${JSON.stringify(json)}`);
    step.noted(json);
    this.answered++;
  }

  #next(run: string): Step {
    const devices = [...this.#devices.values()];
    const pending = devices.filter(({ redeemed }) => !redeemed);
    if (devices.length >= DEVICES_MOST || (devices.length > 0 && this.random.chance(0.1))) {
      return this.#remove(this.random.pick(devices), run);
    }
    if (pending.length > 0 && this.random.chance(0.4)) return this.#redeem(this.random.pick(pending));
    if (this.random.chance(0.15)) return this.#regrant(run);
    if (this.random.chance(0.15)) return this.#record(run);
    return this.#create(run);
  }

  #create(run: string): Step {
    const body = JSON.stringify({ name: `${this.index}-${this.#count++}`, ipLock: false });
    return {
      send: this.#call('POST', '/devices', run, body),
      expected: [201],
      noted: (json) => {
        const { clientId, oneTimeToken } = json as Device;
        this.#devices.set(clientId, { clientId, oneTimeToken, redeemed: false });
      },
    };
  }

  #redeem(device: Device): Step {
    return {
      send: (address) => {
        this.#address = address;
        device.holder ??= remoteDevice(() => this.#address, device.oneTimeToken);
        return device.holder.bind();
      },
      expected: [200],
      noted: () => {
        device.redeemed = true;
      },
    };
  }

  #remove({ clientId }: Device, run: string): Step {
    return {
      send: this.#call('DELETE', `/devices/${clientId}`, run),
      // Done before the kill: it is gone.
      expected: [204, 404],
      noted: () => this.#devices.delete(clientId),
    };
  }

  #regrant(run: string): Step {
    const path = `/grants/${this.folderUid}`;
    if (this.#grant !== undefined && this.random.chance(0.4)) {
      return {
        send: this.#call('DELETE', path, run),
        expected: [204, 404],
        noted: () => {
          this.#grant = undefined;
        },
      };
    }
    const editable = this.random.chance(0.5);
    return {
      send: this.#call('PUT', path, run, JSON.stringify({ editable })),
      expected: [200, 201],
      noted: () => {
        this.#grant = editable;
      },
    };
  }

  #record(run: string): Step {
    const uid = `r${this.index}${this.random.pick(['A', 'Q', 'g', 'w']).padStart(20, 'A')}`;
    const title = `title ${this.#count++}`;
    const body = JSON.stringify({ uid, folderUid: this.folderUid, data: login(title, 'canary') });
    return {
      send: (address) => this.#ask(address, 'POST', '/v1/vault/records', run, body),
      expected: [200, 201],
      noted: () => this.#records.set(uid, title),
    };
  }

  #call(method: string, path: string, run: string, body?: string) {
    const key = newKey();
    return (address: ServiceAddress) =>
      this.#ask(address, method, `/v1/applications/${this.applicationId}${path}`, run, body, key);
  }

  #ask(
    address: ServiceAddress,
    method: string,
    path: string,
    run: string,
    body?: string,
    key?: string,
  ): Promise<HttpReply> {
    const headers = { 'ksm-run': run, ...(method === 'POST' && key !== undefined ? { 'idempotency-key': key } : {}) };
    return ask(address, method, path, { headers, agent: this.#agent, ...(body === undefined ? {} : { body }) });
  }
}

/** An answer that is none of those that may come: no kill explains it. */
class Unexpected extends Error {}
