import { NullProvider } from '@cdktf/provider-null/lib/provider';
import type { TerraformStack } from 'cdktf';
import { GatewayInstallation, type GatewayInstallationProps, type GatewayOptions, KsmApplication } from 'cdktf-ksm';
import { Construct } from 'constructs';
import { APPLICATION_UID, blocks, emptyStack, SEAL_KEY, synth } from './private/stack';

function parts(options: Partial<GatewayOptions> = {}) {
  const stack = emptyStack();
  const application = KsmApplication.fromUid(stack, 'payments', APPLICATION_UID);
  const gateway = application.addGateway('gw', { name: 'gw', ...options });
  const install = (props: Partial<GatewayInstallationProps> = {}, id = 'installation') =>
    new GatewayInstallation(stack, id, { gateway, ...props });
  return { stack, application, gateway, install };
}
const connection = { type: 'ssh', host: 'gw-1.example.com', user: 'admin', hostKey: 'ssh-ed25519 AAAA' } as const;
const SECRETS = /one_time_token|\.config}/;

function provisioners(stack: TerraformStack): Record<string, Record<string, unknown>>[] {
  return blocks(stack, 'null_resource')[0]!.provisioner as never;
}

describe('GatewayInstallation', () => {
  test('is a null_resource that is made anew with the gateway alone, with the token in the environment', () => {
    const { stack, install } = parts();
    install({ autoUpdate: true });
    expect(blocks(stack, 'null_resource')).toMatchInlineSnapshot(`
[
  {
    "provisioner": [
      {
        "local-exec": {
          "command": "set -o pipefail
( curl -fsSL https://keepersecurity.com/pam/install | sudo bash -s -- --token "$KSM_GATEWAY_TOKEN" --autoupdate ) 2>&1 | awk '
  BEGIN { secret = ENVIRON["KSM_GATEWAY_TOKEN"] }
  {
    line = ""
    while (secret != "" && (at = index($0, secret)) > 0) {
      line = line substr($0, 1, at - 1) "<one-time token>"
      $0 = substr($0, at + length(secret))
    }
    print line $0
    fflush()
  }'",
          "environment": {
            "KSM_GATEWAY_TOKEN": "\${ksm_gateway.payments_gw_CDD9DA9E.one_time_token}",
            "KSM_IAC_TOKEN": "",
          },
          "interpreter": [
            "bash",
            "-c",
          ],
        },
      },
    ],
    "triggers": {
      "gateway": "\${ksm_gateway.payments_gw_CDD9DA9E.id}",
    },
  },
]
`);
  });

  test('over ssh hands the token over in a private file that is gone before the installer starts', () => {
    const { stack, install } = parts();
    install({ connection });
    expect(blocks(stack, 'null_resource')).toMatchInlineSnapshot(`
[
  {
    "connection": {
      "host": "gw-1.example.com",
      "host_key": "ssh-ed25519 AAAA",
      "type": "ssh",
      "user": "admin",
    },
    "provisioner": [
      {
        "remote-exec": {
          "inline": [
            "rm -rf /tmp/ksm-gateway-c87f0efcf528666e666523b48eb2ba607db79c9e0c && mkdir -m 700 /tmp/ksm-gateway-c87f0efcf528666e666523b48eb2ba607db79c9e0c",
          ],
        },
      },
      {
        "file": {
          "content": "\${ksm_gateway.payments_gw_CDD9DA9E.one_time_token}",
          "destination": "/tmp/ksm-gateway-c87f0efcf528666e666523b48eb2ba607db79c9e0c/credential",
        },
      },
      {
        "remote-exec": {
          "inline": [
            "#!/bin/bash",
            "set -o pipefail",
            "KSM_GATEWAY_TOKEN=$(cat /tmp/ksm-gateway-c87f0efcf528666e666523b48eb2ba607db79c9e0c/credential)",
            "export KSM_GATEWAY_TOKEN",
            "rm -rf /tmp/ksm-gateway-c87f0efcf528666e666523b48eb2ba607db79c9e0c",
            "( curl -fsSL https://keepersecurity.com/pam/install | sudo bash -s -- --token "$KSM_GATEWAY_TOKEN" ) 2>&1 | awk '",
            "  BEGIN { secret = ENVIRON["KSM_GATEWAY_TOKEN"] }",
            "  {",
            "    line = """,
            "    while (secret != "" && (at = index($0, secret)) > 0) {",
            "      line = line substr($0, 1, at - 1) "<one-time token>"",
            "      $0 = substr($0, at + length(secret))",
            "    }",
            "    print line $0",
            "    fflush()",
            "  }'",
          ],
        },
      },
    ],
    "triggers": {
      "gateway": "\${ksm_gateway.payments_gw_CDD9DA9E.id}",
    },
  },
]
`);
  });

  test.each([
    ['linux', {}],
    ['windows', {}],
    ['docker', { initialization: 'config' }],
  ] as const)('on %s: no command holds the credential', (platform, options) => {
    const { stack, install } = parts(options);
    install({ platform });
    const [local] = provisioners(stack);
    const { environment, ...rest } = local!['local-exec']!;
    expect(JSON.stringify(rest)).not.toMatch(SECRETS);
    expect(JSON.stringify(environment)).toMatch(SECRETS);
    expect(String(rest.command)).toContain(platform === 'docker' ? 'docker run' : 'KSM_GATEWAY_TOKEN');
  });

  test('on Windows and in Docker it runs their commands', () => {
    const { stack, install } = parts();
    install({ platform: 'windows' });
    expect(provisioners(stack)[0]!['local-exec']).toMatchInlineSnapshot(`
{
  "command": "$global:LASTEXITCODE = 0
& { .\\keeper-gateway_windows_x86_64.exe /verysilent /suppressmsgboxes /norestart /token=$env:KSM_GATEWAY_TOKEN } 2>&1 | ForEach-Object { "$_".Replace($env:KSM_GATEWAY_TOKEN, '<one-time token>') }
exit $LASTEXITCODE",
  "environment": {
    "KSM_GATEWAY_TOKEN": "\${ksm_gateway.payments_gw_CDD9DA9E.one_time_token}",
    "KSM_IAC_TOKEN": "",
  },
  "interpreter": [
    "powershell",
    "-NoProfile",
    "-Command",
  ],
}
`);
    const { stack: other, install: run } = parts({ initialization: 'config' });
    run({ platform: 'docker' });
    expect(provisioners(other)[0]!['local-exec']!.command).toMatch(
      /^set -o pipefail\n\( GATEWAY_CONFIG="\$KSM_GATEWAY_CONFIG" docker run .* keeper\/gateway:latest \) 2>&1 \| awk '/,
    );
  });

  test('takes a command of your own as the shell has it', () => {
    const { stack, install } = parts();
    install({ command: 'install --token-file <(echo "${KSM_GATEWAY_TOKEN}")' });
    expect(provisioners(stack)[0]!['local-exec']!.command).toContain(
      '( install --token-file <(echo "$${KSM_GATEWAY_TOKEN}") )',
    );
  });

  describe('the provider null', () => {
    const nulls = (stack: TerraformStack) => synth(stack).provider.null;

    test('is added once for several installations', () => {
      const { stack, install } = parts();
      install();
      install({}, 'second');
      expect(nulls(stack)).toHaveLength(1);
      expect(synth(stack).terraform.required_providers).toMatchObject({ null: { source: 'null' } });
    });

    test('is the one of the stack, wherever it is declared', () => {
      const { stack, install } = parts();
      install();
      new NullProvider(new Construct(stack, 'deep'), 'null');
      expect(nulls(stack)).toHaveLength(1);
    });

    test('can be named', () => {
      const { stack, install } = parts();
      const provider = new NullProvider(stack, 'null', { alias: 'hosts' });
      install({ provider });
      expect(nulls(stack)).toEqual([{ alias: 'hosts' }]);
      expect(blocks(stack, 'null_resource')).toMatchObject([{ provider: 'null.hosts' }]);
    });
  });

  test('waits for its host, by either way', () => {
    const { stack, install } = parts();
    const [host, other] = ['host', 'other'].map((name) => new KsmApplication(stack, name, { name }));
    install({ dependsOn: [host!] }).node.addDependency(other!);
    expect(blocks(stack, 'null_resource')).toMatchObject([
      {
        depends_on: [
          expect.stringMatching(/^ksm_application\.host_/),
          expect.stringMatching(/^ksm_application\.other_/),
        ],
      },
    ]);
  });

  test('is told from other constructs, also those of another copy', () => {
    const { install, stack } = parts();
    expect([install(), stack, undefined].map((x) => GatewayInstallation.isGatewayInstallation(x))).toEqual([
      true,
      false,
      false,
    ]);
  });

  test.each<[Partial<GatewayInstallationProps>, Partial<GatewayOptions>, string]>([
    [{ platform: 'macos' }, {}, 'platform is "macos". Expected "linux" or "windows" or "docker".'],
    [{ gateway: 'gw' as never }, {}, 'gateway is "gw". Expected a Gateway.'],
    [{ platform: 'docker' }, {}, 'platform is "docker". Expected a gateway of initialization: "config"'],
    [{}, { initialization: 'config' }, 'platform is "linux". Expected a gateway of initialization: "token"'],
    [{}, { sealToPublicKey: SEAL_KEY }, 'gateway is sealed, so that no host can be given its token.'],
    [{ platform: 'windows', connection }, {}, 'Windows is not installed over ssh.'],
    [{ connection: { ...connection, type: 'winrm' as never } }, {}, 'connection.type is "winrm". Expected "ssh".'],
    [
      { connection: { ...connection, host_key: 'x' } as never },
      {},
      '"host_key" is no property of connection. Did you mean hostKey?',
    ],
    [{ command: ' ' }, {}, 'command is " ". Expected a command, or none for Keeper\'s.'],
    [{ command: 'x', autoUpdate: true }, {}, 'autoUpdate is true, and command is your own.'],
    [{ platform: 'docker', autoUpdate: true }, { initialization: 'config' }, 'a container does not update itself'],
    [{ triggers: {} } as never, {}, '"triggers" is no property of it.'],
  ])('%j of a gateway %j is refused', (props, options, message) => {
    const { install } = parts(options);
    expect(() => install(props)).toThrow(message);
  });
});

test('where the bindings of hashicorp/null are not installed, what to install is said', () => {
  // The flavour for CDK Terrain has them itself.
  const range = jest.requireActual('../../package.json').peerDependencies['@cdktf/provider-null'] ?? '';
  jest.isolateModules(() => {
    jest.doMock('@cdktf/provider-null/lib/provider', () => {
      throw Object.assign(new Error("Cannot find module '@cdktf/provider-null/lib/provider'"), {
        code: 'MODULE_NOT_FOUND',
      });
    });
    const { nullBindings } = require('../../lib/private/null-provider');
    expect(() => nullBindings()).toThrow(
      `GatewayInstallation needs the package @cdktf/provider-null, which is not installed. Run npm install "@cdktf/provider-null@${range}`,
    );
  });
});
