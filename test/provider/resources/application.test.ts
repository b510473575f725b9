import { type RealService, realService } from './real-service';
import { Terraform, type TerraformError } from './terraform';

let service: RealService;
let terraform: Terraform;
beforeAll(async () => {
  service = await realService();
});
afterAll(() => service.close());
beforeEach(() => {
  terraform = new Terraform({ endpoint: service.endpoint, token: service.token });
});

const TYPE = 'ksm_application';

test('an application is created, is left alone, is renamed in place and destroyed', async () => {
  const created = await terraform.apply(TYPE, { name: 'payments' });
  expect(created.state).toEqual({
    id: expect.stringMatching(/^[\w-]{22}$/),
    name: 'payments',
    force_destroy: false,
    created_at: '2030-01-01T00:00:00.000Z',
  });
  expect((await terraform.plan(TYPE, { name: 'payments' }, created)).action).toBe('nothing');

  expect(await terraform.plan(TYPE, { name: 'billing' }, created)).toMatchObject({ action: 'update' });
  const renamed = await terraform.apply(TYPE, { name: 'billing' }, created);
  expect(renamed.state).toEqual({ ...created.state, name: 'billing' });
  expect((await service.vault.applications.get(String(created.state.id))).name).toBe('billing');

  await terraform.destroy(renamed);
  expect(await terraform.refresh(renamed)).toBeUndefined();
  await terraform.destroy(renamed);
});

test.each([
  'quotes " and \' and ` and \\',
  '${var.x} %{ if } $${x}',
  'Zahlungen – 支払い 🔑',
  ' ',
  '-',
  'a/b?c#d%2F',
  '🔐'.repeat(255),
])('the name %j round-trips unchanged', async (name) => {
  const created = await terraform.apply(TYPE, { name });
  expect((await service.vault.applications.get(String(created.state.id))).name).toBe(name);
  expect((await terraform.refresh(created))?.state.name).toBe(name);
  expect((await terraform.plan(TYPE, { name }, created)).action).toBe('nothing');
  await terraform.destroy(created);
});

test.each([[''], ['x'.repeat(256)], ['🔐'.repeat(256)], ['a\nb'], ['a\u0000'], ['\u0085']])(
  'the name %j is refused before anything is asked',
  async (name) => {
    const asked = service.requests.length;
    await expect(terraform.plan(TYPE, { name })).rejects.toThrow(/Invalid value for "name"/);
    expect(service.requests).toHaveLength(asked);
  },
);

test('an empty name is one error', async () => {
  const refusal = await terraform.plan(TYPE, { name: '' }).catch((error: TerraformError) => error);
  expect(refusal).toMatchObject({ errors: [{ detail: expect.stringContaining('1 to 255 characters, got 0') }] });
});

test('a rename behind our back is planned back', async () => {
  const created = await terraform.apply(TYPE, { name: 'ledger' });
  await service.vault.applications.rename(String(created.state.id), 'drifted');
  expect(await terraform.plan(TYPE, { name: 'ledger' }, created)).toMatchObject({ action: 'update' });
  const back = await terraform.apply(TYPE, { name: 'ledger' }, created);
  expect((await service.vault.applications.get(String(created.state.id))).name).toBe('ledger');
  await terraform.destroy(back);
});

test('an application of a name that exists is answered with the import to run', async () => {
  const first = await terraform.apply(TYPE, { name: 'twice' });
  await expect(terraform.apply(TYPE, { name: 'twice' })).rejects.toThrow(
    `terraform import ksm_application.NAME ${String(first.state.id)}`,
  );
  await terraform.destroy(first);
});

describe('an application with something in it', () => {
  test('is not destroyed, and the error lists what is in it', async () => {
    const app = await terraform.apply(TYPE, { name: 'full' });
    const device = await terraform.apply('ksm_client_device', { application_id: app.state.id!, name: 'ci "x"' });
    await expect(terraform.destroy(app)).rejects.toThrow(
      new RegExp(`client device ${String(device.state.id)} \\(ci "x"\\)`),
    );
    await expect(terraform.destroy(app)).rejects.toThrow('force_destroy = true');
    expect((await terraform.refresh(app))?.state).toEqual(app.state);
  });

  test('is destroyed with it once force_destroy was applied', async () => {
    const app = await terraform.apply(TYPE, { name: 'forced' });
    const device = await terraform.apply('ksm_client_device', { application_id: app.state.id!, name: 'ci' });
    const forced = await terraform.apply(TYPE, { name: 'forced', force_destroy: true }, app);
    expect(forced.state).toEqual({ ...app.state, force_destroy: true });
    await terraform.destroy(forced);
    expect(await terraform.refresh(device)).toBeUndefined();
  });
});

test('an import by UID plans nothing with the defaults, and force_destroy in place', async () => {
  const { id, name } = await service.vault.applications.create({ name: 'by hand' });
  const imported = await terraform.import(TYPE, id);
  expect((await terraform.plan(TYPE, { name }, imported)).action).toBe('nothing');
  expect((await terraform.plan(TYPE, { name, force_destroy: true }, imported)).action).toBe('update');
});

test('an import of what does not exist, or of no UID, is an error that shows the id', async () => {
  await expect(terraform.import(TYPE, '0Zq7rJmNBqKIl0mLkAJhMg')).rejects.toThrow(/no such application.*0Zq7rJmN/s);
  await expect(terraform.import(TYPE, 'payments')).rejects.toThrow(/malformed.*"payments"/s);
});
