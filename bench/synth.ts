/**
 * Synthesis of 1,000 devices by the constructs against the same 1,000 by the
 * generated L1 constructs: what the L2 layer costs. Both declare and
 * synthesize one stack, into memory.
 *
 * By itself: `npx tsx --tsconfig tsconfig.dev.json bench/synth.ts [runs]`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerraformStack, Testing } from 'cdktf';
import { bindings, KsmApplication, SharedFolder } from 'cdktf-ksm';
import { type Figure, inTurn, milliseconds, table } from './private/figure';

const DEVICES = 1000;
const FOLDER_UID = 'gM3FYZ7dVtnT2aAyDEx1dg';

export async function benchSynth(runs: number): Promise<Figure[]> {
  process.stderr.write(`synth of ${DEVICES} `);
  // cdktf would leave a folder behind for each app.
  const outdir = mkdtempSync(join(tmpdir(), 'ksm-iac-bench-'));
  try {
    const measured = await inTurn(
      runs,
      () => milliseconds(async () => synth(withConstructs, outdir)),
      () => milliseconds(async () => synth(withBindings, outdir)),
    );
    return [{ name: `synth of ${DEVICES} devices by L2`, baseline: 'the same by L1', unit: 'ms', ...measured }];
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function synth(declare: (stack: TerraformStack) => void, outdir: string): void {
  const stack = new TerraformStack(Testing.app({ outdir }), 'bench');
  declare(stack);
  const devices = Object.keys(JSON.parse(Testing.synth(stack)).resource.ksm_client_device);
  if (devices.length !== DEVICES) throw new Error(`${devices.length} devices were synthesized instead of ${DEVICES}.`);
}

function withConstructs(stack: TerraformStack): void {
  const application = new KsmApplication(stack, 'application', { name: 'bench' });
  SharedFolder.fromUid(stack, 'folder', FOLDER_UID).grantRead(application);
  for (let n = 0; n < DEVICES; n++) {
    application.addClientDevice(`device-${n}`, { name: `device ${n}`, tokenExpiresInMinutes: 30 });
  }
}

/** As somebody who knows cdktf would write it: the application's id is read once. */
function withBindings(stack: TerraformStack): void {
  const application = new bindings.Application(stack, 'application', { name: 'bench' });
  const applicationId = application.id;
  const grant = new bindings.SharedFolderGrant(stack, 'grant', { applicationId, folderUid: FOLDER_UID });
  for (let n = 0; n < DEVICES; n++) {
    new bindings.ClientDevice(stack, `device-${n}`, {
      applicationId,
      name: `device ${n}`,
      tokenExpiresInMinutes: 30,
      dependsOn: [grant],
    });
  }
}

if (require.main === module) {
  void benchSynth(Number(process.argv[2] ?? 9)).then((figures) => console.log(table(figures)));
}
