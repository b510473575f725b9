import { TerraformIterator, TerraformOutput } from 'cdktf';
import { KsmApplication, KsmAssertions, KsmChecks, KsmProvider, SharedFolder, VaultRecord } from 'cdktf-ksm';
import { APPLICATION_UID, emptyStack, FOLDER_UID, RECORD_UID } from './private/stack';

function parts() {
  const stack = emptyStack();
  new KsmProvider(stack, 'ksm');
  const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
  return {
    stack,
    application,
    folder: SharedFolder.fromUid(stack, 'secrets', FOLDER_UID),
    record: VaultRecord.fromTitle(stack, 'database', 'Database'),
  };
}

describe('hasClientDevice, hasGateway', () => {
  test('compare what is named, defaults too', () => {
    const { stack, application } = parts();
    application.addClientDevice('deploy', { name: 'deploy ${job}', accessExpiresInMinutes: 60 });
    application.addGateway('gw', { name: 'gw', initialization: 'config' });
    KsmAssertions.of(stack)
      .hasClientDevice({ application, name: 'deploy $${job}', ipLock: true, tokenExpiresInMinutes: 60 })
      .hasClientDevice({ accessExpiresInMinutes: 60, initialization: 'token', reissue: 'unredeemed' })
      .hasGateway({ name: 'gw', initialization: 'config' });
  });

  test('a gateway is never locked to an address', () => {
    const { stack, application } = parts();
    application.addGateway('gw', { name: 'gw' });
    const assertions = KsmAssertions.of(stack).hasGateway({ name: 'gw', ipLock: false });
    expect(() => assertions.hasGateway({ ipLock: true })).toThrow(
      `No gateway with ipLock true in 'ci'. Found: { name "gw", ipLock false }.`,
    );
  });

  test('say what is there instead', () => {
    const { stack, application } = parts();
    const assertions = () => KsmAssertions.of(stack);
    expect(() => assertions().hasGateway({ name: 'gw' })).toThrow(`No gateway with name "gw" in 'ci'. Found: none.`);
    application.addClientDevice('a', { name: 'a', ipLock: false });
    application.addClientDevice('b', { name: 'b' });
    expect(() => assertions().hasClientDevice({ name: 'a', ipLock: true })).toThrow(
      `No client device with name "a", ipLock true in 'ci'. Found: { name "a", ipLock false }, { name "b", ipLock true }.`,
    );
    const other = KsmApplication.fromUid(stack, 'other', APPLICATION_UID);
    expect(() => assertions().hasClientDevice({ application: other })).toThrow(
      `application "${APPLICATION_UID}" in 'ci'`,
    );
    expect(() => assertions().hasClientDevice({ ip_lock: true } as never)).toThrow('"ip_lock" is no property of it.');
  });
});

describe('grants', () => {
  test('are told by right, of what is known by UID or looked up', () => {
    const { stack, application, folder, record } = parts();
    folder.grantRead(application);
    record.grantEdit(application);
    const other = KsmApplication.fromName(stack, 'other', 'Other');
    VaultRecord.fromUid(stack, 'key', RECORD_UID).grantRead(other);
    const assertions = KsmAssertions.of(stack).grantsRead(application, folder).grantsEdit(application, record);
    expect(() => assertions.grantsEdit(application, folder)).toThrow(
      `'ci/payments' may not edit 'ci/secrets' in 'ci'. It is granted: ${FOLDER_UID} (read), `,
    );
    expect(() => assertions.grantsRead(application, record)).toThrow(
      "may not read, and no more than that, 'ci/database'",
    );
    expect(() => assertions.grantsRead(other, folder)).toThrow(`It is granted: ${RECORD_UID} (read).`);
  });

  test('grantsNothing', () => {
    const { stack, application, folder } = parts();
    KsmAssertions.of(stack).grantsNothing(application);
    folder.grantRead(application);
    expect(() => KsmAssertions.of(stack).grantsNothing(application)).toThrow(
      `'ci/payments' is granted ${FOLDER_UID} (read). Expected nothing.`,
    );
  });
});

describe('leaksNothing', () => {
  test('lists each leak with its cure, and lets accepted ones be', () => {
    const { stack, application } = parts();
    const device = application.addClientDevice('deploy', { name: 'deploy' });
    device.exportToken('token');
    KsmAssertions.of(stack).leaksNothing();
    const output = new TerraformOutput(stack, 'open', { value: device.oneTimeToken });
    expect(() => KsmAssertions.of(stack).leaksNothing()).toThrow(
      /^1 leak\(s\) in 'ci':\n\[ci\/open\] token-in-output: .* Mark the output sensitive, as exportToken does with that of a token\.$/,
    );
    KsmChecks.accept(output, { rule: 'token-in-output', reason: 'a test vault' });
    KsmAssertions.of(stack).leaksNothing();
  });

  test('sees what forEach makes', () => {
    const { stack, application } = parts();
    const jobs = TerraformIterator.fromList(['a']);
    const devices = application.addClientDevice('jobs', { name: jobs.value, forEach: jobs });
    new TerraformOutput(stack, 'open', { value: devices.all('one_time_token') });
    expect(() => KsmAssertions.of(stack).leaksNothing()).toThrow('token-in-output');
  });
});
