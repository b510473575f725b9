/**
 * A deployment pipeline gets access to its secrets: an application, what it
 * may read, a device whose one-time token the pipeline redeems in the same
 * apply, and a Keeper Gateway. README.md says how to run it.
 */
import { join } from 'node:path';
import { App, DataResource, LocalBackend, TerraformOutput, TerraformStack } from 'cdktf';
import { GatewayPlatform, KsmApplication, KsmProvider, KsmService, SharedFolder, VaultRecord } from 'cdktf-ksm';

/** UIDs of vault.json, unless the environment names those of another vault. */
const FOLDER_UID = process.env.CI_PIPELINE_FOLDER_UID ?? 'nu0VapSH89AWjZ1uWqY6qA';
const RECORD_UID = process.env.CI_PIPELINE_RECORD_UID ?? 'SrqjpV_9G5MasxpSe1OVcg';

const app = new App();
const stack = new TerraformStack(app, 'ci-pipeline');

// Beside the configuration, in Terraform's working directory. The token is in it: a real pipeline keeps its state in
// an encrypted backend that few may read.
new LocalBackend(stack, { path: 'terraform.tfstate' });

// Endpoint, API token and CA come from KSM_IAC_ENDPOINT, KSM_IAC_TOKEN and KSM_IAC_CA_CERTIFICATE_FILE.
new KsmProvider(stack, 'ksm');

const application = new KsmApplication(stack, 'pipeline', { name: 'CI pipeline' });

// The gateway works in the folder, for which Keeper wants edit rights.
SharedFolder.fromUid(stack, 'deployment', FOLDER_UID).grantEdit(application);
VaultRecord.fromUid(stack, 'signing-key', RECORD_UID).grantRead(application);

const device = application.addClientDevice('deploy', { name: 'deploy job', tokenExpiresInMinutes: 15 });
const gateway = application.addGateway('datacenter', { name: 'datacenter gateway' });

// Stands for whatever installs the credential where it is used. It gets the token, and what it takes to redeem it, by
// its environment, which is in no state; the API token of Terraform is blank in it. Its trigger is the device's id,
// since a trigger would show a secret.
new DataResource(stack, 'consumer', {
  triggersReplace: { device: device.id },
  provisioners: [
    {
      type: 'local-exec',
      interpreter: ['node'],
      command: join(__dirname, 'redeem.mjs'),
      environment: {
        ...device.installerEnvironment(new KsmService(stack, 'service')),
        DEVICE_CONFIG_FILE: process.env.CI_PIPELINE_DEVICE_CONFIG_FILE ?? 'device-config.json',
      },
    },
  ],
});

new TerraformOutput(stack, 'application_id', { value: application.id });
new TerraformOutput(stack, 'gateway_install_command', {
  value: gateway.installCommand(GatewayPlatform.LINUX),
  sensitive: true,
});

app.synth();
