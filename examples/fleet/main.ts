/** A fleet of devices from a YAML file: a mistake in it ends the synthesis, with the device's path, the value and the cure. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { type ClientDeviceOptions, KsmApplication, KsmProvider, SharedFolder } from 'cdktf-ksm';
import { parse } from 'yaml';

const FOLDER_UID = process.env.FOLDER_UID ?? 'nu0VapSH89AWjZ1uWqY6qA';
const file = process.env.FLEET_FILE ?? join(__dirname, 'fleet.yaml');
const fleet = parse(readFileSync(file, 'utf8')) as (ClientDeviceOptions & { id: string })[];

const app = new App();
const stack = new TerraformStack(app, 'fleet');
new KsmProvider(stack, 'ksm');
const application = new KsmApplication(stack, 'fleet', { name: 'Fleet' });
SharedFolder.fromUid(stack, 'deployment', FOLDER_UID).grantRead(application);

for (const { id, ...options } of fleet) {
  application.addClientDevice(id, options).exportToken(`${id}_token`);
}

app.synth();
