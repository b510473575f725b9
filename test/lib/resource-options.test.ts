import { TerraformIterator, TerraformStack } from 'cdktf';
import {
  type bindings,
  EphemeralClientDevice,
  KsmApplication,
  KsmProvider,
  SharedFolder,
  SharedFolderGrant,
  VaultRecord,
} from 'cdktf-ksm';
import { APPLICATION_UID, blocks, emptyStack, FOLDER_UID, newApp, RECORD_UID, synth } from './private/stack';

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

  describe('of another vault than its application’s', () => {
    type Make = (stack: TerraformStack, application: KsmApplication, provider: KsmProvider | undefined) => unknown;
    const KINDS: Record<string, Make> = {
      ClientDevice: (_, application, provider) => application.addClientDevice('x', { name: 'x', provider }),
      Gateway: (_, application, provider) => application.addGateway('x', { name: 'x', provider }),
      EphemeralClientDevice: (stack, application, provider) =>
        new EphemeralClientDevice(stack, 'x', { application, name: 'x', provider }),
      SharedFolderGrant: (stack, application, provider) =>
        new SharedFolderGrant(stack, 'x', {
          application,
          folder: SharedFolder.fromUid(stack, 'secrets', FOLDER_UID),
          provider,
        }),
    };
    function parts() {
      const stack = emptyStack();
      const ksm = new KsmProvider(stack, 'ksm');
      const [eu, us] = ['eu', 'us'].map((alias) => new KsmProvider(stack, alias, { alias }));
      return { stack, ksm, eu: eu!, us: us! };
    }

    test.each(Object.entries(KINDS))('is refused: %s', (kind, make) => {
      const { stack, eu, us } = parts();
      const application = new KsmApplication(stack, 'eu-app', { name: 'EU', provider: eu });
      expect(() => make(stack, application, us)).toThrow(
        new RegExp(
          `^${kind} 'ci/.*x': provider is the provider 'ci/us', and its application 'ci/eu-app' is in the vault of the provider 'ci/eu'\\.`,
        ),
      );
      const { stack: other, eu: aliased } = parts();
      const byDefault = new KsmApplication(other, 'app', { name: 'app' });
      expect(() => make(other, byDefault, aliased)).toThrow("'ci/app' is in the vault of the stack's default one.");
      const { stack: looking, eu: named } = parts();
      const found = KsmApplication.fromName(looking, 'app', 'app');
      expect(() => make(looking, found as KsmApplication, named)).toThrow('is in the vault of');
    });

    test.each(Object.entries(KINDS))('is none where both are one, or where a UID names no vault: %s', (_, make) => {
      for (const from of [
        ({ stack, ksm }: ReturnType<typeof parts>) => [new KsmApplication(stack, 'app', { name: 'app' }), ksm],
        ({ stack, ksm }) => [new KsmApplication(stack, 'app', { name: 'app', provider: ksm }), undefined],
        ({ stack, eu }) => [new KsmApplication(stack, 'app', { name: 'app', provider: eu }), eu],
        ({ stack, eu }) => [KsmApplication.fromUid(stack, 'app', APPLICATION_UID) as KsmApplication, eu],
      ] as ((all: ReturnType<typeof parts>) => [KsmApplication, KsmProvider | undefined])[]) {
        const all = parts();
        const [application, provider] = from(all);
        expect(() => make(all.stack, application, provider)).not.toThrow();
      }
    });

    test('is nothing to tell of what is no provider', () => {
      expect(() => new KsmApplication(emptyStack(), 'app', { name: 'app', provider: 'eu' as never })).toThrow(
        'provider is "eu". Expected a KsmProvider.',
      );
    });
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
    [
      { name: 'deploy', ipLokc: false },
      '"ipLokc" is no property of it. Did you mean ipLock? Expected application, name, ',
    ],
    [{ name: 'deploy', ipLock: 'no' }, 'ipLock is "no". Expected true or false.'],
    [{ name: 'deploy', rotationTriggers: { n: 3 } }, 'rotationTriggers.n is 3. Expected text.'],
  ])('%j is refused', (options, message) => {
    expect(device(options)).toThrow(message);
  });

  test.each([
    [{ ip_lock: false }, '"ip_lock" is no property of it. Did you mean ipLock? Expected application, '],
    [{ a: 1, tokenExpireInMinutes: 1 }, '"a", "tokenExpireInMinutes" are no properties of it. Did you mean tokenExp'],
    [{ colour: 1 }, '"colour" is no property of it. Expected application, '],
    [
      { lifecycle: { prevent_destroy: true } },
      '"prevent_destroy" is no property of lifecycle. Did you mean preventDestroy? Expected createBeforeDestroy,',
    ],
    [{ lifecycle: true }, 'lifecycle is true. Expected an object, with createBeforeDestroy, preventDestroy, '],
  ])('%j is refused with what was meant', (options, message) => {
    expect(device({ name: 'deploy', ...options })).toThrow(message);
  });

  test('a lifecycle that protects nothing is refused of each kind', () => {
    const stack = emptyStack();
    const lifecycle = { preventDestory: true } as never;
    const message = '"preventDestory" is no property of lifecycle. Did you mean preventDestroy?';
    const application = KsmApplication.fromUid(stack, 'app', APPLICATION_UID);
    const [folder, record] = [
      SharedFolder.fromUid(stack, 'folder', FOLDER_UID),
      VaultRecord.fromUid(stack, 'record', RECORD_UID),
    ];
    expect(() => new KsmApplication(stack, 'a', { name: 'a', lifecycle })).toThrow(message);
    expect(() => application.addGateway('g', { name: 'g', lifecycle })).toThrow(message);
    expect(() => folder.grantRead(application, { lifecycle })).toThrow(message);
    expect(() => record.grantEdit(application, { lifecycle })).toThrow(message);
  });

  test('what a grant and what something that exists are not given is refused', () => {
    const stack = emptyStack();
    const application = KsmApplication.fromUid(stack, 'app', APPLICATION_UID);
    const folder = SharedFolder.fromUid(stack, 'secrets', FOLDER_UID);
    expect(() => folder.grantRead(application, { editable: true } as never)).toThrow(
      `Grant of 'ci/secrets': "editable" is no property of options. Expected lifecycle, dependsOn.`,
    );
    const provider = new KsmProvider(stack, 'eu', { alias: 'eu' });
    const calls: Record<string, (options: never) => unknown> = {
      a: (options) => KsmApplication.fromUid(stack, 'a', APPLICATION_UID, options),
      b: (options) => KsmApplication.fromName(stack, 'b', 'name', options),
      c: (options) => SharedFolder.fromUid(stack, 'c', FOLDER_UID, options),
      d: (options) => SharedFolder.fromName(stack, 'd', 'name', options),
      e: (options) => VaultRecord.fromUid(stack, 'e', RECORD_UID, options),
      f: (options) => VaultRecord.fromTitle(stack, 'f', 'title', options),
    };
    for (const [id, call] of Object.entries(calls)) {
      expect(() => call({ providr: provider } as never)).toThrow(
        `'ci/${id}': "providr" is no property of options. Did you mean provider? Expected provider alone.`,
      );
      stack.node.tryRemoveChild(id);
      expect(() => call(provider as never)).toThrow("options is the KsmProvider 'ci/eu'. Expected an object");
      stack.node.tryRemoveChild(id);
    }
  });

  test('a value of an iterator is taken as a name', () => {
    const stack = emptyStack();
    const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
    application.addClientDevice('deploy', { name: TerraformIterator.fromList(['a', 'b']).value });
    expect(blocks(stack, 'ksm_client_device')).toMatchObject([{ name: '${each.value}' }]);
  });
});
