/**
 * One synthesis in a process of its own: `synthesis.ts KIND DEVICES`, KIND being `constructs`, `checked`, `bindings` or
 * `json`. One application, three grants, devices that wait for them. Prints milliseconds and the peak of memory as JSON.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { bindings, KsmApplication, KsmChecks, KsmProvider, SharedFolder } from 'cdktf-ksm';

const FOLDERS = ['gM3FYZ7dVtnT2aAyDEx1dg', 'hN4GZa8eWuoU3bBzEFy2eg', 'iO5HAb9fXvpV4cCaFGz3fg'];
const [kind = '', count = ''] = process.argv.slice(2);
const devices = Number(count);

function withConstructs(stack: TerraformStack): void {
  new KsmProvider(stack, 'ksm');
  const application = new KsmApplication(stack, 'application', { name: 'bench' });
  FOLDERS.forEach((uid, i) => {
    SharedFolder.fromUid(stack, `folder-${i}`, uid).grantRead(application);
  });
  for (let n = 0; n < devices; n++) {
    application.addClientDevice(`device-${n}`, { name: `device ${n}`, tokenExpiresInMinutes: 30 });
  }
}

/** As somebody who knows cdktf would write it: the application's id is read once. */
function withBindings(stack: TerraformStack): void {
  new bindings.KsmProvider(stack, 'ksm');
  const application = new bindings.Application(stack, 'application', { name: 'bench' });
  const applicationId = application.id;
  const dependsOn = FOLDERS.map(
    (folderUid, i) => new bindings.SharedFolderGrant(stack, `grant-${i}`, { applicationId, folderUid }),
  );
  for (let n = 0; n < devices; n++) {
    new bindings.ClientDevice(stack, `device-${n}`, {
      applicationId,
      name: `device ${n}`,
      tokenExpiresInMinutes: 30,
      dependsOn,
    });
  }
}

function asJson(outdir: string): void {
  const application_id = '${ksm_application.application.id}';
  const depends_on = FOLDERS.map((_, i) => `ksm_shared_folder_grant.grant-${i}`);
  const named = <T>(length: number, name: string, block: (n: number) => T) =>
    Object.fromEntries(Array.from({ length }, (_, n) => [`${name}-${n}`, block(n)]));
  const resource = {
    ksm_application: { application: { name: 'bench' } },
    ksm_shared_folder_grant: named(FOLDERS.length, 'grant', (n) => ({ application_id, folder_uid: FOLDERS[n] })),
    ksm_client_device: named(devices, 'device', (n) => ({
      application_id,
      name: `device ${n}`,
      token_expires_in_minutes: 30,
      depends_on,
    })),
  };
  writeFileSync(join(outdir, 'cdk.tf.json'), JSON.stringify({ provider: { ksm: [{}] }, resource }, null, 2));
}

const outdir = mkdtempSync(join(tmpdir(), 'ksm-iac-bench-'));
try {
  const started = process.hrtime.bigint();
  if (kind === 'json') asJson(outdir);
  else {
    const app = new App({ outdir });
    const stack = new TerraformStack(app, 'bench');
    if (kind === 'bindings') withBindings(stack);
    else withConstructs(stack);
    if (kind === 'checked') KsmChecks.apply(app);
    app.synth();
  }
  const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
  console.log(JSON.stringify({ milliseconds, megabytes: process.resourceUsage().maxRSS / 1024 }));
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
