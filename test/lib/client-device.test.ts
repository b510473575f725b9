import { TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { bindings, ClientDevice, KsmApplication, KsmProvider } from 'cdktf-ksm';
import { APPLICATION_UID, blocks, emptyStack, newApp, synth } from './private/stack';

describe('ClientDevice', () => {
  test('carries every property to Terraform, under an address that is a contract', () => {
    const stack = emptyStack();
    const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
    application.addClientDevice('deploy', {
      name: 'deploy job',
      ipLock: false,
      accessExpiresInMinutes: 525_600,
      initialization: 'token',
      tokenExpiresInMinutes: 1440,
      rotationTriggers: { quarter: '2026-Q4' },
    });
    expect(synth(stack).resource.ksm_client_device).toMatchInlineSnapshot(`
{
  "payments_deploy_31BDA616": {
    "access_expires_in_minutes": 525600,
    "application_id": "\${ksm_application.payments_5AA7C358.id}",
    "initialization": "token",
    "ip_lock": false,
    "name": "deploy job",
    "rotation_triggers": {
      "quarter": "2026-Q4",
    },
    "token_expires_in_minutes": 1440,
  },
}
`);
  });

  test('has only an application and a name when nothing else is said', () => {
    const stack = emptyStack();
    new ClientDevice(stack, 'deploy', {
      application: KsmApplication.fromUid(stack, 'payments', APPLICATION_UID),
      name: 'deploy job',
    });
    expect(synth(stack).resource.ksm_client_device).toMatchInlineSnapshot(`
{
  "deploy_9CB423FE": {
    "application_id": "bKMRbxBRwzBdqsBDNa1fnQ",
    "name": "deploy job",
  },
}
`);
  });

  test('hands token, hostname and the rest to downstream resources as references', () => {
    const stack = emptyStack();
    const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
    const device = application.addClientDevice('deploy', { name: 'deploy job' });
    new TerraformOutput(stack, 'all', {
      value: [
        device.id,
        device.clientId,
        device.oneTimeToken!,
        device.hostname,
        device.createdAt,
        device.tokenExpiresAt,
        device.accessExpiresAt,
        application.id,
        application.createdAt,
      ],
    });
    expect(synth(stack).output.all!.value).toMatchInlineSnapshot(`
[
  "\${ksm_client_device.payments_deploy_31BDA616.id}",
  "\${ksm_client_device.payments_deploy_31BDA616.client_id}",
  "\${ksm_client_device.payments_deploy_31BDA616.one_time_token}",
  "\${ksm_client_device.payments_deploy_31BDA616.hostname}",
  "\${ksm_client_device.payments_deploy_31BDA616.created_at}",
  "\${ksm_client_device.payments_deploy_31BDA616.token_expires_at}",
  "\${ksm_client_device.payments_deploy_31BDA616.access_expires_at}",
  "\${ksm_application.payments_5AA7C358.id}",
  "\${ksm_application.payments_5AA7C358.created_at}",
]
`);
  });

  test('exports its token as an output of the stack that is sensitive', () => {
    const stack = emptyStack();
    const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
    application.addClientDevice('deploy', { name: 'deploy job' }).exportToken('deploy_token');
    expect(synth(stack).output).toMatchInlineSnapshot(`
{
  "deploy_token": {
    "description": "One-time token of ci/payments/deploy",
    "sensitive": true,
    "value": "\${ksm_client_device.payments_deploy_31BDA616.one_time_token}",
  },
}
`);
  });

  test('may stand in another stack than its application', () => {
    const app = newApp();
    const central = new TerraformStack(app, 'central');
    const team = new TerraformStack(app, 'team');
    new KsmProvider(central, 'ksm');
    new KsmProvider(team, 'ksm');
    const application = new KsmApplication(central, 'payments', { name: 'Payments' });
    new ClientDevice(team, 'deploy', { application, name: 'deploy job' });
    app.synth();
    expect(blocks(team, 'ksm_client_device')[0]!.application_id).toMatch(/^\$\{data\.terraform_remote_state\./);
  });

  test.each([
    [{ tokenExpiresInMinutes: 0 }, 'tokenExpiresInMinutes is 0. Expected a whole number from 1 to 1440.'],
    [{ tokenExpiresInMinutes: 1441 }, 'tokenExpiresInMinutes is 1441. Expected a whole number from 1 to 1440.'],
    [{ tokenExpiresInMinutes: 1.5 }, 'tokenExpiresInMinutes is 1.5. Expected a whole number from 1 to 1440.'],
    [{ tokenExpiresInMinutes: Number.NaN }, 'tokenExpiresInMinutes is NaN. Expected a whole number from 1 to 1440.'],
    [{ accessExpiresInMinutes: 0 }, 'accessExpiresInMinutes is 0. Expected a whole number from 1 to 52560000.'],
    [{ initialization: 'file' }, 'initialization is "file". Expected "token" or "config".'],
    [{ reissue: 'always' }, 'reissue is "always". Expected "unredeemed" or "expired" or "never".'],
    [
      { initialization: 'config' },
      'initialization is "config" and ipLock is true. Expected ipLock: false, since a configuration is bound from the address of the service.',
    ],
    [
      { sealToPublicKey: 'abc' },
      'sealToPublicKey is "abc". Expected a Curve25519 public key: 32 bytes in base64, 44 characters with the = at the end.',
    ],
    [{ name: '' }, 'name is "". Expected 1 to 255 characters without control characters.'],
    [
      { name: '\n', tokenExpiresInMinutes: -1 },
      'name is "\\n", with a control character at position 0. Expected 1 to 255 characters without control ' +
        'characters. tokenExpiresInMinutes is -1. Expected a whole number from 1 to 1440.',
    ],
  ])('refuses %j and names the construct, the value and what is expected', (wrong, message) => {
    const stack = emptyStack();
    const application = KsmApplication.fromUid(stack, 'payments', APPLICATION_UID);
    expect(() => application.addClientDevice('deploy', { name: 'deploy job', ...wrong })).toThrow(
      new Error(`ClientDevice 'ci/payments/deploy': ${message}`),
    );
  });

  test.each([[1], [1440]])('takes a token that lives %i minutes', (tokenExpiresInMinutes) => {
    const application = KsmApplication.fromUid(emptyStack(), 'payments', APPLICATION_UID);
    expect(() => application.addClientDevice('deploy', { name: 'deploy', tokenExpiresInMinutes })).not.toThrow();
  });

  test('does not judge a lock and a key that are known only when Terraform runs', () => {
    const stack = emptyStack();
    const application = KsmApplication.fromUid(stack, 'payments', APPLICATION_UID);
    const [lock, key] = ['lock', 'key'].map((id) => new TerraformVariable(stack, id, {}));
    application.addClientDevice('deploy', {
      name: 'deploy',
      initialization: 'config',
      ipLock: lock!.booleanValue as never,
      sealToPublicKey: key!.stringValue,
    });
    expect(blocks(stack, 'ksm_client_device')).toMatchObject([
      { ip_lock: '${var.lock}', seal_to_public_key: '${var.key}' },
    ]);
  });

  test('does not judge numbers that are known only when Terraform runs', () => {
    const stack = emptyStack();
    const minutes = new TerraformVariable(stack, 'minutes', { type: 'number' });
    KsmApplication.fromUid(stack, 'payments', APPLICATION_UID).addClientDevice('deploy', {
      name: 'deploy',
      tokenExpiresInMinutes: minutes.numberValue,
    });
    expect(Testing.synth(stack)).toHaveResourceWithProperties(bindings.ClientDevice, {
      token_expires_in_minutes: '${var.minutes}',
    });
  });
});
