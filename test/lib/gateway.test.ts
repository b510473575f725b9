import { Fn, TerraformOutput } from 'cdktf';
import { Gateway, GatewayPlatform, KsmApplication } from 'cdktf-ksm';
import { APPLICATION_UID, emptyStack, synth } from './private/stack';

describe('Gateway', () => {
  test('carries every property to Terraform, under an address that is a contract', () => {
    const stack = emptyStack();
    const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
    application.addGateway('datacenter', {
      name: 'datacenter gateway',
      initialization: 'token',
      tokenExpiresInMinutes: 120,
      rotationTriggers: { host: 'gw-2' },
    });
    expect(synth(stack).resource.ksm_gateway).toMatchInlineSnapshot(`
{
  "payments_datacenter_F7346D1D": {
    "application_id": "\${ksm_application.payments_5AA7C358.id}",
    "initialization": "token",
    "name": "datacenter gateway",
    "rotation_triggers": {
      "host": "gw-2",
    },
    "token_expires_in_minutes": 120,
  },
}
`);
  });

  test('can be made by itself, for an application that exists already', () => {
    const stack = emptyStack();
    const application = KsmApplication.fromUid(stack, 'payments', APPLICATION_UID);
    new Gateway(stack, 'datacenter', { application, name: 'datacenter gateway' });
    expect(synth(stack).resource.ksm_gateway).toMatchInlineSnapshot(`
{
  "datacenter_62D91473": {
    "application_id": "bKMRbxBRwzBdqsBDNa1fnQ",
    "name": "datacenter gateway",
  },
}
`);
  });

  test('gives the command that installs it, with its token in it', () => {
    const stack = emptyStack();
    const gateway = KsmApplication.fromUid(stack, 'payments', APPLICATION_UID).addGateway('gw', { name: 'gateway' });
    new TerraformOutput(stack, 'commands', {
      sensitive: true,
      value: [
        gateway.installCommand('linux'),
        gateway.installCommand(GatewayPlatform.LINUX, { autoUpdate: true }),
        gateway.installCommand('windows'),
        gateway.installCommand(GatewayPlatform.WINDOWS, { autoUpdate: true }),
      ],
    });
    expect(synth(stack).output.commands!.value).toMatchInlineSnapshot(`
[
  "curl -fsSL https://keepersecurity.com/pam/install | sudo bash -s -- --token \${ksm_gateway.payments_gw_CDD9DA9E.one_time_token}",
  "curl -fsSL https://keepersecurity.com/pam/install | sudo bash -s -- --token \${ksm_gateway.payments_gw_CDD9DA9E.one_time_token} --autoupdate",
  "keeper-gateway_windows_x86_64.exe /verysilent /suppressmsgboxes /norestart /token=\${ksm_gateway.payments_gw_CDD9DA9E.one_time_token}",
  "keeper-gateway_windows_x86_64.exe /verysilent /suppressmsgboxes /norestart /token=\${ksm_gateway.payments_gw_CDD9DA9E.one_time_token} /autoupdate=1",
]
`);
  });

  test('has an install command for the platforms that Keeper has an installer for', () => {
    const gateway = KsmApplication.fromUid(emptyStack(), 'payments', APPLICATION_UID).addGateway('gw', { name: 'gw' });
    expect(() => gateway.installCommand('solaris')).toThrow(
      `Gateway 'ci/payments/gw': there is no install command for the platform "solaris". Expected "linux" or "windows".`,
    );
  });

  test('gives its attributes as references, and its token as a sensitive output', () => {
    const stack = emptyStack();
    const gateway = KsmApplication.fromUid(stack, 'payments', APPLICATION_UID).addGateway('gw', { name: 'gateway' });
    new TerraformOutput(stack, 'all', {
      value: Fn.join(' ', [
        gateway.id,
        gateway.clientId,
        gateway.gatewayUid,
        gateway.hostname,
        gateway.createdAt,
        gateway.tokenExpiresAt,
      ]),
    });
    gateway.exportToken('gateway_token');
    expect(synth(stack).output).toMatchInlineSnapshot(`
{
  "all": {
    "value": "\${join(" ", [ksm_gateway.payments_gw_CDD9DA9E.id, ksm_gateway.payments_gw_CDD9DA9E.client_id, ksm_gateway.payments_gw_CDD9DA9E.gateway_uid, ksm_gateway.payments_gw_CDD9DA9E.hostname, ksm_gateway.payments_gw_CDD9DA9E.created_at, ksm_gateway.payments_gw_CDD9DA9E.token_expires_at])}",
  },
  "gateway_token": {
    "description": "One-time token of ci/payments/gw",
    "sensitive": true,
    "value": "\${ksm_gateway.payments_gw_CDD9DA9E.one_time_token}",
  },
}
`);
  });

  test('refuses wrong properties and says which', () => {
    const application = KsmApplication.fromUid(emptyStack(), 'payments', APPLICATION_UID);
    expect(() => application.addGateway('gw', { name: '\u0000', tokenExpiresInMinutes: 1441 })).toThrow(
      /^Gateway 'ci\/payments\/gw': name is "\\u0000".* tokenExpiresInMinutes is 1441\. Expected .* 1 to 1440\.$/,
    );
  });
});
