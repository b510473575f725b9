import {
  type CallContext,
  createServer,
  type ObjectValue,
  type ProviderDefinition,
  type ResourceDefinition,
  type Session,
  type SessionEnding,
  UNKNOWN,
} from '../../../provider/framework';
import { SILENT } from '../tiny/server';

const NONE: Uint8Array = new Uint8Array(0);
const NEW: ObjectValue = { id: UNKNOWN };

/** A garden where things take the time that a test gives them. */
class Garden implements Session {
  readonly runId = 'run';
  readonly told: string[] = [];
  wait: (call: CallContext) => Promise<void> = async () => {};

  constructor(
    readonly patienceMs: number,
    readonly operationTimeoutMs?: number,
  ) {}

  wasRead = (id: string) => void this.told.push(`read ${id}`);
  wasMissing = (id: string) => void this.told.push(`missing ${id}`);
  wasApplied = (id: string) => void this.told.push(`applied ${id}`);
  wasDeleted = (id: string) => void this.told.push(`deleted ${id}`);

  async close({ inFlight, lost }: SessionEnding): Promise<void> {
    await inFlight.idle(this.patienceMs);
    this.told.push(lost ? 'lost' : 'closed');
  }
}

const tree: ResourceDefinition<Garden> = {
  typeName: 'garden_tree',
  noun: 'tree',
  schema: { version: 0, description: '', attributes: { id: { type: 'string', computed: true, description: '' } } },
  async create({ session, call }) {
    await session.wait(call);
    return { state: { id: 't1' } };
  },
  async read({ state, session, call }) {
    await session.wait(call);
    return { state };
  },
  async update({ planned }) {
    return { state: planned };
  },
  async delete({ session, call }) {
    await session.wait(call);
  },
  async import({ id }) {
    return { state: { id } };
  },
};

function setUp(...gardens: Garden[]) {
  const waiting = [...gardens];
  const definition: ProviderDefinition<Garden> = {
    schema: { version: 0, description: '', attributes: {} },
    resources: [tree],
    validate: () => [],
    configure: () => ({ session: waiting.shift()!, diagnostics: [] }),
    explain: () => undefined,
  };
  const server = createServer(definition, SILENT);
  const typeName = 'garden_tree';
  const request = { typeName, prior: null, planned: NEW, config: { id: null }, private: NONE };
  return {
    server,
    configure: () => server.configure({ terraformVersion: '1.11.4', config: {} }),
    create: (signal?: AbortSignal) => server.applyResource({ ...request, signal }),
    remove: () => server.applyResource({ ...request, prior: { id: 't1' }, planned: null }),
    read: (signal?: AbortSignal) => server.readResource({ typeName, state: { id: 't1' }, private: NONE, signal }),
  };
}

/** Waits for its signal, as a read of the network does. */
const untilEnded = (call: CallContext) =>
  new Promise<void>((_, reject) => call.signal.addEventListener('abort', () => reject(call.signal.reason)));

function door() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe('an interrupt', () => {
  test('ends what waits, in words that say so', async () => {
    const garden = new Garden(0);
    const { server, configure, read } = setUp(garden);
    await configure();
    garden.wait = untilEnded;
    const reading = read();
    server.stop();
    expect(await reading).toMatchObject({
      state: { id: 't1' },
      diagnostics: [{ summary: 'Could not read the tree', detail: expect.stringContaining('was interrupted') }],
    });
  });

  test('lets a creation that runs be told and kept', async () => {
    const garden = new Garden(0);
    const { server, configure, create } = setUp(garden);
    await configure();
    const { open, opened } = door();
    garden.wait = () => opened;
    const creating = create();
    server.stop();
    open();
    expect(await creating).toMatchObject({ state: { id: 't1' }, diagnostics: [] });
  });
});

test('a caller that waits no more ends its call, and no other', async () => {
  const garden = new Garden(0);
  const { server, configure, read } = setUp(garden);
  await configure();
  garden.wait = untilEnded;
  const caller = new AbortController();
  const [given, other] = [read(caller.signal), read()];
  caller.abort();
  expect((await given).diagnostics).toMatchObject([{ detail: expect.stringContaining('ended the call') }]);
  server.stop();
  expect((await other).diagnostics).toMatchObject([{ detail: expect.stringContaining('interrupted') }]);
});

test('an operation has its time, and says when that was not enough', async () => {
  const garden = new Garden(0, 5);
  const { configure, read } = setUp(garden);
  await configure();
  garden.wait = untilEnded;
  expect((await read()).diagnostics).toMatchObject([{ detail: expect.stringContaining('within the time') }]);
});

describe('the end', () => {
  test('waits for a creation in flight, which then is told and kept', async () => {
    const garden = new Garden(60_000);
    const { server, configure, create } = setUp(garden);
    await configure();
    const { open, opened } = door();
    garden.wait = () => opened;
    const creating = create();
    const ending = server.shutdown();
    open();
    expect(await creating).toMatchObject({ state: { id: 't1' }, diagnostics: [] });
    await ending;
    expect(garden.told).toEqual(['applied t1', 'closed']);
  });

  test.each(['create', 'remove'] as const)('answers a change that ends after it (%s) with an error', async (change) => {
    const garden = new Garden(1);
    const t = setUp(garden);
    await t.configure();
    const { open, opened } = door();
    garden.wait = () => opened;
    const changing = t[change]();
    await t.server.shutdown();
    open();
    expect(await changing).toMatchObject({
      state: change === 'create' ? null : { id: 't1' },
      diagnostics: [{ severity: 'error', summary: 'The run was settled' }],
    });
    expect(garden.told).toEqual(['closed']);
  });

  test('does not wait for reads, and lets nothing begin after it', async () => {
    const garden = new Garden(60_000);
    const { server, configure, read, create } = setUp(garden);
    await configure();
    garden.wait = untilEnded;
    const reading = read();
    await server.shutdown();
    await reading;
    expect((await create()).diagnostics).toHaveLength(1);
    expect(garden.told).toEqual(['closed']);
  });

  test('without a word of Terraform is told to the session', async () => {
    const garden = new Garden(0);
    const { server, configure } = setUp(garden);
    await configure();
    await server.shutdown({ lost: true });
    await server.shutdown();
    expect(garden.told).toEqual(['lost']);
  });
});

describe('a process that is configured again, as under a debugger', () => {
  test('has settled the former run by then, and is no longer stopped', async () => {
    const [first, second] = [new Garden(60_000), new Garden(60_000)];
    const { server, configure, create } = setUp(first, second);
    await configure();
    await create();
    server.stop();
    expect((await create()).diagnostics).toHaveLength(1);
    await configure();
    expect(first.told).toEqual(['applied t1', 'closed']);
    expect(await create()).toMatchObject({ state: { id: 't1' }, diagnostics: [] });
    expect([first.told.length, second.told]).toEqual([2, ['applied t1']]);
  });
});
