import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureBundles } from '../support/bundles';
import { Running } from '../support/process';
import { describeWithTools } from '../support/terraform';

const root = resolve(__dirname, '../..');
const commands = [
  ...readFileSync(join(root, 'examples/ci-pipeline/README.md'), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g),
].map(([, block]) => block!);

/** In a folder that looks like the root of the repository, so that nobody's own cdktf.out is touched. */
function fakeRoot(): string {
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  for (const name of ['dist', 'examples', 'lib', 'node_modules', 'package.json', 'tsconfig.dev.json']) {
    symlinkSync(join(root, name), join(folder, name));
  }
  return folder;
}

describeWithTools('examples/ci-pipeline/README.md', (tool) => {
  test('has commands that do what it says, typed one after the other', async () => {
    ensureBundles();
    const folder = fakeRoot();
    try {
      const [dev, ...inside] = commands;
      expect(dev).toMatch(/^node dist\/bin\/ksm-iac\.cjs dev .* -- bash\n$/);
      const typed = inside.join('').replace(/^terraform (\w+)$/gm, (_, verb) => {
        return `${tool} ${verb} -no-color${/apply|destroy/.test(verb) ? ' -auto-approve' : ''}; echo "${verb}: $?"`;
      });
      writeFileSync(join(folder, 'typed.sh'), `${typed}echo "last: $?"\n`);
      const { NODE_EXTRA_CA_CERTS: _, TF_CLI_CONFIG_FILE: __, ...env } = process.env;
      const { stdout, stderr } = await new Running('bash', ['-c', `${dev!.trim()} typed.sh`], {
        cwd: folder,
        env: { ...env, HOME: folder },
      }).ended;
      expect(stdout.match(/^\w+: \d+$/gm)).toEqual(['init: 0', 'apply: 0', 'plan: 0', 'destroy: 0', 'last: 1']);
      expect(stdout).toContain('Application "CI pipeline": 3 secret(s)');
      expect(stdout).toContain('No changes.');
      expect(stdout).not.toContain('Payroll');
      expect(stderr).toContain('access_denied');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
