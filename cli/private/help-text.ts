/** Fits what `--help` prints into the terminal: texts at their words, commands at their options. */
import { stripVTControlCharacters } from 'node:util';

/** Without a terminal, and where it is narrower than any help can be. */
const WIDTH = 80;
/** Longer lines are hard to read. */
const MOST = 100;
/** Not an option or its description: those are wrapped already. */
const EXAMPLE = /^ {2}[^- ]/;

export function helpWidth(columns: number | undefined): number {
  return columns === undefined || columns < WIDTH / 2 ? WIDTH : Math.min(columns, MOST);
}

/**
 * Lines that begin at the margin are one paragraph with their neighbours; indented ones (options, examples) stay lines.
 * A command that is too long goes on after a backslash, so that it can still be copied.
 */
export function fitted(text: string, width: number): string {
  return text.replace(/(?:^\S.*\n)+|^ .*$/gm, (block) =>
    block.startsWith(' ') ? fittedCommand(block, width) : fittedParagraph(block, width),
  );
}

function fittedParagraph(block: string, width: number): string {
  return `${joined(block.trimEnd().split(/\s+/), width, '').join('\n')}\n`;
}

function fittedCommand(line: string, width: number): string {
  if (widthOf(line) <= width || !EXAMPLE.test(line)) return line;
  // Before an option, but not between single quotes, where a backslash is one.
  const parts = line.split(/ (?=--)(?=(?:[^']*'[^']*')*[^']*$)/);
  return joined(parts, width - 2, '    ').join(' \\\n');
}

function joined(parts: readonly string[], width: number, indent: string): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(`${last} ${part}`) <= width) lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(last === undefined ? part : indent + part);
  }
  return lines;
}

const widthOf = (text: string) => stripVTControlCharacters(text).length;
