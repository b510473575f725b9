import { Argument, type Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '../private/completion';

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('Print the completion of this command for a shell.')
    .addArgument(new Argument('<shell>', 'which').choices(SHELLS))
    .addHelpText(
      'after',
      `
It completes the word ksm-iac, an alias too. For good, write it where the shell looks at its start:

Examples:
  eval "$(ksm-iac completion bash)"
  ksm-iac completion bash > ~/.local/share/bash-completion/completions/ksm-iac
  ksm-iac completion zsh > "\${fpath[1]}/_ksm-iac"
  ksm-iac completion fish > ~/.config/fish/completions/ksm-iac.fish`,
    )
    .action((shell: Shell) => {
      process.stdout.write(completionScript(program, shell));
    });
}
