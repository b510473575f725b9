/** What shells complete, asked of the shells themselves. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCli } from '../support/cli';
import { Running } from '../support/process';

const has = (shell: string) => (process.env.PATH ?? '').split(delimiter).some((dir) => existsSync(join(dir, shell)));

/** For the words of a command line, of which the last is being typed, prints what may stand there. */
const ASK = {
  bash: (script: string, words: readonly string[]) => `${script}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_ksm_iac; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (script: string, words: readonly string[]) => `compdef() { :; }
compadd() { shift; print -l -- $@; }
_files() { :; }
_normal() { :; }
${script}
words=(${words.map((word) => `'${word}'`).join(' ')}); CURRENT=${words.length}
_ksm_iac`,
  fish: (script: string, words: readonly string[]) => `${script}
complete -C '${words.join(' ')}' | string replace -r '\\t.*' ''`,
} as const;

describe.each(['bash', 'zsh', 'fish'] as const)('completion of %s', (shell) => {
  const it = has(shell) ? test : (title: string) => test.skip(`${title}: install ${shell} to run this`, () => {});
  let script: string;
  beforeAll(async () => {
    const { code, stdout } = await runCli(['completion', shell]);
    expect(code).toBe(0);
    script = stdout;
  });
  const complete = async (...words: string[]): Promise<string[]> => {
    const args = shell === 'bash' ? ['--norc', '-c'] : shell === 'zsh' ? ['-f', '-c'] : ['--no-config', '-c'];
    const { stdout, stderr } = await new Running(shell, [...args, ASK[shell](script, ['ksm-iac', ...words])]).ended;
    expect(stderr).toBe('');
    const offered = stdout.split('\n').filter((line) => line !== '');
    // zsh chooses among what it is given by itself.
    return shell === 'zsh' ? offered.filter((line) => line.startsWith(words.at(-1)!)) : offered;
  };

  it('offers commands, those below them, options and their values; after -- nothing of ours', async () => {
    expect(await complete('va')).toEqual(['vault']);
    expect((await complete('vault', '')).sort()).toEqual(expect.arrayContaining(['check', 'delete', 'import']));
    expect(await complete('vault', 'import', '--dry')).toEqual(['--dry-run']);
    expect((await complete('service', 'start', '--data', 'x', '--log-level', '')).sort()).toEqual([
      'debug',
      'error',
      'info',
      'silent',
      'warn',
    ]);
    expect(await complete('dev', '--', 'x', '--d')).toEqual([]);
  });

  it('is a script that the shell reads without a word', () => {
    const args = shell === 'fish' ? ['--no-execute', '-c', script] : ['-n', '-c', script];
    expect(execFileSync(shell, args, { encoding: 'utf8' })).toBe('');
  });
});
