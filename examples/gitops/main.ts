/**
 * A repository that teams send pull requests to: a file for each team, a stack for each file, and checks that say in the
 * pull request what is wrong. CI synthesizes, uploads `cdktf.out/ksm-checks.sarif` for code scanning, and plans; after the
 * merge it applies. An exception stands in the team's file, with its reason, where the reviewer sees it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { type ClientDeviceOptions, KsmApplication, KsmChecks, KsmProvider, SharedFolder } from 'cdktf-ksm';
import { parse } from 'yaml';

interface Team {
  readonly application: string;
  readonly read: string[];
  readonly devices: (ClientDeviceOptions & { readonly id: string })[];
  readonly accept?: { readonly device: string; readonly rule: string; readonly reason: string }[];
}

const folder = process.env.TEAMS_FOLDER ?? join(__dirname, 'teams');
const app = new App();
// Platform's word: what is a warning elsewhere ends the synthesis here, unless the file says why.
KsmChecks.apply(app, { severities: { 'unlocked-ip': 'error', 'no-access-expiry': 'error', 'edit-grant': 'error' } });

for (const file of readdirSync(folder)) {
  const team = parse(readFileSync(join(folder, file), 'utf8')) as Team;
  const stack = new TerraformStack(app, file.replace('.yaml', ''));
  new KsmProvider(stack, 'ksm');
  const application = new KsmApplication(stack, 'application', { name: team.application });
  for (const uid of team.read) SharedFolder.fromUid(stack, uid, uid).grantRead(application);
  for (const { id, ...options } of team.devices) application.addClientDevice(id, options);
  for (const { device, rule, reason } of team.accept ?? []) {
    KsmChecks.accept(application.node.findChild(device), { rule, reason });
  }
}

app.synth();
