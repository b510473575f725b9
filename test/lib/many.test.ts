/** forEach, count, moving and importing. */
import { Fn, TerraformCount, TerraformIterator, TerraformOutput, TerraformVariable } from 'cdktf';
import { type bindings, KsmApplication, SharedFolder, SharedFolderGrant, VaultRecord } from 'cdktf-ksm';
import { Construct } from 'constructs';
import { isDevicePart } from '../../provider/resources/private/device-reference';
import { isClientId, isUid, splitImportId } from '../../provider/resources/private/import-id';
import { APPLICATION_UID, blocks, emptyStack, FOLDER_UID, RECORD_UID, synth } from './private/stack';
import { output } from './private/text';

describe('forEach', () => {
  function parts() {
    const stack = emptyStack();
    const jobs = TerraformIterator.fromList(['build', 'deploy']);
    const application = KsmApplication.fromUid(stack, 'payments', APPLICATION_UID);
    const devices = application.addClientDevice('jobs', { name: jobs.value, forEach: jobs });
    return { stack, jobs, application, devices };
  }

  test('makes one device for each element, whose attributes are maps by key', () => {
    const { stack, devices } = parts();
    devices.exportToken('tokens');
    new TerraformOutput(stack, 'hosts', { value: Fn.keys(devices.all('hostname')) });
    expect(blocks(stack, 'ksm_client_device')).toMatchObject([
      { name: '${each.value}', for_each: '${toset(["build", "deploy"])}' },
    ]);
    expect(output(stack, 'tokens')).toBe(
      '${{ for k, r in ksm_client_device.payments_jobs_9070A536 : k => r.one_time_token }}',
    );
    expect(output(stack, 'hosts')).toBe(
      '${keys({ for k, r in ksm_client_device.payments_jobs_9070A536 : k => r.hostname })}',
    );
  });

  test('leaves no attribute of one: reading it says what to read', () => {
    const { devices } = parts();
    expect(() => devices.oneTimeToken).toThrow(
      'ci/payments/jobs: oneTimeToken is read, and forEach makes many of it. Expected all("oneTimeToken"), a map by key.',
    );
  });

  test.each([
    ['nope', 'it has no such attribute. Expected one of accessExpiresAt, '],
    ['configJson', 'it has no such attribute. Expected one of '],
    ['hostName', 'it has no such attribute. Did you mean hostname? Expected one of '],
    ['nameInput', 'it has no such attribute.'],
    ['no attribute', 'it has no such attribute.'],
    [undefined, 'all(undefined): it has no such attribute.'],
  ])('all(%j) is refused, with those that there are', (attribute, message) => {
    expect(() => parts().devices.all(attribute as never)).toThrow(message);
  });

  test('is for all resources', () => {
    const { stack, application } = parts();
    const uids = TerraformIterator.fromList([FOLDER_UID]);
    new SharedFolderGrant(stack, 'grants', {
      application,
      folder: SharedFolder.fromUid(stack, 'each', uids.value),
      forEach: uids,
    });
    expect(blocks(stack, 'ksm_shared_folder_grant')).toMatchObject([
      { folder_uid: '${each.value}', for_each: '${toset(["gM3FYZ7dVtnT2aAyDEx1dg"])}' },
    ]);
    expect(blocks(stack, 'ksm_client_device')).toMatchObject([
      { depends_on: [expect.stringMatching(/^ksm_shared_folder_grant\.grants_[0-9A-F]{8}$/)] },
    ]);
  });

  test('count, set on the child, makes a list', () => {
    const stack = emptyStack();
    const device = KsmApplication.fromUid(stack, 'payments', APPLICATION_UID).addClientDevice('d', { name: 'd' });
    device.exportToken('token');
    expect(output(stack, 'token')).toBe('${ksm_client_device.payments_d_6674CE95.one_time_token}');
    const wanted = new TerraformVariable(stack, 'wanted', { type: 'number' });
    (device.node.defaultChild as bindings.ClientDevice).count = TerraformCount.of(wanted.numberValue);
    expect(output(stack, 'token')).toBe('${ksm_client_device.payments_d_6674CE95[*].one_time_token}');
  });

  test('all() of one resource is refused', () => {
    const stack = emptyStack();
    const device = KsmApplication.fromUid(stack, 'payments', APPLICATION_UID).addClientDevice('d', { name: 'd' });
    new TerraformOutput(stack, 'all', { value: device.all('id') });
    expect(() => synth(stack)).toThrow('all("id") is for forEach. Of one resource read the property itself.');
  });
});

describe('movedFrom', () => {
  function build(scope: Construct, id = 'payments') {
    const application = new KsmApplication(scope, id, { name: 'Payments' });
    application.addClientDevice('deploy', { name: 'deploy' });
    return application;
  }
  const addresses = (resource: Record<string, Record<string, unknown>>) =>
    Object.entries(resource).flatMap(([type, byName]) => Object.keys(byName).map((name) => `${type}.${name}`));

  test('of an application moves what stands below it, also what is declared later', () => {
    const before = emptyStack();
    SharedFolder.fromUid(before, 'secrets', FOLDER_UID).grantRead(build(before));
    const after = emptyStack();
    const application = build(new Construct(after, 'team'), 'pay');
    application.movedFrom('payments');
    SharedFolder.fromUid(after, 'secrets', FOLDER_UID).grantRead(application);
    const { moved, resource } = synth(after) as never as {
      moved: { from: string; to: string }[];
      resource: Record<string, Record<string, unknown>>;
    };
    expect(moved.map(({ from }) => from).sort()).toEqual(addresses(synth(before).resource).sort());
    expect(moved.map(({ to }) => to).sort()).toEqual(addresses(resource).sort());
  });

  test('moves one device, and one that has been moved by itself stays so', () => {
    const stack = emptyStack();
    const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
    const device = application.addClientDevice('deploy', { name: 'deploy' });
    device.movedFrom('old/device');
    application.movedFrom('old');
    const { moved } = synth(stack) as never as { moved: { from: string; to: string }[] };
    expect(moved.map(({ from }) => from)).toContainEqual(expect.stringMatching(/^ksm_client_device\.old_device_/));
    expect(moved).toHaveLength(2);
  });

  test.each([
    ['/', 'Expected the path that it had below its stack, such as "team/payments", without /'],
    ['', 'Expected the path that it had below its stack, such as "team/payments", without /'],
    ['/team/app/', 'movedFrom is "/team/app/". Expected the path that it had below its stack, "team/app", without /'],
    ['team//app', 'Expected the path that it had below its stack, "team/app", without / at an end and without empty'],
    ['ksm_application.payments_5AA7C358', 'and no address of Terraform: for that use moveFromId of node.defaultChild.'],
    ['module.team.ksm_application.payments', 'and no address of Terraform'],
    [undefined as never, 'movedFrom is undefined. Expected the path that it had below its stack, such as'],
  ])('refuses %j, which no construct can have had', (path, message) => {
    const application = build(emptyStack());
    expect(() => application.movedFrom(path)).toThrow(message);
  });

  test.each([
    ['ci/pay', 'Expected the path below the stack, "pay": the stack "ci" is no part of it.'],
    ['ci/team/pay', 'Expected the path below the stack, "team/pay": the stack "ci" is no part of it.'],
    ['payments', 'ci/payments: movedFrom is "payments". Expected the path that it had before: this is where it is.'],
  ])('refuses %j: node.path begins with the stack, and a construct is not moved from where it is', (path, message) => {
    const stack = emptyStack();
    build(stack).movedFrom(path);
    expect(() => synth(stack)).toThrow(message);
  });

  test('takes a path that begins with the id of the stack where the stack has a construct of that id', () => {
    const from = (id: string, path: string, declared: boolean) => {
      const stack = emptyStack();
      build(stack).movedFrom(path);
      if (declared) build(new Construct(stack, 'ci'), id);
      return (synth(stack) as never as { moved: { from: string }[] }).moved[0]!.from;
    };
    expect(from('x', 'ci/pay', true)).toMatch(/^ksm_application\.ci_pay_/);
    expect(from('x', 'ci', false)).toMatch(/^ksm_application\.ci_/);
    expect(from('ci', 'ci/ci/pay', true)).toMatch(/^ksm_application\.ci_pay_/);
    expect(() => from('x', 'ci/ci/pay', true)).toThrow('Expected the path below the stack, "ci/pay"');
  });

  test('takes the path of now where the address is another one', () => {
    const stack = emptyStack();
    const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
    (application.node.defaultChild as bindings.Application).overrideLogicalId('audit');
    application.movedFrom('payments');
    expect(synth(stack)).toMatchObject({
      moved: [{ from: 'ksm_application.payments_5AA7C358', to: 'ksm_application.audit' }],
    });
  });
});

test('importFrom takes over what exists, with the provider of the resource', () => {
  const stack = emptyStack();
  new KsmApplication(stack, 'payments', { name: 'Payments' }).importFrom(APPLICATION_UID);
  expect(synth(stack)).toMatchObject({
    import: [{ id: APPLICATION_UID, to: 'ksm_application.payments_5AA7C358' }],
  });
});

describe('importFrom', () => {
  const CLIENT_ID = 'c'.repeat(86);
  function all() {
    const stack = emptyStack();
    const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
    const grants = [
      SharedFolder.fromUid(stack, 'folder', FOLDER_UID).grantRead(application),
      VaultRecord.fromUid(stack, 'record', RECORD_UID).grantRead(application),
    ] as SharedFolderGrant[];
    const device = application.addClientDevice('deploy', { name: 'deploy' });
    return {
      stack,
      application,
      folder: grants[0]!,
      record: grants[1]!,
      device,
      gateway: application.addGateway('gw', { name: 'gw' }),
    };
  }
  type Kind = Exclude<keyof ReturnType<typeof all>, 'stack'>;
  /** What the provider itself asks of what stands after the application. */
  const PARTS: Partial<Record<Kind, (part: string) => boolean>> = {
    folder: isUid,
    record: isUid,
    device: isDevicePart,
    gateway: (part) => isClientId(part) || isUid(part),
  };
  const asProvider = (kind: Kind, id: string) => () => PARTS[kind] && splitImportId(id, '', PARTS[kind]);

  test.each<[Kind, string[]]>([
    ['application', [APPLICATION_UID, 'name=Payments', 'name=a/b']],
    ['folder', [`${APPLICATION_UID}/${FOLDER_UID}`]],
    ['record', [`${APPLICATION_UID}/${RECORD_UID}`]],
    ['device', [`${APPLICATION_UID}/${CLIENT_ID}`, `${APPLICATION_UID}/name=a/b`]],
    ['gateway', [`${APPLICATION_UID}/${CLIENT_ID}`, `${APPLICATION_UID}/${FOLDER_UID}`]],
  ])('of %s takes what the provider takes', (kind, ids) => {
    for (const id of ids) {
      const { stack, [kind]: resource } = all();
      resource.importFrom(id);
      expect(asProvider(kind, id)).not.toThrow();
      expect(synth(stack)).toMatchObject({ import: [{ id }] });
    }
  });

  test.each<[Kind, string, string[]]>([
    [
      'application',
      'the UID of an application, 22 characters, as ksm-iac application list prints it, or "name=<its name>"',
      ['Payments', '', 'name=', `${APPLICATION_UID}/x`],
    ],
    [
      'folder',
      '"<application UID>/<UID of the secret>", as ksm-iac grant list prints it',
      [FOLDER_UID, `${APPLICATION_UID}/name=x`],
    ],
    [
      'record',
      '"<application UID>/<UID of the secret>", as ksm-iac grant list prints it',
      [RECORD_UID, `name=a/${RECORD_UID}`],
    ],
    [
      'device',
      '"<application UID>/<client id>", as ksm-iac device list prints it, or "<application UID>/name=<its name>"',
      ['name=deploy', CLIENT_ID, `${APPLICATION_UID}/deploy`, `${APPLICATION_UID}/name=`],
    ],
    [
      'gateway',
      '"<application UID>/<client id or gateway UID>", as ksm-iac gateway list prints it',
      [`${APPLICATION_UID}/name=gw`, FOLDER_UID],
    ],
  ])('of %s says what it expects', (kind, expected, ids) => {
    for (const id of ids) {
      const { [kind]: resource } = all();
      if (kind !== 'application') expect(asProvider(kind, id)).toThrow();
      expect(() => resource.importFrom(id)).toThrow(
        `${resource.node.path}: importFrom is ${JSON.stringify(id).slice(0, 70)}`,
      );
      expect(() => resource.importFrom(id)).toThrow(`Expected ${expected}.`);
    }
  });

  test('leaves to Terraform what only that knows, and takes names literally', () => {
    const { stack, application, device } = all();
    const uid = new TerraformVariable(stack, 'uid', { type: 'string' }).stringValue;
    application.importFrom(uid);
    device.importFrom(`${uid}/name=\${job}`);
    expect(synth(stack)).toMatchObject({ import: [{ id: '${var.uid}' }, { id: '${var.uid}/name=$${job}' }] });
  });
});
