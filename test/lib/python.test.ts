/** The constructs from Python: the package is built as for PyPI, and test/lib/python is run on it by pytest. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A Python with test/lib/python/requirements.txt installed. */
const PYTHON = process.env.KSM_IAC_TEST_CDKTF_PYTHON;
const root = resolve(__dirname, '../..');

if (!PYTHON) {
  test.skip('the constructs from Python: install test/lib/python/requirements.txt and name that Python in KSM_IAC_TEST_CDKTF_PYTHON to run this', () => {});
} else {
  test('the constructs from Python', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ksm-python-'));
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
      PYTHONDONTWRITEBYTECODE: '1',
    };
    try {
      const bin = (name: string) => join(root, 'node_modules/.bin', name);
      execFileSync(bin('projen'), ['compile'], { cwd: root, env, stdio: 'pipe' });
      execFileSync(bin('jsii-pacmak'), ['--targets', 'python', '--outdir', folder], { cwd: root, env, stdio: 'pipe' });
      const wheel = readdirSync(join(folder, 'python')).find((name) => name.endsWith('.whl'))!;
      const site = join(folder, 'site');
      const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--disable-pip-version-check', '--target', site];
      execFileSync(PYTHON, [...pip, join(folder, 'python', wheel)], { env, stdio: 'pipe' });
      const { status, stdout, stderr } = spawnSync(
        PYTHON,
        ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', join(root, 'test/lib/python'), join(root, 'examples/testing')],
        { cwd: folder, encoding: 'utf8', env: { ...env, PYTHONPATH: site } },
      );
      if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
      expect(stdout).toMatch(/\d+ passed/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 240_000);
}
