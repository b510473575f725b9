import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseVaultFile } from '../../cli/vault-import';
import { runCli } from '../support/cli';
import { type Ended, Running } from '../support/process';
import { TestService } from '../support/service';
import { testSynthesis } from '../support/terraform';

const root = resolve(__dirname, '../..');
const example = join(root, 'examples/ci-pipeline');
const vault = parseVaultFile(readFileSync(join(example, 'vault.json'), 'utf8'));
const secretValues = [...readFileSync(join(example, 'vault.json'), 'utf8').matchAll(/"password": "([^"]+)"/g)].map(
  ([, value]) => value!,
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ci-pipeline-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('examples/ci-pipeline', () => {
  const synthesize = (env: NodeJS.ProcessEnv = {}) => {
    const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
    execFileSync(process.execPath, [tsx, '--tsconfig', 'tsconfig.dev.json', join(example, 'main.ts')], {
      cwd: root,
      env: { ...process.env, CDKTF_OUTDIR: join(folder, 'out'), ...env },
    });
    return JSON.parse(readFileSync(join(folder, 'out/stacks/ci-pipeline/cdk.tf.json'), 'utf8'));
  };

  testSynthesis('keeps its addresses, its order and what it grants', (tool) => {
    const { data, resource, output, terraform } = synthesize(tool);
    delete resource.terraform_data.consumer.provisioner[0]['local-exec'].command;
    const text = JSON.stringify({ data, resource, output, backend: terraform.backend }, (key, value) =>
      key === '//' ? undefined : value,
    );
    expect(JSON.parse(text)).toMatchInlineSnapshot(`
{
  "backend": {
    "local": {
      "path": "terraform.tfstate",
    },
  },
  "data": {
    "ksm_service": {
      "service_6D174F83": {},
    },
  },
  "output": {
    "application_id": {
      "value": "\${ksm_application.pipeline_DBECAE49.id}",
    },
    "gateway_install_command": {
      "sensitive": true,
      "value": "curl -fsSL https://keepersecurity.com/pam/install | sudo bash -s -- --token \${ksm_gateway.pipeline_datacenter_9EEAAB4A.one_time_token}",
    },
  },
  "resource": {
    "ksm_application": {
      "pipeline_DBECAE49": {
        "name": "CI pipeline",
      },
    },
    "ksm_client_device": {
      "pipeline_deploy_FFDE19BA": {
        "application_id": "\${ksm_application.pipeline_DBECAE49.id}",
        "depends_on": [
          "ksm_shared_folder_grant.pipeline_grant-deployment_0DE21A12",
          "ksm_record_grant.pipeline_grant-signing-key_C09EFF57",
        ],
        "name": "deploy job",
        "token_expires_in_minutes": 15,
      },
    },
    "ksm_gateway": {
      "pipeline_datacenter_9EEAAB4A": {
        "application_id": "\${ksm_application.pipeline_DBECAE49.id}",
        "depends_on": [
          "ksm_shared_folder_grant.pipeline_grant-deployment_0DE21A12",
          "ksm_record_grant.pipeline_grant-signing-key_C09EFF57",
        ],
        "name": "datacenter gateway",
      },
    },
    "ksm_record_grant": {
      "pipeline_grant-signing-key_C09EFF57": {
        "application_id": "\${ksm_application.pipeline_DBECAE49.id}",
        "record_uid": "SrqjpV_9G5MasxpSe1OVcg",
      },
    },
    "ksm_shared_folder_grant": {
      "pipeline_grant-deployment_0DE21A12": {
        "application_id": "\${ksm_application.pipeline_DBECAE49.id}",
        "editable": true,
        "folder_uid": "nu0VapSH89AWjZ1uWqY6qA",
      },
    },
    "terraform_data": {
      "consumer": {
        "provisioner": [
          {
            "local-exec": {
              "environment": {
                "DEVICE_CA_CERTIFICATE": "\${data.ksm_service.service_6D174F83.ca_certificate}",
                "DEVICE_CONFIG_FILE": "device-config.json",
                "DEVICE_HOSTNAME": "\${ksm_client_device.pipeline_deploy_FFDE19BA.hostname}",
                "DEVICE_ONE_TIME_TOKEN": "\${ksm_client_device.pipeline_deploy_FFDE19BA.one_time_token}",
                "DEVICE_SERVER_PUBLIC_KEY": "\${data.ksm_service.service_6D174F83.server_public_key}",
                "DEVICE_SERVER_PUBLIC_KEY_ID": "\${data.ksm_service.service_6D174F83.server_public_key_id}",
                "KSM_IAC_TOKEN": "",
              },
              "interpreter": [
                "node",
              ],
            },
          },
        ],
        "triggers_replace": {
          "device": "\${ksm_client_device.pipeline_deploy_FFDE19BA.id}",
        },
      },
    },
  },
}
`);
  });

  testSynthesis('grants what the environment names instead', (tool) => {
    const { resource } = synthesize({
      ...tool,
      CI_PIPELINE_FOLDER_UID: 'gM3FYZ7dVtnT2aAyDEx1dg',
      CI_PIPELINE_RECORD_UID: '-ABnQNhSzGbAbKPe7Dv0Zw',
    });
    expect(Object.values(resource.ksm_shared_folder_grant)).toMatchObject([{ folder_uid: 'gM3FYZ7dVtnT2aAyDEx1dg' }]);
    expect(Object.values(resource.ksm_record_grant)).toMatchObject([{ record_uid: '-ABnQNhSzGbAbKPe7Dv0Zw' }]);
  });

  test('has a vault file of which nothing is left out, with the secrets that it and the HCL example grant', () => {
    expect(vault.skipped).toEqual([]);
    const uids = [...vault.folders, ...vault.records].map(({ uid }) => uid);
    for (const file of ['ci-pipeline/main.ts', 'hcl/main.tf']) {
      const named = readFileSync(join(root, 'examples', file), 'utf8').match(/(?<=['"])[A-Za-z0-9_-]{22}(?=['"])/g);
      expect(named).toHaveLength(2);
      expect(uids).toEqual(expect.arrayContaining(named!));
    }
  });
});

describe('the consumer of examples/ci-pipeline', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start();
    const imported = await runCli(['vault', 'import', join(example, 'vault.json'), '--data', service.dataDir]);
    expect(imported).toMatchObject({ code: 0 });
  });
  afterAll(() => service.dispose());

  const consume = (env: NodeJS.ProcessEnv): Promise<Ended> =>
    new Running(process.execPath, [join(example, 'redeem.mjs')], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        NODE_EXTRA_CA_CERTS: service.caCertificateFile,
        KSM_IAC_DEVICE_SERVER_PUBLIC_KEY_ID: service.deviceApi.serverPublicKeyId,
        KSM_IAC_DEVICE_SERVER_PUBLIC_KEY: service.deviceApi.serverPublicKey,
        ...env,
      },
    }).ended;

  let applications = 0;
  const newDevice = async () => {
    const client = service.client();
    const { id } = await client.createApplication({ name: `Pipeline ${++applications}` });
    await client.putGrant(id, 'nu0VapSH89AWjZ1uWqY6qA', { editable: false });
    const { oneTimeToken, clientId } = await client.createDevice(id, { name: 'deploy job' });
    const env = { DEVICE_ONE_TIME_TOKEN: oneTimeToken!, DEVICE_HOSTNAME: service.deviceApi.hostname };
    return { env, revoke: () => client.deleteDevice(id, clientId) };
  };

  test('redeems its token, reads what is granted, and prints titles but no secret', async () => {
    const { env, revoke } = await newDevice();
    const first = await consume(env);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('Production database');
    expect(first.stdout).toContain('Container registry');
    expect(first.stdout).not.toContain('Payroll export');
    for (const secret of [...secretValues, env.DEVICE_ONE_TIME_TOKEN]) expect(first.stdout).not.toContain(secret);

    const configuration = statSync(join(folder, 'device-config.json'));
    expect(configuration.mode & 0o777).toBe(0o600);
    expect((await consume({})).stdout).toBe(first.stdout);
    expect((await consume(env)).stdout).toBe(first.stdout);

    await revoke();
    expect(await consume({})).toMatchObject({ code: 1, stderr: expect.stringContaining('access_denied') });
  });

  test('takes what Terraform hands on, with nothing set for Node', async () => {
    const { env } = await newDevice();
    const { serverPublicKeyId, serverPublicKey } = service.deviceApi;
    const DEVICE_CA_CERTIFICATE = readFileSync(service.caCertificateFile, 'utf8');
    const given = {
      ...env,
      NODE_EXTRA_CA_CERTS: '',
      KSM_IAC_DEVICE_SERVER_PUBLIC_KEY_ID: '',
      KSM_IAC_DEVICE_SERVER_PUBLIC_KEY: '',
      DEVICE_SERVER_PUBLIC_KEY_ID: serverPublicKeyId,
      DEVICE_SERVER_PUBLIC_KEY: serverPublicKey,
      DEVICE_CONFIG_FILE: 'handed-on.json',
    };
    expect(await consume(given)).toMatchObject({ code: 1, stderr: expect.stringContaining('certificate') });
    expect(await consume({ ...given, DEVICE_CA_CERTIFICATE })).toMatchObject({ code: 0, stderr: '' });
  });

  test('puts the configuration of a new device in the place of the old one', async () => {
    for (const { env } of [await newDevice(), await newDevice()]) expect(await consume(env)).toMatchObject({ code: 0 });
  });

  test('says what is missing when there is neither a token nor a configuration', async () => {
    const ended = await consume({ DEVICE_CONFIG_FILE: 'none.json' });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toBe(
      'The secrets could not be read: There is no DEVICE_ONE_TIME_TOKEN, and no none.json of an earlier run. Give a token.\n',
    );
  });
});
