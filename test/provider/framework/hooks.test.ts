import {
  createServer,
  type Log,
  type ObjectValue,
  type ResourceDefinition,
  type Session,
  stringOf,
  UNKNOWN,
  warningDiagnostic,
} from '../../../provider/framework';
import { SILENT } from '../tiny/server';

const CANARY = 'c4n4ry-t0ken';
const NONE: Uint8Array = new Uint8Array(0);
const session: Session = {
  runId: 'run',
  wasRead() {},
  wasMissing() {},
  wasApplied() {},
  wasDeleted() {},
  async close() {},
};

interface Age {
  readonly days: number;
}

/** Grows older at each read; at ten days it is planned anew. */
const bread: ResourceDefinition<Session, Age> = {
  typeName: 'bakery_bread',
  noun: 'bread',
  schema: {
    version: 2,
    description: '',
    attributes: {
      id: { type: 'string', computed: true, description: '' },
      flour: { type: 'string', required: true, description: '' },
      baked_at: { type: 'string', computed: true, description: '' },
      sliced: { type: 'bool', optional: true, computed: true, default: false, description: '' },
    },
  },
  upgrade: {
    0: ({ grain, ...rest }) => ({ ...rest, flour: grain }),
    1: ({ flour, ...rest }) => ({ ...rest, flour: String(flour).toLowerCase() }),
  },
  decodePrivate: (stored) => (typeof (stored as Age)?.days === 'number' ? (stored as Age) : undefined),

  async modifyPlan({ prior, planned, private: age }) {
    if (planned.flour === 'bug') throw new RangeError(CANARY);
    if (!prior || !age || age.days < 10) return {};
    return {
      planned: { baked_at: UNKNOWN },
      requiresReplace: [['baked_at']],
      warnings: [warningDiagnostic('Stale', `It is ${age.days} days old.`)],
    };
  },
  async create({ planned }) {
    return { state: { ...planned, id: 'b1', baked_at: 'now' }, private: { days: 0 } };
  },
  async read({ state, private: age }) {
    stringOf(state, 'baked_at');
    return { state, private: { days: (age?.days ?? 0) + 5 }, warnings: [warningDiagnostic('Older', '')] };
  },
  async update({ planned }) {
    return { state: planned };
  },
  async delete({ state, private: age }) {
    return { warnings: [warningDiagnostic(`Eaten ${state.id as string}`, `After ${age?.days} days.`)] };
  },
  async import() {
    return { state: { id: 'b1', flour: 'rye', baked_at: 'then', sliced: false }, private: { days: 3 } };
  },
};

const typeName = 'bakery_bread';
const CONFIG: ObjectValue = { id: null, flour: 'rye', baked_at: null, sliced: null };
const STATE: ObjectValue = { id: 'b1', flour: 'rye', baked_at: 'now', sliced: false };

async function setUp(log: Log = SILENT) {
  const schema = { version: 0, description: '', attributes: {} };
  const configure = () => ({ session, diagnostics: [] });
  const definition = { schema, resources: [bread], validate: () => [], configure, explain: () => undefined };
  const server = createServer<Session>(definition, log);
  await server.configure({ terraformVersion: '1.11.4', config: {} });
  return {
    server,
    plan: (prior: ObjectValue | null, bytes: Uint8Array, config = CONFIG) =>
      server.planResource({ typeName, prior, proposed: config, config, private: bytes }),
    apply: (prior: ObjectValue | null, planned: ObjectValue | null, bytes = NONE) =>
      server.applyResource({ typeName, prior, planned, config: planned, private: bytes }),
    read: (bytes: Uint8Array, state = STATE) => server.readResource({ typeName, state, private: bytes }),
  };
}

const json = (bytes: Uint8Array) => (bytes.length > 0 ? JSON.parse(Buffer.from(bytes).toString()) : undefined);

test('what a resource keeps to itself goes from its creation through reads and plans to its end', async () => {
  const { plan, apply, read } = await setUp();
  const made = await apply(null, { ...CONFIG, id: UNKNOWN, baked_at: UNKNOWN, sliced: false });
  expect(json(made.private)).toEqual({ own: { days: 0 } });
  const older = await read(made.private);
  expect(json(older.private)).toEqual({ own: { days: 5 } });
  expect(older.diagnostics).toMatchObject([{ summary: 'Older' }]);
  const planned = await plan(STATE, older.private);
  expect(planned).toMatchObject({ planned: STATE, requiresReplace: [], diagnostics: [] });
  // An update that says nothing of it keeps it.
  const updated = await apply(STATE, { ...STATE, sliced: true }, planned.private);
  expect(json(updated.private)).toEqual({ own: { days: 5 } });
  const gone = await apply(STATE, null, updated.private);
  expect(gone).toMatchObject({ state: null, diagnostics: [{ summary: 'Eaten b1', detail: 'After 5 days.' }] });
  expect(json(gone.private)).toBeUndefined();
});

test('a resource plans a replacement of its own, which begins with nothing', async () => {
  const { plan } = await setUp();
  const bytes = Buffer.from('{"own":{"days":10}}');
  expect(await plan(STATE, bytes)).toMatchObject({
    planned: { ...STATE, baked_at: UNKNOWN },
    requiresReplace: [['baked_at']],
    diagnostics: [{ severity: 'warning', summary: 'Stale' }],
  });
  expect(json((await plan(null, bytes)).private)).toBeUndefined();
});

test('an import may say what it keeps, beside the mark of the import', async () => {
  const { server } = await setUp();
  const { resources } = await server.importResource({ typeName, id: 'b1' });
  expect(json(resources[0]!.private)).toEqual({ imported: { by: 'run' }, own: { days: 3 } });
});

describe('private state that nobody wrote', () => {
  const damaged = ['not JSON', '[]', '5', '{"own":{"days":"many"}}', '{"own":null}', '\xff\xfe'];

  test.each(damaged)('is a diagnostic that names the cure: %j', async (text) => {
    const { plan, apply, read } = await setUp();
    const bytes = Buffer.from(text, 'latin1');
    const cure = { summary: 'The state is damaged', detail: expect.stringContaining('state rm bakery_bread.NAME') };
    for (const call of [plan(STATE, bytes), read(bytes), apply(STATE, null, bytes)]) {
      expect((await call).diagnostics).toMatchObject([cure]);
    }
  });

  test('is taken as it is where a later version added to it', async () => {
    const { plan } = await setUp();
    const later = Buffer.from('{"own":{"days":1,"more":2},"imported":{"by":"run"},"else":3}');
    const { diagnostics, private: bytes } = await plan(STATE, later);
    expect(diagnostics).toEqual([]);
    expect(json(bytes)).toEqual({ imported: { by: 'run' }, own: { days: 1, more: 2 } });
  });
});

describe('a state of an older version', () => {
  const upgrade = async (version: number, state: unknown) =>
    (await setUp()).server.upgradeResource({ typeName, version, state });

  test('takes every step to the newest, and then the defaults of what it lacks', async () => {
    const state = { id: 'b1', flour: 'rye', baked_at: null, sliced: false };
    expect(await upgrade(0, { id: 'b1', grain: 'RYE' })).toEqual({ state, diagnostics: [] });
    expect(await upgrade(1, { id: 'b1', flour: 'RYE' })).toEqual({ state, diagnostics: [] });
  });

  test('keeps a null that is there', async () => {
    expect((await upgrade(2, { ...STATE, sliced: null })).state).toMatchObject({ sliced: null });
  });

  test('is refused with its place where a number is none that a computer holds', async () => {
    const stored = JSON.parse('{"id":"b1","flour":1e999}');
    const { state, diagnostics } = await upgrade(2, stored);
    expect({ state, diagnostics }).toMatchObject({ state: null, diagnostics: [{ path: ['flour'] }] });
  });
});

test('a state that lacks what a read needs is called damaged, with the cure', async () => {
  const { read } = await setUp();
  expect((await read(NONE, { ...STATE, baked_at: null })).diagnostics).toMatchObject([
    {
      summary: 'Could not read the bread',
      detail: expect.stringMatching(/this bread b1 is damaged: "baked_at" is null.*state rm/),
      path: ['baked_at'],
    },
  ]);
});

test('a failure of a check or a hook is a diagnostic, and neither it nor the log quotes the error', async () => {
  const logged: unknown[] = [];
  const note = (...entry: unknown[]) => void logged.push(entry);
  const { plan } = await setUp({ ...SILENT, error: note });
  const { diagnostics } = await plan(null, NONE, { ...CONFIG, flour: 'bug' });
  expect(diagnostics).toMatchObject([{ summary: 'Could not plan the bread' }]);
  expect(logged).toMatchObject([['unexpected failure', { type: 'bakery_bread', action: 'plan', name: 'RangeError' }]]);
  expect(JSON.stringify([diagnostics, logged])).not.toContain(CANARY);
});
