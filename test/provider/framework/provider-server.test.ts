import { errorDiagnostic, refusal, warningDiagnostic } from '../../../provider/framework/diagnostic';
import type { ProviderDefinition, Session } from '../../../provider/framework/provider';
import { createServer } from '../../../provider/framework/provider-server';
import type { ResourceDefinition } from '../../../provider/framework/resource';
import { type ObjectValue, UNKNOWN } from '../../../provider/framework/value';

const NONE: Uint8Array = new Uint8Array(0);
const CANARY = 'c4n4ry-t0ken';

/** A house that is its own vault. */
class House implements Session {
  readonly runId: string = 'run';
  readonly lamps = new Map<string, string>();
  readonly told: string[] = [];
  failure: unknown;
  wasRead = (id: string) => void this.told.push(`read ${id}`);
  wasMissing = (id: string) => void this.told.push(`missing ${id}`);
  wasApplied = (id: string) => void this.told.push(`applied ${id}`);
  wasDeleted = (id: string) => void this.told.push(`deleted ${id}`);
  close = async () => void this.told.push('closed');
  check() {
    if (this.failure) throw this.failure;
  }
}

const lamp: ResourceDefinition<House> = {
  typeName: 'house_lamp',
  noun: 'lamp',
  schema: {
    version: 0,
    description: '',
    attributes: {
      id: { type: 'string', computed: true, description: '' },
      name: { type: 'string', required: true, description: '' },
      colour: {
        type: 'string',
        optional: true,
        requiresReplace: true,
        adoptAfterImport: () => true,
        description: '',
      },
    },
  },
  async modifyPlan({ planned, creates, session }) {
    if (planned.name === 'throw') throw refusal('No', 'No lamp can be called so.');
    return creates && session ? { warnings: [warningDiagnostic('Bright', 'A new lamp is bright.')] } : {};
  },
  async create({ planned, session }) {
    session.check();
    session.lamps.set('1', String(planned.name));
    return { state: { ...planned, id: '1' } };
  },
  async read({ state, session }) {
    session.check();
    const name = session.lamps.get(String(state.id));
    return name === undefined ? null : { state: { ...state, name } };
  },
  async update({ planned, session }) {
    session.check();
    session.lamps.set(String(planned.id), String(planned.name));
    return { state: planned };
  },
  async delete({ state, session }) {
    session.check();
    session.lamps.delete(String(state.id));
  },
  async import({ id, session }) {
    session.check();
    const name = session.lamps.get(id);
    return name === undefined ? null : { state: { id, name, colour: null } };
  },
};

function setUp() {
  const house = new House();
  const logged: unknown[] = [];
  const note = (...entry: unknown[]) => void logged.push(entry);
  const definition: ProviderDefinition<House> = {
    schema: {
      version: 0,
      description: '',
      attributes: { street: { type: 'string', optional: true, description: '', validators: [() => 'No street.'] } },
    },
    resources: [lamp],
    validate: ({ street }) => (street === 'both' ? [errorDiagnostic('Both', 'Not both.')] : []),
    configure: ({ config }) => {
      if (config.street === UNKNOWN) return { diagnostics: [] };
      return config.street === 'bad'
        ? { diagnostics: [errorDiagnostic('Bad', 'No such street.')] }
        : { session: house, diagnostics: [] };
    },
    explain: (error) => (error === 'known' ? [errorDiagnostic('Explained', 'By the provider.')] : undefined),
  };
  const server = createServer(definition, { trace: note, debug: note, info: note, warn: note, error: note });
  const configure = (street: ObjectValue[string] = null) =>
    server.configure({ terraformVersion: '1.11.4', config: { street } });
  const typeName = 'house_lamp';
  return {
    house,
    logged,
    server,
    configure,
    plan: (prior: ObjectValue | null, config: ObjectValue | null, bytes = NONE) =>
      server.planResource({ typeName, prior, proposed: config, config, private: bytes }),
    apply: (prior: ObjectValue | null, planned: ObjectValue | null, bytes = NONE) =>
      server.applyResource({ typeName, prior, planned, config: planned, private: bytes }),
    read: (state: ObjectValue, bytes = NONE) => server.readResource({ typeName, state, private: bytes }),
    importLamp: (id: string) => server.importResource({ typeName, id }),
  };
}

const CONFIG: ObjectValue = { id: null, name: 'desk', colour: null };
const STATE: ObjectValue = { id: '1', name: 'desk', colour: null };
const PLANNED: ObjectValue = { id: UNKNOWN, name: 'desk', colour: null };

test('a life: plan, create, refresh, plan nothing, change, delete', async () => {
  const { configure, plan, apply, read, house, server } = setUp();
  await configure();
  const created = await plan(null, CONFIG);
  expect(created).toMatchObject({ planned: PLANNED, requiresReplace: [], diagnostics: [{ summary: 'Bright' }] });
  expect((await apply(null, created.planned)).state).toEqual(STATE);
  expect((await read(STATE)).state).toEqual(STATE);
  expect(await plan(STATE, CONFIG)).toMatchObject({ planned: STATE, diagnostics: [] });
  const renamed = { ...STATE, name: 'floor' };
  expect((await apply(STATE, renamed)).state).toEqual(renamed);
  expect((await apply(renamed, null)).state).toBeNull();
  expect((await read(renamed)).state).toBeNull();
  await server.shutdown();
  expect(house.told).toEqual(['applied 1', 'read 1', 'applied 1', 'deleted 1', 'missing 1', 'closed']);
});

test('something removed behind our back is gone from the state', async () => {
  const { configure, read } = setUp();
  await configure();
  expect(await read(STATE)).toMatchObject({ state: null, diagnostics: [] });
});

describe('when a call fails', () => {
  test.each<[string, (t: ReturnType<typeof setUp>) => Promise<unknown>, unknown]>([
    ['a creation leaves nothing', ({ apply }) => apply(null, PLANNED), null],
    ['a change leaves what was', ({ apply }) => apply(STATE, { ...STATE, name: 'x' }), STATE],
    ['a deletion leaves what was', ({ apply }) => apply(STATE, null), STATE],
    ['a refresh leaves what was', ({ read }) => read(STATE), STATE],
  ])('%s', async (_, call, state) => {
    const t = setUp();
    await t.configure();
    t.house.failure = 'known';
    expect(await call(t)).toMatchObject({ state, diagnostics: [{ severity: 'error', summary: 'Explained' }] });
    expect(t.house.told).toEqual([]);
  });

  test('a plan fails with the diagnostic of the resource', async () => {
    const { configure, plan } = setUp();
    await configure();
    const { diagnostics } = await plan(null, { ...CONFIG, name: 'throw' });
    expect(diagnostics).toEqual([{ severity: 'error', summary: 'No', detail: 'No lamp can be called so.' }]);
  });

  test('an unexpected failure is called a bug, and neither diagnostic nor log repeats its message', async () => {
    const t = setUp();
    await t.configure();
    t.house.failure = new RangeError(`cannot take ${CANARY}`);
    const { diagnostics } = await t.apply(null, PLANNED);
    expect(diagnostics[0]?.summary).toBe('Could not create the lamp');
    expect(diagnostics[0]?.detail).toContain('RangeError');
    expect(JSON.stringify(t.logged)).toContain('provider-server.test.ts');
    expect(JSON.stringify([diagnostics, t.logged])).not.toContain(CANARY);
  });
});

describe('with a configuration that is unknown as yet', () => {
  test('creations are planned without asking anybody', async () => {
    const { configure, plan } = setUp();
    await configure(UNKNOWN);
    expect(await plan(null, CONFIG)).toMatchObject({ planned: PLANNED, diagnostics: [] });
  });

  test('refreshes keep the state, with one warning in all', async () => {
    const { configure, read } = setUp();
    await configure(UNKNOWN);
    expect(await read(STATE)).toMatchObject({ state: STATE, diagnostics: [{ severity: 'warning' }] });
    expect(await read(STATE)).toMatchObject({ state: STATE, diagnostics: [] });
  });

  test('an apply and an import say what to do first', async () => {
    const { configure, apply, importLamp } = setUp();
    await configure(UNKNOWN);
    const error = { severity: 'error', detail: expect.stringContaining('-target') };
    expect((await apply(null, PLANNED)).diagnostics).toEqual([expect.objectContaining(error)]);
    expect((await importLamp('1')).diagnostics).toEqual([expect.objectContaining(error)]);
  });
});

test('a configuration with an error configures nothing', async () => {
  const { configure, apply, server } = setUp();
  expect((await configure('bad')).diagnostics).toHaveLength(1);
  expect((await apply(null, PLANNED)).diagnostics[0]?.summary).toBe('The provider is not configured');
  await server.shutdown();
});

test('the configuration of the provider is checked by schema and as a whole', async () => {
  const { server } = setUp();
  const { diagnostics } = await server.validateProviderConfig({ street: 'both' });
  expect(diagnostics.map(({ detail }) => detail)).toEqual(['No street.', 'Not both.']);
});

describe('after StopProvider', () => {
  test('no creation starts', async () => {
    const { configure, apply, server, house } = setUp();
    await configure();
    server.stop();
    const { state, diagnostics } = await apply(null, PLANNED);
    expect({ state, lamps: house.lamps.size }).toEqual({ state: null, lamps: 0 });
    expect(diagnostics[0]?.detail).toContain('stopped before it was created');
  });

  test('what exists is still changed and deleted', async () => {
    const { configure, apply, server, house } = setUp();
    await configure();
    house.lamps.set('1', 'desk');
    server.stop();
    expect((await apply(STATE, { ...STATE, name: 'x' })).diagnostics).toEqual([]);
    expect((await apply(STATE, null)).diagnostics).toEqual([]);
  });
});

describe('after an import', () => {
  test('the first configured value that could not be known is adopted, with a warning, and only the first', async () => {
    const { configure, plan, apply, importLamp, house } = setUp();
    await configure();
    house.lamps.set('1', 'desk');
    const { resources } = await importLamp('1');
    expect(resources).toMatchObject([{ typeName: 'house_lamp', state: STATE }]);
    const bytes = resources[0]!.private;

    const red = { ...CONFIG, colour: 'red' };
    const adoption = await plan(STATE, red, bytes);
    expect(adoption).toMatchObject({ requiresReplace: [], diagnostics: [{ severity: 'warning', path: ['colour'] }] });
    const applied = await apply(STATE, adoption.planned, adoption.private);
    const next = await plan(applied.state, { ...CONFIG, colour: 'blue' }, applied.private);
    expect(next.requiresReplace).toEqual([['colour']]);
  });

  test('a replacement is a new thing, no longer an imported one', async () => {
    const { configure, plan, importLamp, house } = setUp();
    await configure();
    house.lamps.set('1', 'desk');
    const { resources } = await importLamp('1');
    expect((await plan(null, CONFIG, resources[0]!.private)).private).toEqual(NONE);
  });

  test('something that does not exist is an error', async () => {
    const { configure, importLamp } = setUp();
    await configure();
    expect(await importLamp('9')).toMatchObject({ resources: [], diagnostics: [{ summary: 'There is no such lamp' }] });
  });
});
