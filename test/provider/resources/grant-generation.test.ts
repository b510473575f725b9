/** Who has a grant that several declare: the one that declared it last. */
import { type ObjectValue, UNKNOWN } from '../../../provider/framework';
import { alteredReplies } from './altered-replies';
import { type RealService, realService } from './real-service';
import { type Stored, Terraform } from './terraform';

const TYPE = 'ksm_record_grant';
const NONE = new Uint8Array(0);

let service: RealService;
let terraform: Terraform;
let application: string;
beforeAll(async () => {
  service = await realService();
});
afterAll(() => service.close());
beforeEach(async () => {
  terraform = new Terraform({ endpoint: service.endpoint, token: service.token });
  application = (await service.vault.applications.create({ name: `app ${Math.random()}` })).id;
});

const config = (change: ObjectValue = {}): ObjectValue => ({
  application_id: application,
  record_uid: service.uids.loneRecord,
  ...change,
});
const isGranted = async () => (await service.vault.grants.list(application)).length === 1;
const byHand = (editable = false) =>
  service.vault.grants.put({
    applicationId: application,
    secretUid: service.uids.loneRecord,
    editable,
    createOnly: false,
  });
const warningsOf = (work: Terraform) => work.diagnostics.map(({ summary }) => summary);

/** One apply that makes the grant anew and deletes the old one, as Terraform does for a replacement or a renamed address. */
async function replaced(old: Stored, order: 'created first' | 'deleted first' | 'at once'): Promise<Stored> {
  const whole = complete(old.state);
  return terraform.process(async (server) => {
    const { planned } = await terraform.planIn(server, TYPE, whole, undefined);
    const create = () => terraform.changeIn(server, TYPE, null, planned, whole, NONE);
    const remove = () => terraform.changeIn(server, TYPE, old.state, null, null, old.private);
    if (order === 'at once') return (await Promise.all([create(), remove()]))[0]!;
    if (order === 'deleted first') await remove();
    const made = await create();
    if (order === 'created first') await remove();
    return made!;
  });
}

const complete = (state: ObjectValue): ObjectValue => ({ ...state, id: null });

describe.each(['created first', 'deleted first', 'at once'] as const)('a grant that is replaced, %s', (order) => {
  test('is there afterwards, without a word about another declaration', async () => {
    const made = await replaced(await terraform.apply(TYPE, config()), order);
    expect(await isGranted()).toBe(true);
    expect(warningsOf(terraform).filter((summary) => summary.includes('is kept'))).toEqual([]);
    expect((await terraform.plan(TYPE, config(), made)).action).toBe('nothing');
    await terraform.destroy(made);
    expect(await isGranted()).toBe(false);
  });

  test('is there afterwards, also where the service knew no generation of it', async () => {
    await byHand();
    const imported = await terraform.import(TYPE, `${application}/${service.uids.loneRecord}`);
    const made = await replaced(imported, order);
    expect(await isGranted()).toBe(true);
    await terraform.destroy(made);
    expect(await isGranted()).toBe(false);
  });

  test('is there afterwards, however late the reply to its creation', async () => {
    const old = await terraform.apply(TYPE, config());
    const line = await alteredReplies(service.endpoint, { delay: ({ method }) => (method === 'PUT' ? 300 : 0) });
    terraform = new Terraform({ endpoint: line.endpoint, token: service.token });
    try {
      await replaced(old, order);
      expect(await isGranted()).toBe(true);
      expect(warningsOf(terraform).filter((summary) => summary.includes('is kept'))).toEqual([]);
    } finally {
      await line.close();
    }
  });
});

describe('of two states that declare a grant', () => {
  test('the earlier one lets go without taking it, and says so', async () => {
    const earlier = await terraform.apply(TYPE, config());
    const later = await terraform.apply(TYPE, config());
    await terraform.destroy(earlier);
    expect(await isGranted()).toBe(true);
    expect(terraform.diagnostics.at(-1)).toMatchObject({
      severity: 'warning',
      summary: 'The record grant is kept: another declaration has it now',
      detail: expect.stringContaining(String(later.state.id)),
    });
    expect((await terraform.plan(TYPE, config(), later)).action).toBe('nothing');
  });

  test('the later one takes it, and the plan of the other makes it again', async () => {
    const earlier = await terraform.apply(TYPE, config());
    await terraform.destroy(await terraform.apply(TYPE, config()));
    expect(await isGranted()).toBe(false);
    expect((await terraform.plan(TYPE, config(), earlier)).action).toBe('create');
  });

  test('the earlier one takes nothing over by a refresh or a change in place', async () => {
    const earlier = await terraform.apply(TYPE, config());
    await terraform.apply(TYPE, config());
    const changed = await terraform.apply(TYPE, config({ editable: true }), earlier);
    await terraform.destroy((await terraform.refresh(changed))!);
    expect(await isGranted()).toBe(true);
  });

  test('one that only imported it takes nothing over, so that either lets go of it for both', async () => {
    const made = await terraform.apply(TYPE, config());
    await terraform.import(TYPE, String(made.state.id));
    await terraform.destroy(made);
    expect(await isGranted()).toBe(false);
  });
});

test('a state of before generations takes what its first refresh finds', async () => {
  const made = await terraform.apply(TYPE, config());
  const old = { ...made, private: NONE };
  const refreshed = (await terraform.refresh(old))!;
  const kept = (stored: Stored) => JSON.parse(new TextDecoder().decode(stored.private)).own;
  expect(kept(refreshed)).toEqual(kept(made));
  await terraform.apply(TYPE, config());
  await terraform.destroy(refreshed);
  expect(await isGranted()).toBe(true);
});

test('a state of before generations that is destroyed without a refresh takes the grant', async () => {
  const made = await terraform.apply(TYPE, config());
  await terraform.destroy({ ...made, private: NONE });
  expect(await isGranted()).toBe(false);
});

describe('a plan', () => {
  const ADOPTS = 'The grant exists already and will be adopted';

  test('says that a grant is there and will be adopted, and names a renamed address as the other cause', async () => {
    await byHand();
    expect((await terraform.plan(TYPE, config())).warnings).toEqual([ADOPTS]);
    expect(terraform.diagnostics.at(-1)).toMatchObject({
      path: ['record_uid'],
      detail: expect.stringMatching(/renamed.*"moved"/s),
    });
  });

  test('of a grant with another permission says that the apply will fail, and what to do', async () => {
    await byHand(true);
    expect((await terraform.plan(TYPE, config())).warnings).toEqual([
      'The grant exists already, with another permission',
    ]);
    expect(terraform.diagnostics.at(-1)?.detail).toContain(
      `terraform import ADDRESS ${application}/${service.uids.loneRecord}`,
    );
  });

  test('says nothing where the place is unknown as yet, or where it replaces its own grant', async () => {
    const mine = await terraform.apply(TYPE, config());
    const unknown = config({ application_id: UNKNOWN });
    expect((await terraform.plan(TYPE, unknown)).warnings).toEqual([]);
    expect(await terraform.plan(TYPE, unknown, mine)).toMatchObject({ action: 'replace', warnings: [] });
    expect((await terraform.plan(TYPE, config({ editable: UNKNOWN }))).warnings).toEqual([]);
  });

  test('of 25 grants looks up all their secrets in one request', async () => {
    const uids = Array.from({ length: 25 }, (_, n) => `AAAAAAAAAAAAAAAAAAAA${String(n).padStart(2, '0')}`);
    const before = service.requests.length;
    await terraform.process((server) =>
      Promise.all(uids.map((uid) => terraform.planIn(server, TYPE, config({ record_uid: uid }), undefined))),
    );
    const lookups = service.requests.slice(before).filter((line) => line.includes('/secrets'));
    expect(lookups).toHaveLength(1);
    expect(warningsOf(terraform)).toHaveLength(25);
  });
});
