import { type RealService, realService } from './real-service';
import { Terraform, type TerraformError } from './terraform';

let service: RealService;
let terraform: Terraform;
beforeAll(async () => {
  service = await realService();
  terraform = new Terraform({ endpoint: service.endpoint, token: service.token });
});
afterAll(() => service.close());

const typeName = 'ksm_application';
/** As the state of Keeper's own provider has it. */
const move = (id: string, own: object = {}) => ({
  typeName,
  sourceProvider: 'registry.terraform.io/keeper-security/commander',
  sourceTypeName: 'commander_secrets_manager',
  sourceVersion: 0,
  sourceState: {
    id,
    name: 'payments',
    shares: [{ secret: service.uids.folder, editable: true }],
    app_users: ['alice@example.com'],
    ...own,
  },
});

test('an application of the provider "commander" is taken over as it is: its shares stay, and are adopted', async () => {
  const { id } = await service.vault.applications.create({ name: 'payments' });
  const { vault } = service;
  await vault.grants.put({ applicationId: id, secretUid: service.uids.folder, editable: true, createOnly: false });
  const moved = await terraform.process((server) => server.moveResource(move(id)));
  expect(moved).toMatchObject({
    state: { id, name: 'payments', force_destroy: false, created_at: null },
    identity: { id },
    diagnostics: [{ severity: 'warning', detail: expect.stringMatching(/shares \(1\).*app_users \(1\)/s) }],
  });
  const vaultId = 'AAAAAAAAAAAAAAAAAAAAAA';
  // At once, so that a plan without a refresh belongs to the vault as well.
  expect(Buffer.from(moved.private).toString()).toContain(vaultId);
  const stored = { typeName, state: moved.state!, private: moved.private };
  expect(await terraform.plan(typeName, { name: 'payments' }, stored)).toMatchObject({ action: 'nothing' });
  const refreshed = await terraform.refresh(stored);
  expect(refreshed?.state.created_at).toBe('2030-01-01T00:00:00.000Z');
  expect(Buffer.from(refreshed!.private).toString()).toContain(vaultId);
});

test.each([
  ['another type', { sourceTypeName: 'commander_enterprise_node' }],
  ['another provider', { sourceProvider: 'registry.terraform.io/acme/commander' }],
  ['a state without a UID', { sourceState: { id: 'x', name: 'payments' } }],
])('%s is refused', async (_what, own) => {
  const refused = await terraform.process((server) => server.moveResource({ ...move('x'), ...own }));
  expect(refused).toMatchObject({ state: null, diagnostics: [{ severity: 'error' }] });
});

test('an application is imported by its UID, by name= and by its identity', async () => {
  const { id } = await service.vault.applications.create({ name: 'by = name' });
  const byId = await terraform.import(typeName, id);
  expect((await terraform.import(typeName, 'name=by = name')).state).toEqual(byId.state);
  const byIdentity = await terraform.process((server) => server.importResource({ typeName, id: '', identity: { id } }));
  expect(byIdentity.resources[0]).toMatchObject({ state: byId.state, identity: { id } });
});

test('an import of a name that nothing has, and of what is neither UID nor name, is refused', async () => {
  const refusal = (id: string) => terraform.import(typeName, id).catch(({ errors }: TerraformError) => errors[0]);
  expect(await refusal('name=nobody')).toMatchObject({ summary: 'There is no such application' });
  expect(await refusal('short')).toMatchObject({ detail: expect.stringContaining('name=<its name>') });
});
