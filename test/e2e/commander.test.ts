/** Terraform, our provider, our service, and the real Keeper Commander with its Service Mode; the cloud alone is simulated. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Commander, commanderOptions, commanderPython } from '../commander/commander';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';

jest.setTimeout(240_000);

const describeAll = commanderPython ? describeWithTools : noPython;

function noPython(title: string): void {
  describe.skip(`${title} (needs a Python with keepercommander 18.1.8: set KSM_IAC_TEST_COMMANDER_PYTHON)`, () => {
    test('the life of everything', () => {});
  });
}

describeAll('the real Keeper Commander', (tool) => {
  let commander: Commander;
  let service: TestService;
  let workspace: Workspace;
  let folder: string;
  let record: string;

  beforeAll(async () => {
    commander = await Commander.start({ gateway_cache_seconds: 0 });
    folder = await commander.control('folder', { name: 'Machines' });
    record = await commander.control('record', { title: 'the database\'s "own" login', folder: null });
    service = await TestService.start(commanderOptions(commander.url), {
      KSM_IAC_COMMANDER_API_KEY: commander.apiKey,
    });
    workspace = new Workspace(tool, service.env);
  });
  afterAll(async () => {
    workspace.dispose();
    await service.dispose();
    await commander.stop();
  });

  const stack = (options: { name?: string; editable?: boolean; devices?: string } = {}) => `
resource "ksm_application" "app" {
  name          = "${options.name ?? 'payments'}"
  force_destroy = true
}
data "ksm_shared_folder" "machines" { name = "Machines" }
resource "ksm_shared_folder_grant" "machines" {
  application_id = ksm_application.app.id
  folder_uid     = data.ksm_shared_folder.machines.uid
  editable       = ${options.editable ?? false}
}
resource "ksm_record_grant" "login" {
  application_id = ksm_application.app.id
  record_uid     = "${record}"
}
${options.devices ?? DEVICES}`;
  const DEVICES = `
resource "ksm_client_device" "ci" {
  application_id           = ksm_application.app.id
  name                     = "it's the CI's & --format=json"
  token_expires_in_minutes = 30
}
resource "ksm_client_device" "config" {
  application_id = ksm_application.app.id
  name           = "config"
  initialization = "config"
  ip_lock        = false
}
resource "ksm_gateway" "site" {
  application_id = ksm_application.app.id
  name           = "site"
  depends_on     = [ksm_shared_folder_grant.machines]
}`;

  test('makes everything, and plans nothing afterwards', async () => {
    workspace.write(stack());
    await workspace.apply();
    const [application] = await commander.applications();
    expect(application).toMatchObject({
      title: 'payments',
      shares: expect.arrayContaining([
        { uid: folder, editable: false, opens: true },
        { uid: record, editable: false, opens: true },
      ]),
    });
    expect(application!.clients.map(({ name, lockIp, gateway }) => [name, lockIp, gateway]).sort()).toEqual([
      ['config', false, false],
      ["it's the CI's & --format=json", true, false],
      ['site', false, true],
    ]);
    expect(await workspace.plan()).toEqual({});
  });

  test('the token opens the application, and its use plans nothing', async () => {
    const { one_time_token, client_id, hostname } = await workspace.values('ksm_client_device.ci');
    expect(hostname).toBe('keepersecurity.eu');
    const redeemed = await commander.control('redeem', { token: one_time_token });
    expect(redeemed.client).toBe(client_id);
    const { config } = await workspace.values('ksm_client_device.config');
    expect(JSON.parse(Buffer.from(String(config), 'base64').toString())).toMatchObject({
      hostname: 'keepersecurity.eu',
      appKey: expect.any(String),
    });
    expect(await workspace.plan()).toEqual({});
  });

  test('a gateway that initialises gets its UID, and is renamed in place', async () => {
    const { one_time_token } = await workspace.values('ksm_gateway.site');
    const { gateway } = await commander.control('redeem', { token: one_time_token });
    await later();
    await workspace.apply('-refresh-only');
    expect((await workspace.values('ksm_gateway.site')).gateway_uid).toBe(gateway);
    workspace.write(stack({ devices: DEVICES.replace('"site"\n', '"renamed"\n') }));
    expect(await workspace.plan()).toEqual({ 'ksm_gateway.site': 'update' });
    await workspace.apply();
    workspace.write(stack({ devices: DEVICES.replace('"site"\n', '"renamed"\n'), editable: true, name: 'billing' }));
    expect(await workspace.plan()).toEqual({
      'ksm_application.app': 'update',
      'ksm_shared_folder_grant.machines': 'update',
    });
    await workspace.apply();
    expect((await commander.applications())[0]).toMatchObject({ title: 'billing' });
  });

  test('what others took away is planned again', async () => {
    const { id, application_id, client_id } = await workspace.values('ksm_client_device.config');
    await commander.control('remove_client', { application: application_id, client: client_id });
    await commander.control('set_editable', { application: application_id, uid: folder, editable: false });
    await later();
    expect(await workspace.plan()).toEqual({
      'ksm_client_device.config': 'create',
      'ksm_shared_folder_grant.machines': 'update',
    });
    await workspace.apply();
    expect((await workspace.values('ksm_client_device.config')).id).not.toBe(id);
  });

  test('a refresh of an application costs three commands', async () => {
    await later();
    const before = await commands();
    await workspace.plan();
    const after = await commands();
    const sent = Object.entries(after).flatMap(([name, count]) =>
      Array.from({ length: count - (before[name] ?? 0) }, () => name),
    );
    // By name the folder is looked up too: three local listings.
    expect(sent.sort()).toEqual([
      'list',
      'list-sf',
      'nsf-list',
      'pam gateway list',
      'secrets-manager app get',
      'sync-down',
    ]);
  });

  test('a grant in an application that others share is planned with how many they are', async () => {
    const { id } = await workspace.values('ksm_application.app');
    await commander.control('share_with_user', { uid: id, user: 'auditor@example.com' });
    const other = await commander.control('record', { title: 'another login', folder: null });
    await later();
    const now = stack({ devices: DEVICES.replace('"site"\n', '"renamed"\n'), editable: true, name: 'billing' });
    workspace.write(`${now}
resource "ksm_record_grant" "other" {
  application_id = ksm_application.app.id
  record_uid     = "${other}"
}`);
    const { said } = await workspace.planned();
    expect(said).toContain('is shared with 1 other user of Keeper');
  });

  test('nothing of it is in the log of the service, and destroy leaves nothing', async () => {
    const { one_time_token } = await workspace.values('ksm_client_device.ci');
    await workspace.destroy();
    expect(await commander.applications()).toEqual([]);
    expect(service.output).not.toContain(String(one_time_token).split(':').at(-1));
    expect(service.output).not.toContain(commander.apiKey);
  });

  /** What was read for another run is read again after 10 s. */
  const later = () => sleep(10_200);

  async function commands(): Promise<Record<string, number>> {
    const reply = await service.metrics();
    return Object.fromEntries(
      [...reply.matchAll(/^ksm_iac_commander_commands_total\{command="([^"]+)"\} (\d+)$/gm)].map(([, name, count]) => [
        name!,
        Number(count),
      ]),
    );
  }
});
