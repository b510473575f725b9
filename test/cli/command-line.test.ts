import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../support/cli';

const dir = mkdtempSync(join(tmpdir(), 'ksm-iac-cli-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** No service of the machine's own gets in. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KSM_')));

/** What `--help` lists below `Commands:`, `help` aside. */
const subcommands = (help: string): string[] =>
  (/^Commands:\n((?: {2}.*\n)+)/m.exec(help)?.[1]?.match(/^ {2}[a-z]+/gm) ?? [])
    .map((name) => name.trim())
    .filter((name) => name !== 'help');

test('every command, at any depth, has help with examples that fits a terminal', async () => {
  const seen: string[] = [];
  const walk = async (command: readonly string[]): Promise<void> => {
    const { code, stdout, stderr } = await runCli([...command, '--help'], { env });
    expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: ${['ksm-iac', ...command].join(' ')}`);
    const below = subcommands(stdout);
    if (below.length === 0 || command.length === 0) {
      seen.push(command.join(' '));
      expect({ command, text: stdout }).toEqual({
        command,
        text: expect.stringMatching(/^Examples:\n {2}.*ksm-iac /m),
      });
    }
    const wide = stdout.split('\n').filter((line) => line.length > 80);
    expect({ command, wide }).toEqual({ command, wide: [] });
    for (const name of below) await walk([...command, name]);
  };
  await walk([]);
  expect(seen.length).toBeGreaterThan(15);
});

test('help of a command, at any depth, is what its --help says', async () => {
  for (const words of [[], ['env'], ['vault', 'import']]) {
    const { code, stdout } = await runCli(['help', ...words], { env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: (await runCli([...words, '--help'], { env })).stdout });
  }
});

test('--version prints the version alone', async () => {
  const { code, stdout } = await runCli(['--version'], { env });
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test.each([
  [['serve'], "unknown command 'serve'"],
  [['service'], 'Usage: ksm-iac service'],
  [['help', 'vault', 'imports'], "unknown command 'imports'"],
  [['vault', 'list'], '(ksm-iac vault has import, check, delete; --help explains them)'],
  [['token', 'revoke', 'nope'], 'ksm-iac token list shows them'],
  [['vault', 'delete', 'nope'], 'ksm-iac secret list shows them'],
  [['service', 'start', '--data', dir, '--listen', '0.0.0.0:0', '--insecure-http'], 'is for loopback addresses only'],
  [['env'], "required option '--data <dir>' not specified"],
  [['dev'], "missing required argument 'command'"],
  [['service', 'start', '--data', dir, '--listen', '8443'], 'Write host:port'],
  [['service', 'start', '--data', dir, '--log-level', 'loud'], 'Allowed choices are'],
  [['service', 'start', '--data', dir, '--tls-cert', 'x'], '--tls-cert and --tls-key belong together'],
  [['service', 'start', '--data', dir, '--tls-cert', 'x', '--tls-key', 'y', '--insecure-http'], 'exclude each other'],
  [['orphans', 'revoke'], 'Nothing says what to end'],
  [['orphans', 'revoke', '--all', 'x'], 'exclude each other'],
  [['service', 'start', '--data', dir, '--unclaimed-configuration-hours', '-1'], 'whole number of hours'],
  [['vault', 'import', join(dir, 'v.json')], 'No service is named'],
])('%j is a wrong command line: exit code 2 and a sentence', async (args, sentence) => {
  writeFileSync(join(dir, 'v.json'), '[]');
  const { code, stdout, stderr } = await runCli(args, { env });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(sentence);
});

test.each([
  [['env', '--data', join(dir, 'none')], 'No service runs on the data folder'],
  [['vault', 'import', join(dir, 'none.json')], 'none.json: it does not exist'],
  [['vault', 'import', dir], 'it is a folder'],
  [['dev', '--vault-file', join(dir, 'none.json'), '--', 'true'], 'none.json: it does not exist'],
  [['provider', 'install', '--dir', '/dev/null/x'], 'a part of its path is not a folder'],
  // Node 20 makes folders there for ever, if it is asked to make those above them too.
  [['provider', 'install', '--dir', '/proc/ksm-iac/x'], 'it does not exist. Choose another folder with --dir.'],
])('%j fails with exit code 1 and one sentence', async (args, sentence) => {
  const { code, stdout, stderr } = await runCli(args, { env });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^error: .*\n$/);
  expect(stderr).toContain(sentence);
});

test('a vault file of another encoding is refused, not read as other letters', async () => {
  for (const encoding of ['latin1', 'utf16le'] as const) {
    const file = join(dir, `${encoding}.json`);
    writeFileSync(file, Buffer.from('{"records":[{"title":"caf\u00e9"}]}', encoding));
    expect(await runCli(['vault', 'import', file], { env })).toMatchObject({
      code: 1,
      stderr: `error: ${file} is not text in UTF-8. Save it in that encoding.\n`,
    });
  }
});

test('a malformed vault file shows all that is wrong, and none of its secrets', async () => {
  const file = join(dir, 'bad.json');
  writeFileSync(
    file,
    JSON.stringify({
      shared_folders: [{ path: { canary: 'canary-7f3a' } }, { path: 'A', uid: ['canary-7f3a'] }],
      records: [{ password: 'canary-7f3a', login: {} }],
    }),
  );
  const { code, stderr } = await runCli(['vault', 'import', file], { env });
  expect(code).toBe(1);
  expect(stderr).not.toContain('canary');
  expect(stderr.split('\n')).toEqual([
    `error: ${file} cannot be imported; nothing was written:`,
    '  shared_folders[0].path is an object; write a text in double quotes.',
    '  shared_folders[0].path is missing; write the name of the shared folder.',
    '  shared_folders[1].uid is an array; write a Keeper UID, or any text or number to refer to it in this file.',
    '',
  ]);
});

test('provider install prints the one line that a shell needs, and --print the configuration instead', async () => {
  const target = join(dir, "it's here");
  const { code, stdout } = await runCli(['provider', 'install', '--dir', target], { env });
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `export TF_CLI_CONFIG_FILE='${dir}/it'\\''s here/terraformrc'\n`,
  });
  const printed = await runCli(['provider', 'install', '--dir', join(dir, 'printed'), '--print'], { env });
  expect(printed.stdout).toContain(`path    = "${dir}/printed/mirror"`);
});
