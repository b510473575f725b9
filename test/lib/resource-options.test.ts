import { TerraformIterator, TerraformStack } from 'cdktf';
import { type bindings, KsmApplication, KsmProvider, SharedFolder } from 'cdktf-ksm';
import { APPLICATION_UID, blocks, emptyStack, FOLDER_UID, newApp, synth } from './private/stack';

describe('provider', () => {
  test('of an application is the one of all that stands below it', () => {
    const stack = emptyStack();
    new KsmProvider(stack, 'ksm');
    const provider = new KsmProvider(stack, 'eu', { alias: 'eu' });
    const application = new KsmApplication(stack, 'payments', { name: 'Payments', provider });
    SharedFolder.fromUid(stack, 'secrets', FOLDER_UID).grantRead(application);
    application.addClientDevice('deploy', { name: 'deploy' });
    KsmApplication.fromUid(stack, 'existing', APPLICATION_UID, { provider }).addGateway('gateway', { name: 'gateway' });
    for (const type of ['ksm_application', 'ksm_shared_folder_grant', 'ksm_client_device', 'ksm_gateway']) {
      expect(blocks(stack, type)).toMatchObject([{ provider: 'ksm.eu' }]);
    }
  });

  test('of another stack is refused, since Terraform would not know it', () => {
    const app = newApp();
    const [one, two] = ['one', 'two'].map((name) => new TerraformStack(app, name));
    const provider = new KsmProvider(one!, 'eu', { alias: 'eu' });
    expect(() => new KsmApplication(two!, 'payments', { name: 'Payments', provider })).toThrow(
      "KsmApplication 'two/payments': its provider 'one/eu' belongs to the stack 'one'. Expected a KsmProvider of the stack 'two'",
    );
  });
});

test('an application is looked up by its name', () => {
  const stack = emptyStack();
  KsmApplication.fromName(stack, 'existing', 'Payments').addClientDevice('deploy', { name: 'deploy' });
  expect(synth(stack)).toMatchObject({ data: { ksm_application: { existing_EDB94138: { name: 'Payments' } } } });
});

test('lifecycle and dependsOn are handed on, and what a device waits for is joined with the grants', () => {
  const stack = emptyStack();
  const host = new KsmApplication(stack, 'host', { name: 'Host', lifecycle: { preventDestroy: true } });
  const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
  const dependsOn = [host.node.defaultChild as bindings.Application];
  application.addClientDevice('deploy', { name: 'deploy', dependsOn, lifecycle: { createBeforeDestroy: true } });
  SharedFolder.fromUid(stack, 'secrets', FOLDER_UID).grantRead(application);
  expect(blocks(stack, 'ksm_application')[0]).toMatchObject({ lifecycle: { prevent_destroy: true } });
  expect(blocks(stack, 'ksm_client_device')).toMatchObject([
    {
      lifecycle: { create_before_destroy: true },
      depends_on: [
        expect.stringContaining('ksm_application.host_'),
        expect.stringContaining('ksm_shared_folder_grant.'),
      ],
    },
  ]);
});

describe('what JavaScript or YAML lets through', () => {
  const device = (options: object) => () =>
    new KsmApplication(emptyStack(), 'payments', { name: 'Payments' }).addClientDevice('deploy', options as never);

  test.each([
    [{}, 'name is undefined. Expected 1 to 255 characters'],
    [{ name: 'deploy', ipLokc: false }, '"ipLokc" is no property of it. Expected application, name, '],
    [{ name: 'deploy', ipLock: 'no' }, 'ipLock is "no". Expected true or false.'],
    [{ name: 'deploy', rotationTriggers: { n: 3 } }, 'rotationTriggers.n is 3. Expected text.'],
  ])('%j is refused', (options, message) => {
    expect(device(options)).toThrow(message);
  });

  test('a value of an iterator is taken as a name', () => {
    const stack = emptyStack();
    const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
    application.addClientDevice('deploy', { name: TerraformIterator.fromList(['a', 'b']).value });
    expect(blocks(stack, 'ksm_client_device')).toMatchObject([{ name: '${each.value}' }]);
  });
});
