/**
 * The service, Commander or both killed before and after each step of each kind of change: intent, command, number of the
 * request, result, its note, the answer. Whoever asked asks again with its key, or never again. Afterwards every device
 * that can be used is in a state or suspected, nothing that is in a state was taken away, and no application is there
 * twice. KSM_IAC_COMMANDER_CRASHES makes it longer (there are 252), KSM_IAC_COMMANDER_CRASH_SEED repeats the choices.
 */

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkVault } from '../../../../service/check';
import { Commander, commanderOptions, describeCommander } from '../../../commander/commander';
import { Line } from '../../../commander/line';
import { eventually } from '../../../support/process';
import { TestService } from '../../../support/service';
import { Random } from '../../fuzz/random';

const CRASHES = Number(process.env.KSM_IAC_COMMANDER_CRASHES ?? 20);
const SEED = Number(process.env.KSM_IAC_COMMANDER_CRASH_SEED ?? 20_261_127);

/** Between which steps the kill falls. */
const POINTS = [
  'intent noted, command not sent',
  'command taken, its number not heard of',
  'number noted, result not asked for',
  'result there, not heard of',
  'result heard of',
  'answered',
] as const;
const VICTIMS = ['service', 'commander', 'both'] as const;
const RESULT = /^GET .*\/result\//;

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of a body
  readonly json: any;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly run?: string;
}

/** What somebody was told that there is. */
interface State {
  readonly titles: Map<string, string>;
  /** By `<application>/<secret>`. */
  readonly grants: Map<string, boolean>;
  /** By `<application>/<client>`; the token where nobody has redeemed it. */
  readonly clients: Map<string, string | undefined>;
}

interface Scenario {
  readonly name: string;
  /** The command that changes something. */
  readonly command: RegExp;
  /** Made before, on a good day. */
  prepare?(world: World): Promise<string>;
  ask(world: World, prepared: string): Call;
  /** It was answered: now it is so in a state. */
  answered(world: World, prepared: string, json: Answer['json']): void;
  /** Whoever asked may not ask again: then nobody has what it made. */
  readonly creates?: true;
}

interface World extends State {
  readonly application: string;
  readonly folder: string;
  readonly number: number;
  insist(call: Call): Promise<Answer['json']>;
  redeem(token: string): Promise<void>;
}

const devicesOf = ({ application }: World) => `/v1/applications/${application}/devices`;
const gatewaysOf = ({ application }: World) => `/v1/applications/${application}/gateways`;
const grantOf = ({ application, folder }: World) => `/v1/applications/${application}/grants/${folder}`;
const config = { initialization: 'config', ipLock: false };

function keepClient({ clients }: World, json: Answer['json']): void {
  clients.set(json.id, json.oneTimeToken ?? undefined);
}

async function newClient(world: World, path: string, body: object): Promise<string> {
  const json = await world.insist({ method: 'POST', path, body });
  keepClient(world, json);
  return json.id;
}

function forgetClient({ clients }: World, id: string): void {
  clients.delete(id);
}

const clientIdIn = (id: string) => id.split('/')[1];

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'application.create',
    command: /app create/,
    creates: true,
    ask: ({ number }) => ({ method: 'POST', path: '/v1/applications', body: { name: `new ${number}` } }),
    answered: ({ titles }, _prepared, { id, name }) => void titles.set(id, name),
  },
  {
    name: 'application.rename',
    command: /app update/,
    ask: ({ application, number }) => ({
      method: 'PATCH',
      path: `/v1/applications/${application}`,
      body: { name: `renamed ${number}` },
    }),
    answered: ({ titles }, _prepared, { id, name }) => void titles.set(id, name),
  },
  {
    name: 'application.remove',
    command: /app remove/,
    async prepare({ insist, titles, number }) {
      const { id, name } = await insist({ method: 'POST', path: '/v1/applications', body: { name: `old ${number}` } });
      titles.set(id, name);
      return id;
    },
    ask: (_world, id) => ({ method: 'DELETE', path: `/v1/applications/${id}` }),
    answered: ({ titles }, id) => void titles.delete(id),
  },
  {
    name: 'grant.create',
    command: /share add/,
    ask: (world) => ({ method: 'PUT', path: grantOf(world), body: { editable: false } }),
    answered: ({ grants, application, folder }) => void grants.set(`${application}/${folder}`, false),
  },
  {
    name: 'grant.update',
    command: /share update/,
    async prepare(world) {
      await world.insist({ method: 'PUT', path: grantOf(world), body: { editable: false } });
      world.grants.set(`${world.application}/${world.folder}`, false);
      return '';
    },
    ask: (world) => ({ method: 'PUT', path: grantOf(world), body: { editable: true } }),
    answered: ({ grants, application, folder }) => void grants.set(`${application}/${folder}`, true),
  },
  {
    name: 'grant.remove',
    command: /share remove/,
    async prepare(world) {
      await world.insist({ method: 'PUT', path: grantOf(world), body: { editable: true } });
      world.grants.set(`${world.application}/${world.folder}`, true);
      return '';
    },
    ask: (world) => ({ method: 'DELETE', path: grantOf(world) }),
    answered: ({ grants, application, folder }) => void grants.delete(`${application}/${folder}`),
  },
  {
    name: 'client_device.create',
    command: /client add/,
    creates: true,
    ask: (world) => ({ method: 'POST', path: devicesOf(world), body: { name: 'ci' } }),
    answered: (world, _prepared, json) => keepClient(world, json),
  },
  {
    name: 'client_device.create of a configuration',
    command: /client add/,
    creates: true,
    ask: (world) => ({ method: 'POST', path: devicesOf(world), body: { name: 'config', ...config } }),
    answered: (world, _prepared, json) => keepClient(world, json),
  },
  {
    name: 'client_device.remove',
    command: /client remove/,
    prepare: (world) => newClient(world, devicesOf(world), { name: 'old' }),
    ask: (world, id) => ({ method: 'DELETE', path: `${devicesOf(world)}/${clientIdIn(id)}` }),
    answered: forgetClient,
  },
  {
    name: 'gateway.create',
    command: /gateway new/,
    creates: true,
    ask: (world) => ({ method: 'POST', path: gatewaysOf(world), body: { name: `site ${world.number}` } }),
    answered: (world, _prepared, json) => keepClient(world, json),
  },
  {
    name: 'gateway.create of a configuration',
    command: /gateway new/,
    creates: true,
    ask: (world) => ({
      method: 'POST',
      path: gatewaysOf(world),
      body: { name: `site ${world.number}`, initialization: 'config' },
    }),
    answered: (world, _prepared, json) => keepClient(world, json),
  },
  {
    name: 'gateway.rename',
    command: /gateway edit/,
    async prepare(world) {
      const id = await newClient(world, gatewaysOf(world), { name: `site ${world.number}` });
      await world.redeem(id);
      return id;
    },
    ask: (world, id) => ({
      method: 'PATCH',
      path: `${gatewaysOf(world)}/${clientIdIn(id)}`,
      body: { name: `renamed ${world.number}` },
    }),
    answered: () => undefined,
  },
  {
    name: 'gateway.remove before it has initialised',
    command: /client remove/,
    prepare: (world) => newClient(world, gatewaysOf(world), { name: `site ${world.number}` }),
    ask: (world, id) => ({ method: 'DELETE', path: `${gatewaysOf(world)}/${clientIdIn(id)}` }),
    answered: forgetClient,
  },
  {
    name: 'gateway.remove',
    command: /gateway remove/,
    async prepare(world) {
      const id = await newClient(world, gatewaysOf(world), { name: `site ${world.number}` });
      await world.redeem(id);
      return id;
    },
    ask: (world, id) => ({ method: 'DELETE', path: `${gatewaysOf(world)}/${clientIdIn(id)}` }),
    answered: forgetClient,
  },
];

interface Crash {
  readonly scenario: Scenario;
  readonly point: (typeof POINTS)[number];
  readonly victim: (typeof VICTIMS)[number];
}

/** All there are, in the order of the seed. */
function crashesOf(random: Random): Crash[] {
  const all = SCENARIOS.flatMap((scenario) =>
    POINTS.flatMap((point) => VICTIMS.map((victim) => ({ scenario, point, victim }))),
  );
  return all
    .map((crash) => ({ crash, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ crash }) => crash);
}

describeCommander('killed before and after each step', () => {
  let commander: Commander;
  let line: Line;
  let service: TestService;
  beforeAll(async () => {
    commander = await Commander.start({ gateway_cache_seconds: 0 });
    line = await Line.to(commander.port);
    service = await TestService.start(commanderOptions(line.url), {
      KSM_IAC_COMMANDER_API_KEY: commander.apiKey,
    });
  }, 240_000);
  afterAll(async () => {
    await service.dispose();
    await line.close();
    await commander.stop();
  });

  /** Undefined: the service ended meanwhile. */
  function call({ method, path, body, run }: Call, key?: string): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const options = {
        method,
        agent: false,
        ca: readFileSync(service.caCertificateFile),
        headers: {
          authorization: `Bearer ${service.token}`,
          ...(text !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
          ...(key !== undefined && { 'idempotency-key': key }),
          ...(run !== undefined && { 'ksm-run': run }),
        },
      };
      const asking = request(`${service.endpoint}${path}`, options, (reply) => {
        let got = '';
        reply.setEncoding('utf8').on('data', (piece) => {
          got += piece;
        });
        reply.on('error', () => resolve(undefined));
        reply.on('end', () => resolve({ status: reply.statusCode!, json: got === '' ? undefined : JSON.parse(got) }));
      });
      asking.on('error', () => resolve(undefined));
      asking.end(text);
    });
  }

  /** As a provider does: with the same key, as long as it is told to. */
  async function insist(asked: Call, key = newKey()): Promise<Answer['json']> {
    for (;;) {
      const answer = await call(asked, key);
      if (answer && answer.status < 300) return answer.json;
      // What is gone is gone.
      if (answer?.status === 404 && asked.method === 'DELETE') return undefined;
      const isToWait = answer === undefined || answer.status === 409 || answer.status === 503;
      if (!isToWait) throw new Error(`${asked.method} ${asked.path}: ${answer.status} ${JSON.stringify(answer.json)}`);
      await sleep(50);
    }
  }

  async function kill(victim: Crash['victim']): Promise<void> {
    await Promise.all([
      ...(victim === 'commander' ? [] : [service.end('SIGKILL')]),
      ...(victim === 'service' ? [] : [commander.stopService()]),
    ]);
  }

  async function revive(victim: Crash['victim']): Promise<void> {
    line.heal();
    await Promise.all([
      ...(victim === 'commander' ? [] : [service.restart()]),
      ...(victim === 'service' ? [] : [commander.startService()]),
    ]);
  }

  /** Has the kill happen at its point. @returns once it has */
  function arm({ point, victim, scenario }: Crash, delay: number): { readonly killed: Promise<void>; now(): void } {
    let begin = () => {};
    const killed = new Promise<void>((resolve) => {
      begin = resolve;
    }).then(async () => {
      await sleep(delay);
      await kill(victim);
    });
    const now = () => begin();
    // The line stands still until somebody has died; what it had then reaches nobody who lives.
    const here = async () => {
      now();
      await killed;
    };
    const { command } = scenario;
    const result = (fault: object) => async () => line.fail({ matches: RESULT, reaches: true, passes: true, ...fault });
    const passing = { matches: command, reaches: true, passes: true } as const;
    if (point === POINTS[0]) line.fail({ ...passing, reaches: false, meanwhile: here });
    if (point === POINTS[1]) line.fail({ ...passing, afterwards: here });
    if (point === POINTS[2]) line.fail({ ...passing, afterwards: result({ meanwhile: here }) });
    if (point === POINTS[3]) line.fail({ ...passing, afterwards: result({ afterwards: here }) });
    if (point === POINTS[4]) line.fail({ ...passing, afterwards: result({ afterwards: async () => now() }) });
    return { killed, now };
  }

  test(
    `${CRASHES} of the seed ${SEED}`,
    async () => {
      const random = new Random(SEED);
      const state: State = { titles: new Map(), grants: new Map(), clients: new Map() };
      let [interrupted, abandoned] = [0, 0];
      const redeem = async (id: string) => {
        const token = state.clients.get(id);
        await commander.control('redeem', { token });
        state.clients.set(id, undefined);
      };

      for (const [number, crash] of crashesOf(random).slice(0, CRASHES).entries()) {
        const { scenario } = crash;
        const made = await insist({
          method: 'POST',
          path: '/v1/applications',
          body: { name: `application ${number}` },
        });
        state.titles.set(made.id, made.name);
        const folder = await commander.control('folder', { name: `folder ${number}` });
        const world: World = {
          ...state,
          application: made.id,
          folder,
          number,
          insist: (asked) => insist(asked),
          redeem,
        };
        const prepared = (await scenario.prepare?.(world)) ?? '';
        const leaves = scenario.creates === true && random.chance(0.25);
        const run = newKey();
        const asked: Call = { ...scenario.ask(world, prepared), ...(leaves && { run }) };
        const key = newKey();
        const { killed, now } = arm(crash, crash.point === 'answered' ? 0 : random.below(15));
        const first = call(asked, key);
        if (crash.point === 'answered') await first;
        const over = crash.point === 'answered' ? now() : undefined;
        await Promise.all([killed, over]);
        const answer = await Promise.race([first, sleep(crash.victim === 'commander' ? 0 : 5_000)]);
        if (!answer || answer.status >= 300) interrupted++;
        await revive(crash.victim);
        if (leaves) {
          abandoned++;
          // Its provider says that Terraform has nothing of it.
          await insist({ method: 'POST', path: `/v1/runs/${run}/settle`, body: { held: [] } });
        } else {
          scenario.answered(world, prepared, await insist(asked, key));
        }
      }

      // Two seconds later what is dead has gone.
      let suspects: Answer['json'][] = [];
      await eventually('nothing to be left that nobody knows of', async () => {
        suspects = (await insist({ method: 'GET', path: '/v1/orphans?state=suspected&limit=500' })).items;
        const applications = await commander.applications();
        const strangers = applications.flatMap(({ uid, clients }) =>
          clients
            .filter(({ id, gateway }) => !gateway && !state.clients.has(`${uid}/${id}`))
            .filter(({ id }) => !suspects.some((suspect) => suspect.id === `${uid}/${id}`)),
        );
        const unlisted = suspects.filter(({ kind }) => kind === 'gateway').map(({ applicationId }) => applicationId);
        const gateways = applications.flatMap(({ uid, clients }) =>
          clients.filter(({ id, gateway }) => gateway && !state.clients.has(`${uid}/${id}`)).map(() => uid),
        );
        return (
          applications.length === state.titles.size &&
          strangers.length === 0 &&
          gateways.every((uid) => unlisted.includes(uid))
        );
      });
      const applications = await commander.applications();
      const titles = applications.map(({ uid, title }) => [uid, title] as const);
      expect(new Map(titles)).toEqual(state.titles);
      expect(new Set(titles.map(([, title]) => title.toLowerCase())).size).toBe(titles.length);
      const grants = applications.flatMap(({ uid, shares }) =>
        shares.map(({ uid: secret, editable }) => [`${uid}/${secret}`, editable] as const),
      );
      expect(new Map(grants)).toEqual(state.grants);
      const clients = new Set(applications.flatMap(({ uid, clients }) => clients.map(({ id }) => `${uid}/${id}`)));
      expect([...state.clients.keys()].filter((id) => !clients.has(id))).toEqual([]);
      for (const [id, token] of state.clients) {
        if (token === undefined) continue;
        const { application, client } = await commander.control('redeem', { token });
        expect(`${application}/${client}`).toBe(id);
      }
      // What is suspected has an end, or shows as used by Commander's own bind.
      const endless = suspects.filter(({ endsAt }) => endsAt === null).map(({ name }) => name);
      expect(endless.filter((name) => !/^(config|site \d+)$/.test(name))).toEqual([]);
      expect(await checkVault({ dataDir: join(service.folder, 'data') })).toMatchObject({ sound: true, findings: [] });
      process.stderr.write(
        `${CRASHES} crashes: ${interrupted} interrupted, ${abandoned} not asked for again, ${suspects.length} suspected\n`,
      );
    },
    60_000 + CRASHES * 15_000,
  );
});

const newKey = () => randomBytes(32).toString('base64url');
