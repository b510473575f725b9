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

test('what is no resource is refused in dependsOn', () => {
  const { application } = parts();
  expect(() =>
    application.addClientDevice('deploy', { name: 'deploy', dependsOn: ['ksm_application.x'] as never }),
  ).toThrow('dependsOn.0 is "ksm_application.x". Expected a construct that is a resource of Terraform.');
});
