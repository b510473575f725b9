/** The built command and provider, as a user has them. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import { thisPlatform } from '../../scripts/release/bases';

const root = resolve(__dirname, '../..');

let bundles: { cli: string; provider: string } | undefined;

/** A folder of release artefacts, whose executable the suites then take in place of the script. */
export const ARCHIVES = process.env.KSM_IAC_TEST_ARCHIVES;

/** Builds them when a source changed since (`npm test` has done so already). */
export function ensureBundles(): { cli: string; provider: string } {
  bundles ??= build();
  return bundles;
}

function build() {
  const script = `import('./scripts/setup.mjs').then((setup) => setup.ensureBundled())`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, stdio: ['ignore', 2, 2] });
  const bin = join(root, 'dist/bin');
  return {
    cli: join(bin, 'ksm-iac.cjs'),
    provider: ARCHIVES ? unpacked(ARCHIVES) : join(bin, 'terraform-provider-ksm.cjs'),
  };
}

/** This machine's executable, alone in its folder. */
function unpacked(archives: string): string {
  const name = readdirSync(archives).find((one) => one.endsWith(`_${thisPlatform()}.zip`))!;
  const files = unzipSync(readFileSync(join(archives, name)));
  const [program] = Object.keys(files).filter((one) => one.startsWith('terraform-provider-ksm_v'));
  const folder = join(root, 'dist/test-executable');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, program!);
  // By a rename: another worker may be starting it.
  const draft = mkdtempSync(join(tmpdir(), 'ksm-executable-'));
  writeFileSync(join(draft, program!), files[program!]!);
  chmodSync(join(draft, program!), 0o755);
  cpSync(join(draft, program!), `${path}.${process.pid}`);
  renameSync(`${path}.${process.pid}`, path);
  rmSync(draft, { recursive: true });
  return path;
}
