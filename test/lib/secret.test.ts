import { TerraformStack, Testing } from 'cdktf';
import {
  type bindings,
  ClientDevice,
  type IKsmApplication,
  type ISecret,
  KsmApplication,
  KsmProvider,
  RecordGrant,
  SharedFolder,
  SharedFolderGrant,
  VaultRecord,
} from 'cdktf-ksm';
import { Construct } from 'constructs';
import { APPLICATION_UID, blocks, emptyStack, FOLDER_UID, newApp, RECORD_UID, synth } from './private/stack';

test('a secret is looked up by its name or title, below the id that was given', () => {
  const stack = emptyStack();
  const application = KsmApplication.fromUid(stack, 'payments', APPLICATION_UID);
  SharedFolder.fromName(stack, 'secrets', 'Deployment ${x}').grantRead(application);
  VaultRecord.fromTitle(stack, 'database', 'database').grantEdit(application);
  const { data, resource } = synth(stack) as never as Record<string, Record<string, Record<string, object>>>;
  expect(data).toMatchObject({
    ksm_shared_folder: { secrets_E5A2BDAA: { name: 'Deployment $${x}' } },
    ksm_record: { database_EBDE4557: { title: 'database' } },
  });
  expect(Object.values(resource!.ksm_shared_folder_grant!)).toMatchObject([
    { folder_uid: '${data.ksm_shared_folder.secrets_E5A2BDAA.uid}' },
  ]);
  expect(Object.values(resource!.ksm_record_grant!)).toMatchObject([
    { record_uid: '${data.ksm_record.database_EBDE4557.uid}', editable: true },
  ]);
});

test('one function takes folders and records, and each grant says who may read what', () => {
  const stack = emptyStack();
  const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
  const secrets: ISecret[] = [
    SharedFolder.fromUid(stack, 'folder', FOLDER_UID),
    VaultRecord.fromUid(stack, 'record', RECORD_UID),
  ];
  for (const secret of secrets) {
    const grant = secret.grantRead(application);
    expect([grant.application, grant.secret, grant.editable]).toEqual([application, secret, false]);
    expect(secret.grantEdit(application).editable).toBe(true);
  }
});

describe('two grants of one secret to one application', () => {
  function parts() {
    const stack = emptyStack();
    const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
    return { stack, application, folder: SharedFolder.fromUid(stack, 'secrets', FOLDER_UID) };
  }

  test('with two rights are refused, whichever comes first', () => {
    const { stack, application, folder } = parts();
    folder.grantRead(application);
    const again = SharedFolder.fromUid(stack, 'again', FOLDER_UID);
    const message =
      "The grants 'ci/payments/grant-secrets', which may read, and 'ci/edits', which may edit, are of one secret";
    expect(() => new SharedFolderGrant(stack, 'edits', { application, folder: again, editable: true })).toThrow(
      message,
    );
    const { stack: other, application: reader, folder: read } = parts();
    new SharedFolderGrant(other, 'own', { application: reader, folder: read });
    expect(() => read.grantEdit(reader)).toThrow(
      "'ci/own', which may read, and 'ci/payments/grant-secrets', which may",
    );
    const { stack: third, application: wide, folder: granted } = parts();
    new SharedFolderGrant(third, 'own', { application: wide, folder: granted });
    granted.grantRead(wide);
    expect(() => granted.grantEdit(wide)).toThrow('they would undo each other. Expected one of them.');
  });

  test('with one right stand, and are for a check to find', () => {
    const { stack, application, folder } = parts();
    folder.grantRead(application);
    new SharedFolderGrant(stack, 'own', { application, folder });
    expect(blocks(stack, 'ksm_shared_folder_grant')).toHaveLength(2);
  });

  test('take the options of the first alone', () => {
    const { stack, application, folder } = parts();
    const lifecycle = { preventDestroy: true };
    folder.grantRead(application, { lifecycle });
    folder.grantEdit(application, { lifecycle });
    folder.grantEdit(application);
    expect(blocks(stack, 'ksm_shared_folder_grant')).toMatchObject([
      { editable: true, lifecycle: { prevent_destroy: true } },
    ]);
    expect(() => folder.grantRead(application, { lifecycle: { preventDestroy: false } })).toThrow(
      "Grant of 'ci/secrets' to 'ci/payments': it was granted before, with other options.",
    );
  });

  test('of two references in two stacks stay two', () => {
    const app = newApp();
    const folder = SharedFolder.fromUid(new TerraformStack(app, 'shared'), 'secrets', FOLDER_UID);
    for (const name of ['one', 'two']) {
      const stack = new TerraformStack(app, name);
      folder.grantEdit(KsmApplication.fromUid(stack, 'application', APPLICATION_UID));
      expect(blocks(stack, 'ksm_shared_folder_grant')).toHaveLength(1);
    }
  });
});

test('a secret of another vault than the application is refused', () => {
  const stack = emptyStack();
  new KsmProvider(stack, 'ksm');
  const provider = new KsmProvider(stack, 'eu', { alias: 'eu' });
  const folder = SharedFolder.fromName(stack, 'secrets', 'Deployment', { provider });
  folder.grantRead(new KsmApplication(stack, 'eu-app', { name: 'EU', provider }));
  expect(() => folder.grantRead(new KsmApplication(stack, 'us-app', { name: 'US' }))).toThrow(
    "the secret is in the vault of the provider 'ci/eu', and the application in that of the stack's default one.",
  );
});

describe('what is no construct', () => {
  test.each([
    ['folder', 'SharedFolder'],
    ['record', 'VaultRecord'],
  ] as const)('is refused as a %s', (_, kind) => {
    const stack = emptyStack();
    const application = KsmApplication.fromUid(stack, 'a', APPLICATION_UID);
    const { [`${kind === 'VaultRecord' ? 'Record' : kind}Grant` as 'SharedFolderGrant']: Grant } =
      jest.requireActual<typeof import('cdktf-ksm')>('cdktf-ksm');
    const field = kind === 'VaultRecord' ? 'record' : 'folder';
    expect(() => new Grant(stack, 'g', { application, [field]: FOLDER_UID } as never)).toThrow(
      `${field} is "${FOLDER_UID}". Expected a ${kind}; for a UID use ${kind}.fromUid.`,
    );
  });
});

describe('what is of another kind', () => {
  function parts() {
    const stack = emptyStack();
    return {
      stack,
      application: new KsmApplication(stack, 'a', { name: 'a' }),
      folder: SharedFolder.fromUid(stack, 'folder', FOLDER_UID),
      record: VaultRecord.fromTitle(stack, 'record', 'title'),
    };
  }

  test('a record is no folder, and a folder no record, though their types are one', () => {
    const { stack, application, folder, record } = parts();
    expect(() => new SharedFolderGrant(stack, 'f', { application, folder: record })).toThrow(
      "folder is the VaultRecord 'ci/record'. Expected a SharedFolder; for this one use RecordGrant.",
    );
    expect(() => new RecordGrant(stack, 'r', { application, record: folder })).toThrow(
      "record is the SharedFolder 'ci/folder'. Expected a VaultRecord; for this one use SharedFolderGrant.",
    );
  });

  test('an application is no secret, and a secret no application', () => {
    const { stack, application, folder } = parts();
    expect(() => new SharedFolderGrant(stack, 'f', { application, folder: application as never })).toThrow(
      "folder is the KsmApplication 'ci/a'. Expected a SharedFolder;",
    );
    expect(() => new SharedFolderGrant(stack, 'g', { application: folder as never, folder })).toThrow(
      "application is the KnownFolder 'ci/folder'. Expected a KsmApplication;",
    );
    expect(() => folder.grantRead(application.addClientDevice('d', { name: 'd' }) as never)).toThrow(
      "application is the ClientDevice 'ci/a/d'. Expected a KsmApplication;",
    );
  });

  test('a folder of your own making is one', () => {
    const { stack, application } = parts();
    class Own extends Construct {
      readonly uid = FOLDER_UID;
    }
    new SharedFolderGrant(stack, 'f', { application, folder: new Own(stack, 'own') as never });
    expect(blocks(stack, 'ksm_shared_folder_grant')).toMatchObject([{ folder_uid: FOLDER_UID }]);
  });
});

describe('an application of your own making', () => {
  class Team extends Construct implements IKsmApplication {
    readonly id = APPLICATION_UID;

    addClientDevice(id: string, options: Parameters<IKsmApplication['addClientDevice']>[1]) {
      return new ClientDevice(this, id, { afterGrants: true, ...options, application: this });
    }

    addGateway(): never {
      throw new Error('not here');
    }
  }

  test('has devices that wait for its grants, by afterGrants', () => {
    const stack = emptyStack();
    const team = new Team(stack, 'team');
    team.addClientDevice('deploy', { name: 'deploy' });
    SharedFolder.fromUid(stack, 'secrets', FOLDER_UID).grantRead(team);
    expect(blocks(stack, 'ksm_client_device')).toMatchObject([
      { depends_on: [expect.stringMatching(/^ksm_shared_folder_grant\.team_grant-secrets_/)] },
    ]);
    expect(KsmApplication.isKsmApplication(team)).toBe(false);
  });
});

test('isKsmApplication tells applications from the rest', () => {
  const stack = emptyStack();
  expect(KsmApplication.isKsmApplication(new KsmApplication(stack, 'a', { name: 'a' }))).toBe(true);
  expect(KsmApplication.isKsmApplication(KsmApplication.fromUid(stack, 'b', APPLICATION_UID))).toBe(true);
  expect([stack, undefined, APPLICATION_UID].some((x) => KsmApplication.isKsmApplication(x))).toBe(false);
});

test('cdktf finds resources of ours by their classes', () => {
  const stack = emptyStack();
  const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
  application.addClientDevice('deploy', { name: 'deploy' });
  const json = Testing.synth(stack);
  expect(json).toHaveResourceWithProperties(ClientDevice, { name: 'deploy' });
  expect(json).toHaveResource(KsmApplication);
  expect((application.node.defaultChild as bindings.Application).terraformResourceType).toBe(
    KsmApplication.tfResourceType,
  );
});
