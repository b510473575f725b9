/**
 * Thousands of random histories of runs on the real vault, with a seed. Safety: what a settle listed, somebody
 * redeemed or a later run read never goes but by its documented end. Liveness: once faults stop and time passes,
 * no run is active, nothing dead is left, and nothing unsure is past its end.
 *
 * KSM_IAC_HISTORIES (how many) and KSM_IAC_SEED replay: a failure names the seed of its history.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { RUN_LEASE_SECONDS } from '../../../contract/limits';
import { createOperations, type Operations } from '../../../service/operations/operations';
import type { EmbeddedVault } from '../../../service/vault/embedded/embedded';
import { Random } from '../fuzz/random';
import { type Fault, type RemoteVault, remoteVault, watched } from '../vault/remote-vault';
import { type TemporaryVault, temporaryVault } from '../vault/temporary-vault';

const HISTORIES = Number(process.env.KSM_IAC_HISTORIES ?? 100);
const SEED = Number(process.env.KSM_IAC_SEED ?? 20_261_126);
const STEPS = 25;

interface Item {
  readonly id: string;
  readonly clientId: string;
  readonly run: number;
  readonly principal: 'a' | 'b';
  readonly ephemeral: boolean;
  readonly config: boolean;
  answered: boolean;
  /** Must be there for ever: settled with it, redeemed, or read by a later run of its principal. */
  held: boolean;
  redeemed: boolean;
  /** Another principal has read it: that counts if its run lapses, and not if it settles without it. */
  readElsewhere: boolean;
}

let temporary: TemporaryVault;
/** Of the vault over a network. */
let far: TemporaryVault;
beforeAll(async () => {
  temporary = await temporaryVault();
  far = await temporaryVault({ clock: temporary });
});
afterAll(async () => {
  await far.close();
  await temporary.close();
});

const FAULTS: readonly Fault[] = ['refused', 'lost-before', 'lost-after', 'crash-before', 'crash-after'];
/** What a provider is told that must ask again. */
const PASSING = new Set(['vault_unavailable', 'operation_in_progress']);

class History {
  #operations!: Operations;
  readonly #random: Random;
  readonly #items: Item[] = [];
  /** Of run `n`: whose it is, and whether its provider still does something. */
  readonly #runs: { principal: 'a' | 'b'; ended: boolean }[] = [];
  #application = '';
  /** What the service stands on; of the two it is the one that devices ask. */
  readonly #inner: EmbeddedVault;
  readonly #remote: RemoteVault | undefined;

  constructor(
    readonly seed: number,
    kind: 'embedded' | 'remote',
  ) {
    this.#random = new Random(seed);
    this.#inner = kind === 'remote' ? far.vault : temporary.vault;
    this.#remote = kind === 'remote' ? remoteVault(far.vault) : undefined;
  }

  async play(): Promise<void> {
    await this.#start();
    const { value } = await this.#operations.applications.create(this.#caller('a'), { name: `history ${this.seed}` });
    this.#application = value.id;
    if (this.#remote) {
      this.#remote.latency = 0;
      this.#remote.fault = () => (this.#random.next() < 0.2 ? this.#one(FAULTS) : undefined);
    }
    for (let step = 0; step < STEPS; step++) {
      await this.#pick([
        [4, () => this.#create()],
        [2, () => this.#redeem()],
        [2, () => this.#renew()],
        [2, () => this.#read()],
        [2, () => this.#settle(false)],
        [1, () => this.#settle(true)],
        [2, async () => temporary.passMinutes(this.#random.next() * 3)],
        [2, async () => void (await this.#orCrash(this.#operations.tick()))],
        [1, () => this.#start(this.#random.next() * 300)],
        [1, async () => temporary.setClock((this.#random.next() - 0.5) * 20)],
      ])();
      await this.#check('while faults rain');
    }
    await this.#quiet();
  }

  async #quiet(): Promise<void> {
    if (this.#remote) this.#remote.fault = () => undefined;
    // What was asked of a process that has ended stays without an answer for ever.
    await this.#start();
    for (let round = 0; round < 3; round++) {
      temporary.passMinutes(RUN_LEASE_SECONDS / 60);
      await this.#operations.tick();
    }
    await this.#check('when faults have stopped');
    // Past the end of every token and unused configuration.
    temporary.passMinutes(60 * 24 * 8);
    await this.#operations.tick();
    const { db } = temporary.database;
    const active = await db.selectFrom('runs').select('id').where('state', '=', 'active').execute();
    const left = await db
      .selectFrom('run_items')
      .innerJoin('runs', 'runs.id', 'run_items.run_id')
      .select(['item_id', 'run_items.state'])
      .where('run_items.kind', '!=', 'application')
      .where('run_items.state', '!=', 'unclaimed')
      .execute();
    await this.#operations.purge();
    const intents = await db.selectFrom('intents').select('operation_id').execute();
    expect({ seed: this.seed, active, left, intents }).toEqual({ seed: this.seed, active: [], left: [], intents: [] });
    const present = new Set((await this.#inner.devices.list(this.#application)).map(({ id }) => id));
    for (const item of this.#items) {
      const expected = item.held && !item.ephemeral;
      if (!expected && item.readElsewhere && !item.ephemeral) continue;
      if (expected !== present.has(item.id)) this.#fail(`${item.id} is ${expected ? 'gone' : 'left'}`, item);
    }
  }

  async #check(when: string): Promise<void> {
    const seen = new Set(
      (await this.#operations.devices.list(this.#caller('a'), this.#application)).map(({ id }) => id),
    );
    for (const item of this.#items) {
      if (item.held && !item.ephemeral && !seen.has(item.id)) this.#fail(`${when} ${item.id} is gone`, item);
    }
  }

  #fail(what: string, item: Item): never {
    throw new Error(`KSM_IAC_SEED=${this.seed} KSM_IAC_HISTORIES=1: ${what} ${JSON.stringify(item)}`);
  }

  /** A restart after some minutes; nothing of the process before is left. */
  async #start(downMinutes = 0): Promise<void> {
    temporary.passMinutes(downMinutes);
    const { masterKey, clock } = temporary;
    const database = this.#remote ? watched(temporary.database) : temporary.database;
    const vault = this.#remote ?? this.#inner;
    this.#operations = createOperations({ vault, database, masterKey, clock, version: '1', vaultId: 'x' });
    await this.#operations.resume();
    await this.#orCrash(this.#operations.tick());
  }

  async #create(): Promise<void> {
    const principal = this.#random.next() < 0.7 ? 'a' : 'b';
    let run = this.#runs.map((known) => known.principal === principal && !known.ended).lastIndexOf(true);
    if (run === -1 || this.#random.next() < 0.3) run = this.#runs.push({ principal, ended: false }) - 1;
    const ephemeral = this.#random.next() < 0.2;
    const config = this.#random.next() < 0.3;
    const input = { applicationId: this.#application, name: 'x', ipLock: false, tokenExpiresInMinutes: 30, ephemeral };
    const initialization = config ? ('config' as const) : ('token' as const);
    const caller = this.#caller(principal, run);
    const asked = this.#operations.devices.create(caller, { ...input, initialization }).catch((error) => {
      if (this.#remote && PASSING.has(error.code)) return undefined;
      if (error.code !== 'run_settled') throw error;
      this.#runs[run]!.ended = true;
      return undefined;
    });
    const made = await this.#orCrash(asked);
    if (!made) return;
    const { id, clientId } = made.value;
    const answered = this.#random.next() < 0.7;
    this.#items.push({
      id,
      clientId,
      run,
      principal,
      ephemeral,
      config,
      answered,
      held: false,
      redeemed: false,
      readElsewhere: false,
    });
  }

  async #redeem(): Promise<void> {
    const item = this.#one(this.#items.filter(({ redeemed, answered }) => answered && !redeemed));
    const client = item && (await this.#inner.redemption.find(item.clientId));
    const { isDead, bound, used } = this.#operations.redemptions;
    if (!client || (await isDead(client))) return;
    if (!item.config && temporary.clock.now() >= client.tokenExpiresAt!) return;
    const { redemption } = this.#inner;
    if (item.config) await redemption.firstUse(client, '127.0.0.1', used);
    else await redemption.bind(client, Buffer.alloc(65, 4), '127.0.0.1', bound);
    item.redeemed = true;
    item.held = true;
  }

  /** A process that has ended answers nothing: another is started. */
  async #orCrash<T>(asked: Promise<T | undefined>): Promise<T | undefined> {
    if (!this.#remote) return asked;
    const crashed = Symbol('crashed');
    const answer = await Promise.race([asked, sleep(250, crashed)]);
    if (answer !== crashed) return answer as T | undefined;
    await this.#start();
    return undefined;
  }

  async #renew(): Promise<void> {
    const run = this.#openRun();
    if (run === undefined) return;
    const held = this.#items.filter((item) => item.run === run && item.answered).map(({ id }) => id);
    await this.#operations.runs.renew(this.#caller(this.#runs[run]!.principal, run), this.#runId(run), held);
  }

  /** A later run has one in its state, and reads it. */
  async #read(): Promise<void> {
    const item = this.#one(this.#items.filter(({ answered }) => answered));
    if (!item) return;
    const own = this.#random.next() < 0.7;
    const principal = own ? item.principal : item.principal === 'a' ? 'b' : 'a';
    const run = this.#runs.push({ principal, ended: false }) - 1;
    const caller = this.#caller(principal, run);
    const alive = await this.#operations.devices
      .get(caller, this.#application, item.clientId)
      .then(() => true)
      .catch(() => false);
    await this.#operations.runs.renew(caller, this.#runId(run), [item.id]);
    if (own && alive) item.held = true;
    if (!own) item.readElsewhere = true;
  }

  async #settle(lost: boolean): Promise<void> {
    const run = this.#openRun();
    if (run === undefined) return;
    const { principal } = this.#runs[run]!;
    const own = this.#items.filter((item) => item.run === run);
    const there = new Set(
      (await this.#operations.devices.list(this.#caller('a'), this.#application)).map(({ id }) => id),
    );
    const held = own.filter(({ answered }) => answered).map(({ id }) => id);
    this.#runs[run]!.ended = true;
    const settled = await this.#operations.runs.settle(this.#caller(principal, run), this.#runId(run), {
      held,
      lost,
    });
    for (const item of own) {
      if (item.answered && !item.ephemeral && settled.revoked.includes(item.id)) this.#fail('it was listed', item);
      // What had ended before the settle is gone all the same.
      if (item.answered && !item.ephemeral && !lost && there.has(item.id)) item.held = true;
    }
  }

  /** Both kinds of vault have one database of the service. */
  #runId(run: number): string {
    return `${this.#remote ? 'remote' : 'embedded'}.${this.seed}.${run}`;
  }

  #openRun(): number | undefined {
    const open = this.#runs.flatMap(({ ended }, run) => (ended ? [] : [run]));
    return this.#one(open);
  }

  #one<T>(from: readonly T[]): T | undefined {
    return this.#random.pick(from);
  }

  #pick(choices: readonly [weight: number, work: () => Promise<void>][]): () => Promise<void> {
    let left = this.#random.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, work] of choices) {
      left -= weight;
      if (left < 0) return work;
    }
    return choices[0]![1];
  }

  #caller(principal: 'a' | 'b', run?: number) {
    const limits = { applications: null, secrets: null, allowEdit: false };
    return {
      principal: { id: principal, name: principal, scope: 'write' as const, limits },
      tokenExpiresAt: null,
      requestId: 'r',
      runId: run === undefined ? undefined : this.#runId(run),
    };
  }
}

test.each([
  ['embedded', HISTORIES],
  ['remote', Math.ceil(HISTORIES / 4)],
] as const)(
  'whatever happens to runs, nothing that somebody has is lost, and in the end nothing is left: %s',
  async (kind, count) => {
    for (let index = 0; index < count; index++) {
      await new History(SEED + index, kind).play();
    }
  },
  600_000,
);
