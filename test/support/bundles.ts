/** The built command and provider, as a user has them. */
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

let bundles: { cli: string; provider: string } | undefined;

/** Builds them when a source changed since (`npm test` has done so already). */
export function ensureBundles(): { cli: string; provider: string } {
  bundles ??= build();
  return bundles;
}

function build() {
  const script = `import('./scripts/setup.mjs').then((setup) => setup.ensureBundled())`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, stdio: ['ignore', 2, 2] });
  return { cli: join(root, 'dist/bin/ksm-iac.cjs'), provider: join(root, 'dist/bin/terraform-provider-ksm.cjs') };
}
