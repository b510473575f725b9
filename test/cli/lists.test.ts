/** The commands that find things, against a real service. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../support/cli';
import { useDevice } from '../support/device';
import { TestService } from '../support/service';
import { fillVault, VAULT } from '../support/vault';

jest.setTimeout(240_000);

/** As long as a UID, and made of its characters. */
const NAME_LIKE_A_UID = 'payments-production-eu';
const dir = mkdtempSync(join(tmpdir(), 'ksm-iac-lists-'));
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KSM_')));
let service: TestService;
let payments: { id: string };
let billing: { id: string };
let redeemed: { id: string; clientId: string };
let pending: { id: string };
let gateway: { id: string };

beforeAll(async () => {
  service = await TestService.start();
  await fillVault(service);
  const client = service.client();
  payments = await client.createApplication({ name: NAME_LIKE_A_UID });
  billing = await client.createApplication({ name: 'billing \u202egpj' });
  await client.putGrant(payments.id, VAULT.deployment, { editable: true });
  await client.putGrant(billing.id, VAULT.registry, { editable: false });
  const made = await client.createDevice(payments.id, { name: 'build box', ipLock: false });
  redeemed = made;
  pending = await client.createDevice(billing.id, { name: 'laptop', ipLock: true });
  gateway = await client.createGateway(billing.id, { name: 'gateway eu' });
  await useDevice(service, { config: join(dir, 'device.json'), token: made.oneTimeToken!, hostname: made.hostname! });
});
afterAll(async () => {
  await service.dispose();
  rmSync(dir, { recursive: true, force: true });
});

const run = (...args: string[]) => runCli([...args, '--data', service.dataDir], { env });
/** The words of each line of the table, without its heading. */
async function table(...args: string[]): Promise<string[][]> {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [, ...lines] = stdout.trimEnd().split('\n');
  return lines.map((line) => line.split(/ {2,}/)).sort((a, b) => a[0]!.localeCompare(b[0]!));
}
async function json(...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await run(...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

test('applications are listed with their UIDs, and what a terminal would obey in a name is written out', async () => {
  expect(await table('application', 'list')).toEqual([
    ['billing \\u{202e}gpj', TIME, billing.id],
    [NAME_LIKE_A_UID, TIME, payments.id],
  ]);
  expect(await json('application', 'list')).toEqual(await service.client().listApplications());
  expect(await json('application', 'list', '--name', NAME_LIKE_A_UID)).toMatchObject([{ id: payments.id }]);
});

test('what there is none of is a sentence on standard error, and an empty list for programs', async () => {
  expect(await run('application', 'list', '--name', 'none')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'ksm-iac: There is no such application.\n',
  });
  expect(await json('application', 'list', '--name', 'none')).toEqual([]);
});

test('devices of all applications are listed with the names of these, and filtered by application and status', async () => {
  expect(await table('device', 'list')).toEqual([
    ['build box', NAME_LIKE_A_UID, 'active', TIME, '-', redeemed.id],
    ['laptop', 'billing \\u{202e}gpj', 'pending', '-', TIME, pending.id],
  ]);
  const ids = async (...filter: string[]) =>
    ((await json('device', 'list', ...filter)) as Array<{ id: string }>).map(({ id }) => id);
  expect(await ids('--application', NAME_LIKE_A_UID)).toEqual([redeemed.id]);
  expect(await ids('--application', billing.id)).toEqual([pending.id]);
  expect(await ids('--status', 'active')).toEqual([redeemed.id]);
  expect(await ids('--status', 'ended')).toEqual([]);
  expect(await json('device', 'list', '--application', billing.id)).toEqual(
    await service.client().listDevices(billing.id),
  );
});

test('gateways are listed likewise', async () => {
  expect(await table('gateway', 'list')).toEqual([
    ['gateway eu', 'billing \\u{202e}gpj', 'pending', '-', '-', gateway.id],
  ]);
  expect(await json('gateway', 'list', '--status', 'pending')).toMatchObject([{ id: gateway.id }]);
  expect(await json('gateway', 'list', '--application', payments.id)).toEqual([]);
});

test('grants are listed with the names of application and secret', async () => {
  expect(await table('grant', 'list')).toEqual([
    ['billing \\u{202e}gpj', 'registry', 'record', 'read', `${billing.id}/${VAULT.registry}`],
    [NAME_LIKE_A_UID, 'Deployment', 'folder', 'edit', `${payments.id}/${VAULT.deployment}`],
  ]);
  expect(await json('grant', 'list', '--application', NAME_LIKE_A_UID)).toMatchObject([
    { secretUid: VAULT.deployment },
  ]);
});

test('secrets are listed by name, folders and records, without their content', async () => {
  expect(await table('secret', 'list', '--kind', 'folder')).toEqual([
    ['folder', 'Deployment', 'Deployment', VAULT.deployment],
    ['folder', 'Payroll', 'Payroll', VAULT.payroll],
  ]);
  expect(await json('secret', 'list', '--name', 'deploy key')).toMatchObject([
    { kind: 'record', uid: VAULT.deployKey },
  ]);
  expect(await json('secret', 'list')).toEqual(await service.client().listSecrets());
});

test('audit events say who did what to which thing, newest first, and are filtered', async () => {
  const [first] = await table('audit', 'list', '--action', 'grant', '--application', billing.id);
  expect(first).toEqual([
    TIME,
    'admin',
    expect.stringMatching(/^grant\./),
    'done',
    'registry',
    `${billing.id}/${VAULT.registry}`,
  ]);
  expect(await json('audit', 'list', '--limit', '2')).toEqual(await service.client().listAuditEvents({ limit: 2 }));
  expect(await json('audit', 'list', '--principal', 'nobody')).toEqual([]);
});

test('events of a deleted application are found by its UID', async () => {
  const { id } = await service.client().createApplication({ name: 'short-lived' });
  await service.client().deleteApplication(id, { force: false });
  expect((await table('audit', 'list', '--application', id)).map(([, , action]) => action)).toEqual([
    'application.delete',
    'application.create',
  ]);
});

test('tokens are listed', async () => {
  expect(await json('token', 'list')).toEqual(await service.client().listApiTokens());
});

test.each(['device', 'gateway', 'grant', 'audit'])(
  '%s list of an application that there is not says so',
  async (noun) => {
    expect(await run(noun, 'list', '--application', 'pay"ments')).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr:
        'error: There is no application with the UID or the name "pay\\"ments", or this token may not see it. ksm-iac application list shows them.\n',
    });
  },
);

test.each([
  [['audit', 'list', '--limit', '0'], 'Write a whole number from 1 to 1000.'],
  [['audit', 'list', '--limit', '1001'], 'Write a whole number from 1 to 1000.'],
  [['audit', 'list', '--limit', '1e2'], 'Write a whole number from 1 to 1000.'],
  [['device', 'list', '--status', 'dead'], 'pending, active, lapsed, ended'],
  [['secret', 'list', '--kind', 'file'], 'folder, record'],
])('%j is a wrong command line', async (args, sentence) => {
  expect(await run(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(sentence) });
});

test('a list of many applications is whole and in their order', async () => {
  const client = service.client();
  for (let index = 0; index < 20; index++) {
    const { id } = await client.createApplication({ name: `many ${index}` });
    await client.createDevice(id, { name: `device ${index}`, ipLock: true });
  }
  const order = (await client.listApplications()).map(({ id }) => id);
  const listed = (await json('device', 'list')) as Array<{ applicationId: string }>;
  expect(listed).toHaveLength(22);
  expect(listed.map(({ applicationId }) => applicationId)).toEqual(order);
});
