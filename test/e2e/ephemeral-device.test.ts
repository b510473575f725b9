/** `EphemeralClientDevice` by real Terraform: it is made after the grants, so that its consumer finds the secrets. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataResource, Testing } from 'cdktf';
import {
  EphemeralClientDevice,
  type EphemeralClientDeviceProps,
  KsmApplication,
  KsmProvider,
  SharedFolder,
} from 'cdktf-ksm';
import { emptyStack } from '../lib/private/stack';
import { DEVICE_SCRIPT, deviceEnv } from '../support/device';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';
import { fillVault, VAULT } from '../support/vault';

jest.setTimeout(180_000);

describeWithTools('EphemeralClientDevice', (tool) => {
  let service: TestService;
  let workspace: Workspace;
  let uid: string;
  beforeAll(async () => {
    service = await TestService.start();
    await fillVault(service);
  });
  afterAll(() => service.dispose());
  beforeEach(async () => {
    workspace = new Workspace(tool, service.env);
    uid = (await service.client().createApplication({ name: workspace.dir })).id;
  });
  afterEach(() => workspace.dispose());

  /** A grant that is slow, a device, and a consumer that reads with it. */
  function write(props: Partial<EphemeralClientDeviceProps> = {}, byNode = false): void {
    const stack = emptyStack();
    new KsmProvider(stack, 'ksm');
    const application = KsmApplication.fromUid(stack, 'payments', uid);
    const slow = new DataResource(stack, 'slow', { provisioners: [{ type: 'local-exec', command: 'sleep 3' }] });
    const grant = SharedFolder.fromUid(stack, 'secrets', VAULT.deployment).grantRead(application, {
      dependsOn: [slow],
    });
    const run = new EphemeralClientDevice(stack, 'run', { application, name: 'run', ...props });
    if (byNode) run.node.addDependency(grant);
    new DataResource(stack, 'reader', {
      provisioners: [
        {
          type: 'local-exec',
          command: `echo "$KSM_CONFIG" | base64 -d > device.json && "${process.execPath}" "${DEVICE_SCRIPT}" > titles.json`,
          environment: { KSM_CONFIG: run.config, DEVICE_CONFIG: 'device.json', ...deviceEnv(service) },
        },
      ],
    });
    writeFileSync(join(workspace.dir, 'cdk.tf.json'), Testing.synth(stack));
  }
  const titles = () => readFileSync(join(workspace.dir, 'titles.json'), 'utf8').trim().split('\n').at(-1);
  const made = async () =>
    (await service.client().listAuditEvents({ action: 'client_device.create' })).filter(({ target }) =>
      target?.startsWith(uid),
    ).length;

  test.each<[string, Partial<EphemeralClientDeviceProps>, boolean]>([
    ['its application’s grants', { onlyAtApply: true }, false],
    ['what node.addDependency names', { onlyAtApply: true, afterGrants: false }, true],
  ])('waits for %s, and reads what is granted', async (_, props, byNode) => {
    write(props, byNode);
    expect(await workspace.run(['init', '-input=false'])).toMatchObject({ code: 0 });
    await workspace.apply();
    expect(titles()).toBe('{"titles":["deploy key"]}');
  });

  test('is made in the plan all the same, where nothing is granted yet', async () => {
    write();
    expect(await workspace.run(['init', '-input=false'])).toMatchObject({ code: 0 });
    await workspace.plan();
    expect(await made()).toBe(1);
    await workspace.apply('tfplan');
    expect([await made(), titles()]).toEqual([2, '{"titles":["deploy key"]}']);
    expect(await workspace.plan()).toEqual({});
    expect(await service.client().listDevices(uid)).toEqual([]);
  });
});
