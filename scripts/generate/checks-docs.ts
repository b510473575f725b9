/** Generates the tables of docs/constructs/checks.md: the rules, as the reports know them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { RULES } from '../../lib/private/checks/rules';
import { OWN_RULES } from '../../lib/private/checks/run';
import { root } from './repository';

const file = resolve(root, 'docs/constructs/checks.md');
const [BEGIN, END] = ['<!-- generated: rules -->', '<!-- end: rules -->'];

export function generateChecksDocs(): void {
  const text = readFileSync(file, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error('docs/constructs/checks.md lacks the marks of the rules');
  const rows = [...RULES, ...OWN_RULES].map(
    (rule) =>
      `| \`${rule.id}\` | ${rule.severity}${'optIn' in rule && rule.optIn ? ', opt-in' : ''} | ${rule.reason} | ${rule.cure} |`,
  );
  const examples = RULES.flatMap(({ id, bad, good }) => [
    `**\`${id}\`**`,
    '',
    '```js',
    `${bad}; // found`,
    `${good}; // not found`,
    '```',
    '',
  ]);
  const generated = [
    BEGIN,
    '| rule | severity | why | what to do |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '## An example of each',
    '',
    ...examples,
  ].join('\n');
  writeFileSync(file, `${before}${generated}${END}${after}`);
}
