/**
 * `npm test`: sets itself up and runs every suite. Arguments go to jest
 * (`npm test -- test/provider`). Ends with `N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBundled, ensureCdktn, ensureCompiled, ensureInstalled, root } from './setup.mjs';

ensureInstalled();
ensureBundled();
ensureCompiled();
if (process.env.KSM_IAC_TEST_CDKTN) ensureCdktn();

const folder = mkdtempSync(join(tmpdir(), 'ksm-iac-test-'));
const report = join(folder, 'report.json');
const jest = join(root, 'node_modules/jest/bin/jest.js');
// A handle that some suite has left open must not hold up whoever waits for the exit code.
const reporters = ['default', join(root, 'scripts/test-progress.mjs')].map((name) => `--reporters=${name}`);
// Before other options: what follows them would be taken for one more.
const options = [...reporters, '--json', `--outputFile=${report}`, '--forceExit'];
const result = spawnSync(process.execPath, [jest, ...options, ...process.argv.slice(2)], {
  cwd: root,
  // stdout would be the JSON report a second time.
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
});

let exitCode = result.status ?? 1;
try {
  const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  for (const suite of testResults) {
    for (const test of suite.assertionResults) {
      if (test.status === 'pending') console.log(`skipped: ${test.fullName}`);
    }
  }
  if (numPassedTests === 0) exitCode = 1;
  console.log(
    `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed, ${numPendingTests} skipped`,
  );
} catch {
  console.log('jest wrote no report');
  exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(exitCode);
