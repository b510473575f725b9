import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCli } from '../support/cli';

const page = readFileSync(join(resolve(__dirname, '../..'), 'docs/cli.md'), 'utf8');
const rows = [...page.matchAll(/^\| `ksm-iac ([a-z ]+)` \| (.*) \|$/gm)].map(([, name, text]) => ({
  name: name!,
  text: text!,
}));

test('docs/cli.md names every command that --help shows', async () => {
  const { stdout } = await runCli(['--help']);
  const commands = stdout.slice(stdout.indexOf('Commands:'), stdout.indexOf('Exit codes')).match(/^ {2}[a-z]+/gm) ?? [];
  const shown = commands.map((name) => name.trim()).filter((name) => name !== 'help');
  expect(shown.length).toBeGreaterThan(5);
  expect([...new Set(rows.map(({ name }) => name.split(' ')[0]))].sort()).toEqual(shown.sort());
});

test.each(rows)('$name has the options that docs/cli.md names', async ({ name, text }) => {
  const { code, stdout } = await runCli([...name.split(' '), '--help']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`Usage: ksm-iac ${name}`) });
  for (const [option] of text.matchAll(/--[a-z]+/g)) expect(stdout).toContain(option);
});
