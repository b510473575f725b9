import { TerraformStack, Testing } from 'cdktf';
import { type bindings, KsmApplication, KsmProvider, SharedFolder, SharedFolderGrant } from 'cdktf-ksm';
import { Construct } from 'constructs';
import { APPLICATION_UID, blocks, emptyStack, FOLDER_UID, newApp, synth } from './private/stack';

const UIDS = ['gM3FYZ7dVtnT2aAyDEx1dg', 'gM3FYZ7dVtnT2aAyDEx1dh'];

function parts() {
  const stack = emptyStack();
  const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
  return { stack, application, host: new KsmApplication(stack, 'host', { name: 'Host' }) };
}
const waits = (stack: TerraformStack, type = 'ksm_client_device') =>
  blocks(stack, type).map((block) => block.depends_on);

describe('node.addDependency', () => {
  test('of a device, a grant or an application becomes depends_on', () => {
    const { stack, application, host } = parts();
    const device = application.addClientDevice('deploy', { name: 'deploy' });
    device.node.addDependency(host);
    const grant = SharedFolder.fromUid(stack, 'secrets', FOLDER_UID).grantRead(application);
    grant.node.addDependency(host);
    expect(waits(stack)).toEqual([
      [expect.stringMatching(/^ksm_shared_folder_grant\./), expect.stringMatching(/^ksm_application\.host_/)],
    ]);
    expect(waits(stack, 'ksm_shared_folder_grant')).toEqual([[expect.stringMatching(/^ksm_application\.host_/)]]);
  });

  test('of a scope holds for what stands below it, and means what stands below the other', () => {
    const { stack } = parts();
    const team = new Construct(stack, 'team');
    const application = KsmApplication.fromUid(team, 'app', APPLICATION_UID);
    application.addClientDevice('deploy', { name: 'deploy' });
    const base = new Construct(stack, 'base');
    for (const id of ['one', 'two']) new KsmApplication(base, id, { name: id });
    team.node.addDependency(base);
    expect(waits(stack)).toEqual([
      [expect.stringMatching(/^ksm_application\.base_one_/), expect.stringMatching(/^ksm_application\.base_two_/)],
    ]);
  });

  test('on what it stands within is no dependency of its own', () => {
    const { stack, application } = parts();
    const device = application.addClientDevice('deploy', { name: 'deploy' });
    device.node.addDependency(application);
    expect(waits(stack)).toEqual([[expect.stringMatching(/^ksm_application\.payments_/)]]);
  });

  test('on another stack orders the stacks', () => {
    const app = newApp();
    const [one, two] = ['one', 'two'].map((name) => new TerraformStack(app, name));
    const host = new KsmApplication(one!, 'host', { name: 'Host' });
    const application = new KsmApplication(two!, 'payments', { name: 'Payments' });
    application.node.addDependency(host);
    synth(two!);
    expect(two!.dependencies).toEqual([one]);
  });
});

test('dependsOn takes our constructs, joined with the rest and each named once', () => {
  const { stack, application, host } = parts();
  const device = application.addClientDevice('deploy', { name: 'deploy', dependsOn: [host] });
  const child = device.node.defaultChild as bindings.ClientDevice;
  const grant = SharedFolder.fromUid(stack, 'secrets', FOLDER_UID).grantRead(application);
  child.dependsOn = [...child.dependsOn!, 'terraform_data.x'];
  new KsmApplication(stack, 'last', { name: 'last', dependsOn: [device, grant] });
  expect(waits(stack)).toEqual([
    [
      expect.stringMatching(/^ksm_application\.host_/),
      expect.stringMatching(/^ksm_shared_folder_grant\./),
      'terraform_data.x',
    ],
  ]);
  expect(waits(stack, 'ksm_application')).toContainEqual([
    expect.stringMatching(/^ksm_client_device\./),
    expect.stringMatching(/^ksm_shared_folder_grant\./),
  ]);
});

test('a grant that is named and waited for anyway stands there once', () => {
  const { stack, application } = parts();
  const grant = SharedFolder.fromUid(stack, 'secrets', FOLDER_UID).grantRead(application);
  const device = application.addClientDevice('deploy', { name: 'deploy', dependsOn: [grant] });
  expect(waits(stack)).toEqual([[expect.stringMatching(/^ksm_shared_folder_grant\./)]]);
  // What stands in place of the list that was given names it no more.
  const child = device.node.defaultChild as bindings.ClientDevice;
  child.dependsOn = ['terraform_data.x'];
  expect(waits(stack)).toEqual([['terraform_data.x', expect.stringMatching(/^ksm_shared_folder_grant\./)]]);
});

test('a list of constructs can be read before an address is overridden', () => {
  const { stack, application } = parts();
  const grant = SharedFolder.fromUid(stack, 'secrets', FOLDER_UID).grantRead(application);
  const device = application.addClientDevice('deploy', { name: 'deploy', dependsOn: [grant] });
  expect((device.node.defaultChild as bindings.ClientDevice).dependsOn).toHaveLength(1);
  (grant.node.defaultChild as bindings.SharedFolderGrant).overrideLogicalId('secrets');
  expect(waits(stack)).toEqual([['ksm_shared_folder_grant.secrets']]);
});

test('afterGrants: false makes a device beside the grants, true makes one by itself wait', () => {
  const { stack, application } = parts();
  SharedFolder.fromUid(stack, 'secrets', FOLDER_UID).grantRead(application);
  application.addClientDevice('beside', { name: 'beside', afterGrants: false });
  expect(waits(stack)).toEqual([undefined]);
});

describe('a circle', () => {
  test('of a grant that needs a device of its application is refused, with the way out', () => {
    const { stack, application } = parts();
    const device = application.addClientDevice('deploy', { name: 'deploy' });
    const folder = SharedFolder.fromUid(stack, 'secrets', FOLDER_UID);
    new SharedFolderGrant(stack, 'grant', { application, folder, dependsOn: [device] });
    expect(() => Testing.synth(stack, true)).toThrow(
      /'ci\/grant' waits for 'ci\/payments\/deploy' waits for 'ci\/grant'.*takes afterGrants: false\./,
    );
  });

  test('by node.addDependency is refused, too; without one nothing is', () => {
    const { stack, application } = parts();
    new KsmProvider(stack, 'ksm');
    const [one, two] = UIDS.map((uid, i) => SharedFolder.fromUid(stack, `f${i}`, uid).grantRead(application));
    one!.node.addDependency(two!);
    expect(() => Testing.synth(stack, true)).not.toThrow();
    two!.node.addDependency(one!);
    expect(() => Testing.synth(stack, true)).toThrow(/waits for .* waits for/);
  });
});

describe('what waits for something within itself is refused', () => {
  test('an application for its own device, once', () => {
    const { stack, application } = parts();
    new KsmProvider(stack, 'ksm');
    const device = application.addClientDevice('deploy', { name: 'deploy' });
    application.addClientDevice('other', { name: 'other' });
    application.node.addDependency(device);
    const message =
      "'ci/payments' waits for 'ci/payments/deploy', which stands within it. Expected the constructs that";
    expect(() => Testing.synth(stack, true)).toThrow(message);
    const validated = stack.node.findAll().flatMap(({ node }) => node.validate());
    expect(validated).toEqual([expect.stringContaining(message)]);
  });

  test('a scope for what is in it', () => {
    const { stack } = parts();
    new KsmProvider(stack, 'ksm');
    const team = new Construct(stack, 'team');
    const base = new Construct(team, 'base');
    new KsmApplication(base, 'app', { name: 'app' });
    team.node.addDependency(base);
    expect(() => Testing.synth(stack, true)).toThrow("'ci/team' waits for 'ci/team/base', which stands within it.");
  });
});

test('a circle of devices has no cure of grants', () => {
  const { stack, application } = parts();
  new KsmProvider(stack, 'ksm');
  SharedFolder.fromUid(stack, 'secrets', FOLDER_UID).grantRead(application);
  const [one, two] = ['one', 'two'].map((name) => application.addClientDevice(name, { name }));
  one!.node.addDependency(two!);
  two!.node.addDependency(one!);
  expect(() => Testing.synth(stack, true)).toThrow(
    /waits for .* waits for .*\. Terraform makes none of them before the others: take one of these dependencies away\./,
  );
  expect(() => Testing.synth(stack, true)).not.toThrow('afterGrants');
});

test('what is no resource is refused in dependsOn', () => {
  const { application } = parts();
  expect(() =>
    application.addClientDevice('deploy', { name: 'deploy', dependsOn: ['ksm_application.x'] as never }),
  ).toThrow('dependsOn.0 is "ksm_application.x". Expected a construct that is a resource of Terraform.');
});
