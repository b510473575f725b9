/** What downstream resources are given of a device and of a gateway. */
import { TerraformOutput, TerraformVariable } from 'cdktf';
import {
  type ClientDeviceOptions,
  EphemeralClientDevice,
  type EphemeralClientDeviceProps,
  type GatewayOptions,
  GatewayPlatform,
  Initialization,
  KsmApplication,
  KsmFunctions,
  KsmProvider,
  KsmService,
  Reissue,
  SharedFolder,
} from 'cdktf-ksm';
import { gatewayDockerCompose } from '../../provider/resources/functions/gateway-docker-compose';
import { gatewayInstallCommand } from '../../provider/resources/functions/gateway-install-command';
import { APPLICATION_UID, blocks, emptyStack, FOLDER_UID, SEAL_KEY, synth } from './private/stack';
import { output } from './private/text';

const TOKEN = 'A'.repeat(43);

function parts() {
  const stack = emptyStack();
  const application = KsmApplication.fromUid(stack, 'payments', APPLICATION_UID);
  return {
    stack,
    application,
    device: (options: Partial<ClientDeviceOptions> = {}) =>
      application.addClientDevice('d', { name: 'd', ipLock: false, ...options }),
    gateway: (options: Partial<GatewayOptions> = {}) => application.addGateway('g', { name: 'g', ...options }),
  };
}

describe('a configuration', () => {
  const config = { initialization: Initialization.CONFIG };

  test('is given as JSON and as data of a Kubernetes secret', () => {
    const { stack, device, gateway } = parts();
    const [d, g] = [device(config), gateway(config)];
    new TerraformOutput(stack, 'all', {
      sensitive: true,
      value: [d.configJson, d.kubernetesSecretData, g.kubernetesSecretData],
    });
    expect(output(stack, 'all')).toMatchInlineSnapshot(`
[
  "\${base64decode(ksm_client_device.payments_d_6674CE95.config)}",
  {
    "config": "\${base64decode(ksm_client_device.payments_d_6674CE95.config)}",
  },
  {
    "gateway-config": "\${ksm_gateway.payments_g_496BCCED.config}",
  },
]
`);
  });

  test('of a gateway is given as a compose file and as values of the Helm chart', () => {
    const { stack, gateway } = parts();
    const g = gateway(config);
    new TerraformOutput(stack, 'compose', { value: g.dockerCompose(), sensitive: true });
    new TerraformOutput(stack, 'values', { value: g.helmValues(), sensitive: true });
    new TerraformOutput(stack, 'named', { value: g.helmValues({ existingSecret: 'gw' }) });
    expect(output(stack, 'compose')).toBe(
      String(gatewayDockerCompose.call('QUJD')).replace('QUJD', '${ksm_gateway.payments_g_496BCCED.config}'),
    );
    expect(output(stack, 'values')).toMatchInlineSnapshot(`
"gateway:
  acceptEula: "Y"
  config: "\${ksm_gateway.payments_g_496BCCED.config}"
"
`);
    expect(output(stack, 'named')).toMatchInlineSnapshot(`
"gateway:
  acceptEula: "Y"
  existingSecret: "gw"
  existingSecretKey: "gateway-config"
"
`);
    expect(() => g.helmValues({ existingSecret: 'Not a name' })).toThrow('existingSecret is "Not a name"');
  });

  test('is not there with a token, nor when it is sealed', () => {
    const { device, gateway } = parts();
    const d = device();
    expect(() => d.configJson).toThrow('configJson needs a configuration. Expected initialization: "config".');
    expect(() => d.kubernetesSecretData).toThrow('kubernetesSecretData needs a configuration.');
    const g = gateway({ ...config, sealToPublicKey: SEAL_KEY });
    expect(() => g.installCommand('linux')).toThrow(
      'ci/payments/g: installCommand() needs a token. Expected initialization: "token".',
    );
    expect(g.upgradeCommand('linux')).toContain('curl');
    expect(() => g.dockerCompose()).toThrow('dockerCompose() needs a configuration, and it is sealed.');
    expect(() => g.exportToken('t')).toThrow('it has no plain token, since initialization is "config".');
  });
});

describe('the commands of a gateway', () => {
  test.each(['linux', 'windows'])('are those of the provider on %s', (platform) => {
    const { stack, gateway } = parts();
    const g = gateway();
    for (const autoUpdate of [false, true]) {
      new TerraformOutput(stack, `install-${autoUpdate}`, {
        value: g.installCommand(platform, { autoUpdate }),
        sensitive: true,
      });
      expect(output(stack, `install-${autoUpdate}`)).toBe(
        String(gatewayInstallCommand.call(platform, TOKEN, autoUpdate)).replace(
          TOKEN,
          '${ksm_gateway.payments_g_496BCCED.one_time_token}',
        ),
      );
      expect(g.upgradeCommand(platform, { autoUpdate })).toBe(gatewayInstallCommand.call(platform, null, autoUpdate));
    }
  });

  test('hold no secret when they take the token from a variable', () => {
    const { gateway } = parts();
    const g = gateway();
    const tokenVariable = 'KSM_GATEWAY_TOKEN';
    expect([
      g.installCommand(GatewayPlatform.LINUX, { tokenVariable }),
      g.installCommand(GatewayPlatform.WINDOWS, { tokenVariable, autoUpdate: true }),
    ]).toMatchInlineSnapshot(`
[
  "curl -fsSL https://keepersecurity.com/pam/install | sudo bash -s -- --token "$KSM_GATEWAY_TOKEN"",
  "keeper-gateway_windows_x86_64.exe /verysilent /suppressmsgboxes /norestart /token=$env:KSM_GATEWAY_TOKEN /autoupdate=1",
]
`);
    expect(() => g.installCommand('linux', { tokenVariable: 'a b' })).toThrow(
      'tokenVariable is "a b". Expected the name',
    );
    expect(() => g.installCommand('linux', { autoupdate: true } as never)).toThrow(
      '"autoupdate" is no property of it.',
    );
  });

  test('take a token that is sealed from a variable alone', () => {
    const g = parts().gateway({ sealToPublicKey: SEAL_KEY });
    expect(() => g.installCommand('linux')).toThrow(
      'ci/payments/g: installCommand() needs a token, and it is sealed. Use sealedOneTimeToken.',
    );
    expect(g.installCommand('linux', { tokenVariable: 'T' })).toContain('--token "$T"');
  });

  test('know what Docker has instead', () => {
    expect(() => parts().gateway().upgradeCommand('docker')).toThrow(
      'there is no upgrade command for the platform "docker". Expected "linux" or "windows"; for Docker use dockerCompose().',
    );
  });
});

test('one attribute read twice is one token, so that texts compare', () => {
  const g = parts().gateway();
  expect(g.oneTimeToken).toBe(g.oneTimeToken);
  expect(g.installCommand('linux').split(g.oneTimeToken)).toHaveLength(2);
});

describe('rotateWithoutDowntime', () => {
  test('is create_before_destroy, beside the rest of the lifecycle', () => {
    const { stack, device } = parts();
    device({ rotateWithoutDowntime: true, lifecycle: { ignoreChanges: ['name'] }, reissue: Reissue.NEVER });
    expect(blocks(stack, 'ksm_client_device')).toMatchObject([
      { lifecycle: { create_before_destroy: true, ignore_changes: ['name'] }, reissue: 'never' },
    ]);
  });

  test('does not contradict the lifecycle', () => {
    const { device } = parts();
    expect(() => device({ rotateWithoutDowntime: true, lifecycle: { createBeforeDestroy: false } })).toThrow(
      'rotateWithoutDowntime is true and lifecycle.createBeforeDestroy is false. Expected one of them.',
    );
  });
});

test('an ephemeral device stands in an ephemeral block, and its configuration refers to it', () => {
  const { stack, application } = parts();
  new KsmProvider(stack, 'ksm');
  const device = new EphemeralClientDevice(stack, 'run', { application, name: 'run ${x}', onlyAtApply: true });
  new TerraformOutput(stack, 'config', { value: device.config });
  expect((synth(stack) as never as { ephemeral: object }).ephemeral).toMatchObject({
    ksm_client_device: {
      run_5B38375B: { application_id: APPLICATION_UID, name: 'run $${x}', enabled: '${terraform.applying}' },
    },
  });
  expect(output(stack, 'config')).toBe('${ephemeral.ksm_client_device.run_5B38375B.config}');
  expect(() => new EphemeralClientDevice(stack, 'b', { application, name: '', enable: true } as never)).toThrow(
    /"enable" is no property of it\. Did you mean enabled\?.*name is ""/,
  );
});

describe('an ephemeral device', () => {
  const block = (props: Partial<EphemeralClientDeviceProps>) => {
    const { stack, application } = parts();
    new EphemeralClientDevice(stack, 'run', { application, name: 'run', ...props });
    return (synth(stack) as never as { ephemeral: { ksm_client_device: Record<string, object> } }).ephemeral
      .ksm_client_device.run_5B38375B;
  };

  test('hands on whether it is made, and its lock, which it cannot have', () => {
    const { stack } = parts();
    const wanted = new TerraformVariable(stack, 'wanted', { type: 'bool' }).booleanValue;
    expect(block({})).not.toHaveProperty('enabled');
    expect(block({})).not.toHaveProperty('ip_lock');
    expect(block({ enabled: false, ipLock: false })).toMatchObject({ enabled: false, ip_lock: false });
    expect(block({ enabled: wanted })).toMatchObject({ enabled: '${var.wanted}' });
    expect(block({ onlyAtApply: false })).not.toHaveProperty('enabled');
    expect(() => block({ ipLock: true })).toThrow('ipLock is true. Expected false, since the service binds');
    expect(() => block({ enabled: 'no' as never })).toThrow('enabled is "no". Expected true or false.');
  });

  test('is made at a moment that is said in one way', () => {
    expect(() => block({ enabled: true, onlyAtApply: true })).toThrow(
      'enabled is true and onlyAtApply is true. Expected one of them.',
    );
  });
});

describe('an ephemeral device waits', () => {
  function run(props: Partial<EphemeralClientDeviceProps> = {}) {
    const { stack, application } = parts();
    new KsmProvider(stack, 'ksm');
    const device = new EphemeralClientDevice(stack, 'run', { application, name: 'run', ...props });
    const grant = SharedFolder.fromUid(stack, 'secrets', FOLDER_UID).grantRead(application);
    const host = new KsmApplication(stack, 'host', { name: 'Host' });
    const waits = () =>
      (synth(stack) as never as { ephemeral: { ksm_client_device: Record<string, { depends_on?: string[] }> } })
        .ephemeral.ksm_client_device.run_5B38375B!.depends_on;
    return { device, grant, host, waits };
  }
  const [GRANT, HOST] = [
    expect.stringMatching(/^ksm_shared_folder_grant\.payments_grant-secrets_/),
    expect.stringMatching(/^ksm_application\.host_/),
  ];

  test('for the grants of its application, also those declared later, unless afterGrants is false', () => {
    expect(run().waits()).toEqual([GRANT]);
    expect(run({ afterGrants: false }).waits()).toBeUndefined();
  });

  test('for what dependsOn and node.addDependency name', () => {
    const { device, host, waits } = run();
    device.node.addDependency(host);
    expect(waits()).toEqual([GRANT, HOST]);
    const { stack, application } = parts();
    new KsmProvider(stack, 'ksm');
    const dependsOn = [new KsmApplication(stack, 'host', { name: 'Host' })];
    new EphemeralClientDevice(stack, 'run', { application, name: 'run', dependsOn });
    expect(synth(stack)).toMatchObject({ ephemeral: { ksm_client_device: { run_5B38375B: { depends_on: [HOST] } } } });
    expect(() => run({ dependsOn: ['x'] as never })).toThrow('dependsOn.0 is "x".');
  });
});

test('functions of the provider are called by Terraform', () => {
  const { stack, gateway } = parts();
  const { oneTimeToken, config } = gateway();
  new TerraformOutput(stack, 'calls', {
    sensitive: true,
    value: [
      KsmFunctions.parseOneTimeToken(oneTimeToken),
      KsmFunctions.gatewayInstallCommand('linux', oneTimeToken, true),
      KsmFunctions.gatewayInstallCommand('windows'),
      KsmFunctions.gatewayDockerCompose(config),
    ],
  });
  expect(output(stack, 'calls')).toMatchInlineSnapshot(`
[
  "\${provider::ksm::parse_one_time_token(ksm_gateway.payments_g_496BCCED.one_time_token)}",
  "\${provider::ksm::gateway_install_command("linux", ksm_gateway.payments_g_496BCCED.one_time_token, true)}",
  "\${provider::ksm::gateway_install_command("windows", null, false)}",
  "\${provider::ksm::gateway_docker_compose(ksm_gateway.payments_g_496BCCED.config)}",
]
`);
  expect(() => KsmFunctions.gatewayInstallCommand('linux', oneTimeToken, 'no' as never)).toThrow('autoUpdate is "no"');
});

test('the service says what an installer needs beside a token', () => {
  const { stack } = parts();
  const service = new KsmService(stack, 'service');
  new TerraformOutput(stack, 'all', {
    value: [
      service.vaultId,
      service.hostname,
      service.serverPublicKeyId,
      service.serverPublicKey,
      service.caCertificate,
    ],
  });
  expect(output(stack, 'all')).toMatchInlineSnapshot(`
[
  "\${data.ksm_service.service_6D174F83.vault_id}",
  "\${data.ksm_service.service_6D174F83.hostname}",
  "\${data.ksm_service.service_6D174F83.server_public_key_id}",
  "\${data.ksm_service.service_6D174F83.server_public_key}",
  "\${data.ksm_service.service_6D174F83.ca_certificate}",
]
`);
});

describe('the environment of an installer', () => {
  test('has the token, what it takes to redeem it, and no API token', () => {
    const { stack, device } = parts();
    const service = new KsmService(stack, 'service');
    new TerraformOutput(stack, 'environment', { value: device().installerEnvironment(service), sensitive: true });
    expect(output(stack, 'environment')).toMatchInlineSnapshot(`
{
  "DEVICE_CA_CERTIFICATE": "\${data.ksm_service.service_6D174F83.ca_certificate}",
  "DEVICE_HOSTNAME": "\${ksm_client_device.payments_d_6674CE95.hostname}",
  "DEVICE_ONE_TIME_TOKEN": "\${ksm_client_device.payments_d_6674CE95.one_time_token}",
  "DEVICE_SERVER_PUBLIC_KEY": "\${data.ksm_service.service_6D174F83.server_public_key}",
  "DEVICE_SERVER_PUBLIC_KEY_ID": "\${data.ksm_service.service_6D174F83.server_public_key_id}",
  "KSM_IAC_TOKEN": "",
}
`);
  });

  test('is refused of what has no token, of another vault, and of what is no service', () => {
    const { stack, device, application } = parts();
    const service = new KsmService(stack, 'service');
    const configured = device({ initialization: 'config' });
    expect(() => configured.installerEnvironment(service)).toThrow(
      'ci/payments/d: installerEnvironment() needs a token. Expected initialization: "token".',
    );
    const [sealed, plain] = [{ sealToPublicKey: SEAL_KEY }, {}].map((options, i) =>
      application.addClientDevice(`d${i}`, { name: 'd', ...options }),
    );
    expect(() => sealed!.installerEnvironment(service)).toThrow('needs a token, and it is sealed.');
    expect(() => plain!.installerEnvironment('service' as never)).toThrow(
      `ClientDevice 'ci/payments/d1': service is "service". Expected a KsmService.`,
    );
    const provider = new KsmProvider(stack, 'eu', { alias: 'eu' });
    expect(() => plain!.installerEnvironment(new KsmService(stack, 'other', { provider }))).toThrow(
      "service is that of the provider 'ci/eu', and the device is in the vault of the stack's default one. Expected both of one vault.",
    );
  });
});
