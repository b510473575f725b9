/** The built command and provider, as a user has them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { unpackExecutable } from '../../scripts/release/executable';

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
  const draft = mkdtempSync(join(root, 'dist/.executable-'));
  const program = unpackExecutable(archives, draft);
  const folder = join(root, 'dist/test-executable');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, basename(program));
  // By a rename: another worker may be starting it.
  renameSync(program, path);
  rmSync(draft, { recursive: true });
  return path;
}
