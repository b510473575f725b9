/**
 * An application that was made by hand comes under Terraform, with the device that reads it: nobody gets a new token.
 * APPLICATION_UID is what `ksm-iac application list` prints; the names are those that they have. Once applied, the two
 * calls of importFrom can go.
 */
import { App, TerraformStack } from 'cdktf';
import { KsmApplication, KsmProvider, SharedFolder } from 'cdktf-ksm';

const APPLICATION_UID = process.env.APPLICATION_UID ?? 'bKMRbxBRwzBdqsBDNa1fnQ';
const FOLDER_UID = process.env.FOLDER_UID ?? 'nu0VapSH89AWjZ1uWqY6qA';

const app = new App();
const stack = new TerraformStack(app, 'adopting');
new KsmProvider(stack, 'ksm');

// What would replace one of them, such as an ipLock that differs, is an error and no new token.
const lifecycle = { preventDestroy: true };
const application = new KsmApplication(stack, 'payments', { name: 'Payments', lifecycle });
application.importFrom(APPLICATION_UID);
// A grant that exists is adopted by declaring it.
SharedFolder.fromUid(stack, 'deployment', FOLDER_UID).grantRead(application);
const server = application.addClientDevice('server', { name: 'payments server', lifecycle });
server.importFrom(`${APPLICATION_UID}/name=payments server`);

app.synth();
