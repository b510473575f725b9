/** How long what a vault cannot report is taken over from the configuration after an import. */
import { type RealService, realService } from './real-service';
import { type Stored, Terraform } from './terraform';

const TYPE = 'ksm_client_device';

let service: RealService;
let terraform: Terraform;
let application: string;
beforeAll(async () => {
  service = await realService();
  application = (await service.vault.applications.create({ name: 'app' })).id;
});
afterAll(() => service.close());
beforeEach(() => {
  terraform = new Terraform({ endpoint: service.endpoint, token: service.token });
});

const config = (quarter?: string) => ({
  application_id: application,
  name: 'imported',
  ...(quarter ? { rotation_triggers: { quarter } } : {}),
});
async function imported(): Promise<Stored> {
  const fixed = { applicationId: application, name: 'imported', ipLock: true, tokenExpiresInMinutes: 30 };
  const { id } = await service.vault.devices.create(fixed);
  return terraform.import(TYPE, id);
}

test('in the run that imports, and the one after it, triggers are adopted in place', async () => {
  const device = await imported();
  expect((await terraform.plan(TYPE, config('Q1'), device)).action).toBe('update');
});

test('once adopted, the next change rotates', async () => {
  const adopted = await terraform.apply(TYPE, config('Q1'), await imported());
  expect((await terraform.plan(TYPE, config('Q1'), adopted)).action).toBe('nothing');
  expect(await terraform.plan(TYPE, config('Q2'), adopted)).toMatchObject({
    action: 'replace',
    replacedBy: ['rotation_triggers'],
  });
});

test('an apply that changed nothing counts: from the second run after the import on, triggers rotate', async () => {
  // The next run: it refreshes, finds nothing to change, and its state is saved.
  const next = await terraform.apply(TYPE, config(), await imported());
  expect((await terraform.plan(TYPE, config('Q1'), next)).action).toBe('replace');
});

test('a refresh that is saved counts as an apply, plans that are not saved count for nothing', async () => {
  const device = await imported();
  for (let plans = 0; plans < 3; plans++) {
    expect((await terraform.plan(TYPE, config('Q1'), device)).action).toBe('update');
  }
  const saved = (await terraform.refresh(device))!;
  expect((await terraform.plan(TYPE, config('Q1'), saved)).action).toBe('replace');
});

test('within one run any number of refreshes leave the mark', async () => {
  const device = await imported();
  await terraform.process(async (server) => {
    const once = (await terraform.refreshIn(server, device))!;
    const twice = (await terraform.refreshIn(server, once))!;
    expect((await terraform.planIn(server, TYPE, config('Q1'), twice)).action).toBe('update');
  });
});

test('a mark of before, which had no end, ends as one whose import was the run before', async () => {
  const device = await imported();
  const { own } = JSON.parse(new TextDecoder().decode(device.private));
  const legacy = { ...device, private: new TextEncoder().encode(JSON.stringify({ imported: true, own })) };
  expect((await terraform.plan(TYPE, config('Q1'), legacy)).action).toBe('update');
  const next = await terraform.apply(TYPE, config(), legacy);
  expect((await terraform.plan(TYPE, config('Q1'), next)).action).toBe('replace');
});

test('what an import found is in no state as yet, and is not told to the service; what a later run reads is', async () => {
  const made = await terraform.apply(TYPE, { application_id: application, name: 'unclaimed' });
  const notes = async (work: () => Promise<unknown>) => {
    const before = service.requests.length;
    await work();
    return service.requests.slice(before).filter((line) => line.startsWith('PUT /v1/runs/')).length;
  };
  let again: Stored | undefined;
  const importing = async () => {
    again = await terraform.import(TYPE, String(made.state.id));
  };
  expect(await notes(importing)).toBe(0);
  expect(await notes(() => terraform.refresh(again!))).toBe(1);
  expect(await notes(() => terraform.refresh(again!))).toBe(0);
});
