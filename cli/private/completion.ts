/** Completion scripts for shells, written from the commands themselves. Pure: commands in, text out. */
import type { Command, Option } from 'commander';
import { shellQuote } from './shell-quote';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

interface Node {
  /** Words from the program's name on, joined by blanks; empty for the program. */
  readonly path: string;
  readonly below: readonly Command[];
  readonly options: readonly Option[];
}

export function completionScript(program: Command, shell: Shell): string {
  const nodes = nodesOf(program, '');
  return { bash, zsh, fish }[shell](program.name(), nodes);
}

function nodesOf(command: Command, path: string): Node[] {
  const help = command.createHelp();
  const below = help.visibleCommands(command);
  const own = { path, below, options: help.visibleOptions(command) };
  return [own, ...below.flatMap((child) => nodesOf(child, path === '' ? child.name() : `${path} ${child.name()}`))];
}

const nameOf = ({ long, short }: Option) => long ?? short ?? '';
const wordsOf = ({ below, options }: Node) => [...below.map((command) => command.name()), ...options.map(nameOf)];

/** The path so far and what may follow, for shells with `case`; the files of the folder are taken where nothing may. */
function posixCases(nodes: readonly Node[]): { paths: string; words: string; values: string } {
  const labels = (texts: readonly string[]) => texts.map(shellQuote).join('|');
  const taking = nodes.flatMap(({ options, path }) =>
    options.filter(({ required }) => required).map((option) => ({ key: `${path} ${nameOf(option)}`, option })),
  );
  return {
    paths: labels(nodes.filter(({ path }) => path !== '').map(({ path }) => path)),
    words: nodes
      .map((node) => `    ${labels([node.path])}) candidates=${shellQuote(wordsOf(node).join(' '))} ;;`)
      .join('\n'),
    values: taking
      .map(
        ({ key, option }) => `    ${labels([key])}) candidates=${shellQuote((option.argChoices ?? []).join(' '))} ;;`,
      )
      .join('\n'),
  };
}

function bash(name: string, nodes: readonly Node[]): string {
  const { paths, words, values } = posixCases(nodes);
  return `# Completion of ${name} for bash.
_ksm_iac() {
  local at='' word candidates='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    # What follows belongs to another command.
    [ "$word" = -- ] && return
    case "\${at:+$at }$word" in
    ${paths}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at" in
${words}
  esac
  case "$at \${COMP_WORDS[COMP_CWORD - 1]}" in
${values}
  esac
  COMPREPLY=($(compgen -W "$candidates" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _ksm_iac ${name}
`;
}

function zsh(name: string, nodes: readonly Node[]): string {
  const { paths, words, values } = posixCases(nodes);
  return `#compdef ${name}
# Completion of ${name} for zsh.
_ksm_iac() {
  local at='' word candidates='' i
  for ((i = 2; i < CURRENT; i++)); do
    word="$words[i]"
    # What follows belongs to another command.
    [[ "$word" == -- ]] && { _normal; return }
    case "\${at:+$at }$word" in
    ${paths}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at" in
${words}
  esac
  case "$at $words[CURRENT-1]" in
${values}
  esac
  compadd -- \${=candidates} || _files
}
compdef _ksm_iac ${name}
`;
}

function fish(name: string, nodes: readonly Node[]): string {
  const quote = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`;
  const lines = nodes.flatMap(({ path, below, options }) => {
    const where = `complete -c ${name} -n ${quote(`__ksm_iac_at ${quote(path)}`)}`;
    return [
      ...below.map((child) => `${where} -f -a ${child.name()} -d ${quote(child.description())}`),
      ...options.map((option) => {
        const values = option.argChoices
          ? ` -x -a ${quote(option.argChoices.join(' '))}`
          : option.required
            ? ' -r'
            : '';
        const short = option.short ? ` -s ${option.short.slice(1)}` : '';
        return `${where}${short} -l ${nameOf(option).slice(2)}${values} -d ${quote(option.description)}`;
      }),
    ];
  });
  const paths = nodes.filter(({ path }) => path !== '').map(({ path }) => quote(path));
  return `# Completion of ${name} for fish.
function __ksm_iac_at
    set -l at ''
    for word in (commandline -opc)[2..]
        # What follows belongs to another command.
        test "$word" = -- && return 1
        set -l longer (string trim "$at $word")
        contains -- $longer ${paths.join(' ')} && set at $longer
    end
    test "$at" = "$argv[1]"
end
${lines.join('\n')}
`;
}
