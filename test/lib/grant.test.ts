import { TerraformOutput, TerraformStack } from 'cdktf';
import {
  type bindings,
  ClientDevice,
  KsmApplication,
  RecordGrant,
  SharedFolder,
  SharedFolderGrant,
  VaultRecord,
} from 'cdktf-ksm';
import { Construct } from 'constructs';
import { APPLICATION_UID, blocks, emptyStack, FOLDER_UID, newApp, RECORD_UID, synth } from './private/stack';

function parts(stack = emptyStack()) {
  return {
    stack,
    application: new KsmApplication(stack, 'payments', { name: 'Payments' }),
    folder: SharedFolder.fromUid(stack, 'secrets', FOLDER_UID),
    record: VaultRecord.fromUid(stack, 'database', RECORD_UID),
  };
}

describe('grants', () => {
  test('made from the side of the secret stand below the application, under addresses that are a contract', () => {
    const { stack, application, folder, record } = parts();
    folder.grantRead(application);
    record.grantEdit(application);
    const { ksm_shared_folder_grant, ksm_record_grant } = synth(stack).resource;
    expect({ ksm_shared_folder_grant, ksm_record_grant }).toMatchInlineSnapshot(`
{
  "ksm_record_grant": {
    "payments_grant-database_31557959": {
      "application_id": "\${ksm_application.payments_5AA7C358.id}",
      "editable": true,
      "record_uid": "-ABnQNhSzGbAbKPe7Dv0Zw",
    },
  },
  "ksm_shared_folder_grant": {
    "payments_grant-secrets_83587222": {
      "application_id": "\${ksm_application.payments_5AA7C358.id}",
      "folder_uid": "gM3FYZ7dVtnT2aAyDEx1dg",
    },
  },
}
`);
  });

  test('can be made by themselves', () => {
    const { stack, application, folder, record } = parts();
    new SharedFolderGrant(stack, 'folder-grant', { application, folder, editable: true });
    new RecordGrant(stack, 'record-grant', { application, record, editable: false });
    const { ksm_shared_folder_grant, ksm_record_grant } = synth(stack).resource;
    expect({ ksm_shared_folder_grant, ksm_record_grant }).toMatchInlineSnapshot(`
{
  "ksm_record_grant": {
    "record-grant_6FE5ACE5": {
      "application_id": "\${ksm_application.payments_5AA7C358.id}",
      "editable": false,
      "record_uid": "-ABnQNhSzGbAbKPe7Dv0Zw",
    },
  },
  "ksm_shared_folder_grant": {
    "folder-grant_3301DB1E": {
      "application_id": "\${ksm_application.payments_5AA7C358.id}",
      "editable": true,
      "folder_uid": "gM3FYZ7dVtnT2aAyDEx1dg",
    },
  },
}
`);
  });

  test.each([
    ['grantRead', 'editable', undefined],
    ['grantEdit', 'editable', true],
  ] as const)('%s of a folder or of a record sets %s to %s', (method, field, value) => {
    const { stack, application, folder, record } = parts();
    folder[method](application);
    record[method](application);
    expect(blocks(stack, 'ksm_shared_folder_grant')[0]![field]).toBe(value);
    expect(blocks(stack, 'ksm_record_grant')[0]![field]).toBe(value);
  });

  test('give their id as a reference', () => {
    const { stack, application, folder, record } = parts();
    new TerraformOutput(stack, 'ids', { value: [folder.grantRead(application).id, record.grantRead(application).id] });
    expect(synth(stack).output.ids!.value).toMatchInlineSnapshot(`
[
  "\${ksm_shared_folder_grant.payments_grant-secrets_83587222.id}",
  "\${ksm_record_grant.payments_grant-database_31557959.id}",
]
`);
  });

  test('granting twice is one grant, by its UID, and editing widens it', () => {
    const { stack, application, folder } = parts();
    const first = folder.grantEdit(application);
    const again = SharedFolder.fromUid(stack, 'by-another-id', FOLDER_UID);
    expect(again.grantRead(application)).toBe(first);
    expect(blocks(stack, 'ksm_shared_folder_grant')).toMatchObject([{ editable: true }]);
    const { stack: other, application: reader, record } = parts();
    record.grantRead(reader);
    record.grantEdit(reader);
    expect(blocks(other, 'ksm_record_grant')).toMatchObject([{ editable: true }]);
  });

  test('granting again with options of the same value is one grant, too', () => {
    const { application, folder, stack } = parts();
    const host = new KsmApplication(stack, 'host', { name: 'Host' });
    const options = () => ({ dependsOn: [host], lifecycle: { preventDestroy: true, ignoreChanges: ['editable'] } });
    expect(folder.grantRead(application, options())).toBe(folder.grantEdit(application, options()));
    for (const other of [
      {},
      { ...options(), dependsOn: [] },
      { ...options(), dependsOn: [application] },
      { ...options(), lifecycle: { preventDestroy: true, ignoreChanges: ['editable', 'id'] } },
      { ...options(), lifecycle: { preventDestroy: true } },
    ])
      expect(() => folder.grantRead(application, other)).toThrow('it was granted before, with other options.');
  });

  test('secrets of one construct id are two grants', () => {
    const { stack, application, folder } = parts();
    folder.grantRead(application);
    const scope = new Construct(stack, 'team');
    VaultRecord.fromUid(scope, 'secrets', RECORD_UID).grantRead(application);
    expect(Object.keys(synth(stack).resource.ksm_shared_folder_grant!)).toEqual(['payments_grant-secrets_83587222']);
    expect(Object.keys(synth(stack).resource.ksm_record_grant!)).toEqual([
      expect.stringMatching(/^payments_grant-secrets-[0-9a-f]{8}_/),
    ]);
  });

  test('what is no application is refused from the side of the secret and by the constructs', () => {
    const { stack, folder } = parts();
    const cure = /application is "bKM.*Expected a KsmApplication; for a UID use KsmApplication\.fromUid\./;
    const application = APPLICATION_UID as never;
    expect(() => folder.grantRead(application)).toThrow(cure);
    expect(() => new SharedFolderGrant(stack, 'grant', { application, folder })).toThrow(cure);
    expect(() => new ClientDevice(stack, 'device', { application, name: 'device' })).toThrow(cure);
  });

  test('one secret serves applications of several stacks, each with its grant in its own stack', () => {
    const app = newApp();
    const shared = new TerraformStack(app, 'shared');
    const folder = SharedFolder.fromUid(shared, 'secrets', FOLDER_UID);
    for (const name of ['one', 'two']) {
      const stack = new TerraformStack(app, name);
      folder.grantRead(KsmApplication.fromUid(stack, 'application', APPLICATION_UID));
      expect(Object.keys(synth(stack).resource)).toEqual(['ksm_shared_folder_grant']);
    }
  });
});

describe('devices and gateways of an application', () => {
  const dependencies = (stack: TerraformStack) =>
    ['ksm_client_device', 'ksm_gateway'].flatMap((type) => blocks(stack, type)).map((block) => block.depends_on);

  test('come after its grants, whatever was declared first', () => {
    const { stack, application, folder, record } = parts();
    folder.grantRead(application);
    application.addClientDevice('deploy', { name: 'deploy' });
    application.addGateway('gateway', { name: 'gateway' });
    record.grantRead(application);
    expect(dependencies(stack)).toMatchInlineSnapshot(`
[
  [
    "ksm_shared_folder_grant.payments_grant-secrets_83587222",
    "ksm_record_grant.payments_grant-database_31557959",
  ],
  [
    "ksm_shared_folder_grant.payments_grant-secrets_83587222",
    "ksm_record_grant.payments_grant-database_31557959",
  ],
]
`);
  });

  test('come after grants that were made by themselves, too', () => {
    const { stack, application, folder } = parts();
    application.addClientDevice('deploy', { name: 'deploy' });
    new SharedFolderGrant(stack, 'own', { application, folder });
    expect(dependencies(stack)).toEqual([['ksm_shared_folder_grant.own_B6894E2F']]);
  });

  test('of an application that exists already come after the grants of this stack', () => {
    const { stack, folder } = parts();
    const existing = KsmApplication.fromUid(stack, 'existing', APPLICATION_UID);
    existing.addClientDevice('deploy', { name: 'deploy' });
    folder.grantRead(existing);
    expect(dependencies(stack)).toHaveLength(1);
    expect(dependencies(stack)[0]).toHaveLength(1);
  });

  test('do not wait for grants of other applications, nor does a device that was made by itself', () => {
    const { stack, application, folder } = parts();
    const other = new KsmApplication(stack, 'other', { name: 'Other' });
    folder.grantRead(other);
    application.addClientDevice('deploy', { name: 'deploy' });
    new ClientDevice(stack, 'alone', { application: other, name: 'alone' });
    expect(dependencies(stack)).toEqual([undefined, undefined]);
  });

  test('keep their order when a grant gets another address, and keep what else they wait for', () => {
    const { stack, application, folder } = parts();
    const device = application.addClientDevice('deploy', { name: 'deploy' });
    (device.node.defaultChild as bindings.ClientDevice).dependsOn = ['terraform_data.host'];
    const grant = folder.grantRead(application);
    (grant.node.defaultChild as bindings.SharedFolderGrant).overrideLogicalId('secrets');
    expect(dependencies(stack)).toEqual([['terraform_data.host', 'ksm_shared_folder_grant.secrets']]);
  });
});
