import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sodium from 'libsodium-wrappers';
import { DEVICE_SCRIPT, deviceEnv, useDevice } from '../support/device';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';
import { fillVault, VAULT } from '../support/vault';

jest.setTimeout(240_000);

describeWithTools('credentials', (tool) => {
  let service: TestService;
  let workspace: Workspace;
  let keys: { publicKey: Uint8Array; privateKey: Uint8Array };
  let lapses: number;

  /** A runner whose credential rotates with a consumer, and whatever else a test needs. */
  const configuration = (version: number, key: string) => `
resource "ksm_application" "app" { name = "credentials" }
resource "ksm_shared_folder_grant" "folder" {
  application_id = ksm_application.app.id
  folder_uid     = "${VAULT.deployment}"
}
resource "ksm_client_device" "finished" {
  application_id = ksm_application.app.id
  name           = "finished"
  initialization = "config"
  ip_lock        = false
}
resource "ksm_client_device" "sealed" {
  application_id     = ksm_application.app.id
  name               = "sealed"
  ip_lock            = false
  seal_to_public_key = "${key}"
}
resource "ksm_client_device" "forgotten" {
  application_id           = ksm_application.app.id
  name                     = "forgotten"
  token_expires_in_minutes = 1
}
resource "ksm_client_device" "runner" {
  application_id    = ksm_application.app.id
  name              = "runner"
  rotation_triggers = { version = "${version}" }
  depends_on        = [ksm_shared_folder_grant.folder]
  lifecycle { create_before_destroy = true }
}
resource "terraform_data" "consumer" {
  triggers_replace = ksm_client_device.runner.id
  lifecycle { create_before_destroy = true }
  provisioner "local-exec" {
    command     = "'${process.execPath}' '${DEVICE_SCRIPT}' && DEVICE_TOKEN= DEVICE_CONFIG=runner-1.json '${process.execPath}' '${DEVICE_SCRIPT}' > first-${version}.json"
    environment = {
      DEVICE_TOKEN    = ksm_client_device.runner.one_time_token
      DEVICE_HOSTNAME = ksm_client_device.runner.hostname
      DEVICE_CONFIG   = "runner-${version}.json"
    }
  }
}
output "encrypted_value" { value = ksm_client_device.sealed.sealed_one_time_token }
`;

  beforeAll(async () => {
    await sodium.ready;
    keys = sodium.crypto_box_keypair();
    service = await TestService.start();
    await fillVault(service);
    workspace = new Workspace(tool, { ...service.env, ...deviceEnv(service) });
    workspace.write(configuration(1, Buffer.from(keys.publicKey).toString('base64')));
    await workspace.apply();
    lapses = Date.now() + 61_000;
  });
  afterAll(async () => {
    workspace.dispose();
    await service.dispose();
  });

  test('a configuration works at once in the official SDK, is sensitive, and plans nothing', async () => {
    const { config, one_time_token } = await workspace.values('ksm_client_device.finished');
    expect(one_time_token).toBeNull();
    const file = join(workspace.dir, 'finished.json');
    writeFileSync(file, Buffer.from(String(config), 'base64'));
    expect(await useDevice(service, { config: file })).toEqual({ titles: ['deploy key'] });
    expect(await workspace.plan()).toEqual({});
  });

  test('a sealed token is opened by the owner of the key alone, and redeemed: state and plan never had it', async () => {
    const values = await workspace.values('ksm_client_device.sealed');
    const box = Buffer.from(String(values.sealed_one_time_token), 'base64');
    const token = Buffer.from(sodium.crypto_box_seal_open(box, keys.publicKey, keys.privateKey)).toString();
    expect({ token: values.one_time_token, config: values.config }).toEqual({ token: null, config: null });
    await workspace.plan();
    const shown = await workspace.run(['show', '-json', 'tfplan']);
    expect(shown.stdout).toContain(values.sealed_one_time_token);
    for (const text of [workspace.read('terraform.tfstate'), shown.stdout]) expect(text).not.toContain(token);
    expect((await workspace.run(['output', '-raw', 'encrypted_value'])).stdout).toBe(values.sealed_one_time_token);
    const device = { config: join(workspace.dir, 'sealed.json'), token, hostname: String(values.hostname) };
    expect(await useDevice(service, device)).toEqual({ titles: ['deploy key'] });
  });

  test('with create_before_destroy the old credential works until the consumer has the new one', async () => {
    workspace.write(configuration(2, Buffer.from(keys.publicKey).toString('base64')));
    await workspace.apply();
    const last = workspace.read('first-2.json').trim().split('\n').at(-1)!;
    expect(JSON.parse(last)).toEqual({ titles: ['deploy key'] });
    const use = (version: number) => useDevice(service, { config: join(workspace.dir, `runner-${version}.json`) });
    expect(await use(1)).toEqual({ error: expect.stringContaining('access_denied') });
    expect(await use(2)).toEqual({ titles: ['deploy key'] });
  });

  test('a token that nobody redeemed is planned anew with a read token and one warning, and that plan is applied with a write token', async () => {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, lapses - Date.now())));
    const { token } = await service.client().createApiToken({ name: 'plans', scope: 'read' });
    const args = ['plan', '-input=false', '-no-color', '-out=tfplan', '-detailed-exitcode'];
    const { code, stdout: said } = await workspace.run(args, { KSM_IAC_TOKEN: token });
    expect(code).toBe(2);
    expect(said).toMatch(/ksm_client_device\.forgotten must be replaced.*Plan: 1 to add, 0 to change, 1 to destroy/s);
    expect(said).toContain('The one-time token of the client device lapsed, and a new one is issued');
    expect(said).not.toMatch(/similar warning/);
    expect(said).toMatch(/token_expires_at .*forces replacement/);
    const before = await workspace.values('ksm_client_device.forgotten');
    expect((await workspace.run(['apply', '-input=false', '-no-color', 'tfplan'])).code).toBe(0);
    expect((await workspace.values('ksm_client_device.forgotten')).one_time_token).not.toBe(before.one_time_token);
    expect(await workspace.plan()).toEqual({});
  });
});
