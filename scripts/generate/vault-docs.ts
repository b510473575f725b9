/** Generates the tables of docs/commander.md: what each vault can do, and where the two differ. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { FEATURES } from '../../contract/api';
import { capabilities as commander } from '../../service/vault/commander/capabilities';
import { capabilities as embedded } from '../../service/vault/embedded/capabilities';
import type { Capabilities } from '../../service/vault/port';
import { DIFFERENCES } from '../../test/service/vault/commander/differences';
import { root } from './repository';

const file = resolve(root, 'docs/commander.md');

export function generateVaultDocs(): void {
  const features = Object.values(FEATURES).map((feature) => {
    const support = ({ features, unsupported }: Capabilities) =>
      features.includes(feature) ? 'yes' : `no: ${unsupported.find((one) => one.feature === feature)!.reason}`;
    return [`\`${feature}\``, support(embedded), support(commander)];
  });
  const differences = DIFFERENCES.map(({ subject, embedded, keeper }) => [subject, embedded, keeper]);
  const text = readFileSync(file, 'utf8');
  const withFeatures = withTable(
    text,
    'features',
    ['feature (`GET /v1/info`)', 'embedded vault', 'real Keeper'],
    features,
  );
  writeFileSync(file, withTable(withFeatures, 'differences', ['what', 'embedded vault', 'real Keeper'], differences));
}

function withTable(text: string, name: string, head: string[], rows: string[][]): string {
  const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
  const [before, rest] = [text.split(begin)[0]!, text.split(end)[1]];
  if (rest === undefined) throw new Error(`docs/commander.md lacks the marks of the table of ${name}`);
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${before}${begin}\n${table.join('\n')}\n${end}${rest}`;
}
