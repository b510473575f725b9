import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCli } from '../support/cli';

const page = readFileSync(join(resolve(__dirname, '../..'), 'docs/cli.md'), 'utf8');
const rows = [...page.matchAll(/^\| `ksm-iac ([a-z ]+)` \| (.*) \|$/gm)].map(([, name, text]) => ({
  name: name!,
  text: text!,
}));

/** What `--help` lists under this name; of a command without others nothing. */
async function commandsOf(group: readonly string[]): Promise<string[]> {
  const { stdout } = await runCli([...group, '--help']);
  const [, listed = ''] = stdout.split(/^Commands:$/m);
  return [...listed.split('\n\n')[0]!.matchAll(/^ {2}([a-z]+)/gm)]
    .map(([, name]) => name!)
    .filter((name) => name !== 'help');
}

test('docs/cli.md names every command that --help shows, and every one below it', async () => {
  const shown: string[] = [];
  for (const name of await commandsOf([])) {
    const below = await commandsOf([name]);
    shown.push(...(below.length > 0 ? below.map((one) => `${name} ${one}`) : [name]));
  }
  expect(shown.length).toBeGreaterThan(20);
  expect(rows.map(({ name }) => name).sort()).toEqual(shown.sort());
});

test.each(rows)('$name has the options that docs/cli.md names', async ({ name, text }) => {
  const { code, stdout } = await runCli([...name.split(' '), '--help']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`Usage: ksm-iac ${name}`) });
  for (const [option] of text.matchAll(/--[a-z-]+/g)) expect(stdout).toContain(option);
});
