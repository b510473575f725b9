/**
 * A gateway and its installation. Without GATEWAY_HOST it is installed where Terraform runs; with it, over ssh, as
 * GATEWAY_USER with the key in TF_VAR_ssh_key, on a host whose key is GATEWAY_HOST_KEY.
 */
import { App, type SSHProvisionerConnection, TerraformOutput, TerraformStack, TerraformVariable } from 'cdktf';
import { GatewayInstallation, KsmApplication, KsmProvider, SharedFolder } from 'cdktf-ksm';

const FOLDER_UID = process.env.FOLDER_UID ?? 'nu0VapSH89AWjZ1uWqY6qA';
const { GATEWAY_HOST: host, GATEWAY_USER: user, GATEWAY_HOST_KEY: hostKey } = process.env;

const app = new App();
const stack = new TerraformStack(app, 'gateway');
new KsmProvider(stack, 'ksm');

// What the gateway may edit, every device of its application may, too: so it has one of its own.
const application = new KsmApplication(stack, 'datacenter', { name: 'Data center' });
SharedFolder.fromUid(stack, 'machines', FOLDER_UID).grantEdit(application);

// A new host needs a new token.
const rotationTriggers = { host: host ?? 'this machine' };
const gateway = application.addGateway('gateway', { name: 'datacenter', rotationTriggers });
new GatewayInstallation(stack, 'installation', { gateway, connection: connection() });
new TerraformOutput(stack, 'upgrade', { value: gateway.upgradeCommand('linux') });

app.synth();

function connection(): SSHProvisionerConnection | undefined {
  if (host === undefined) return undefined;
  const privateKey = new TerraformVariable(stack, 'ssh_key', { type: 'string', sensitive: true }).stringValue;
  return { type: 'ssh', host, user, hostKey, privateKey };
}
