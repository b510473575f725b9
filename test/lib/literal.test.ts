import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerraformVariable } from 'cdktf';
import { KsmApplication } from 'cdktf-ksm';
import fc from 'fast-check';
import { TOOLS } from '../support/terraform';
import { blocks, emptyStack } from './private/stack';

/** Either will do; without any, what needs one is skipped. */
const [TERRAFORM] = TOOLS;

/** Terraform normalises every string to NFC, whatever we do. */
const isName = (text: string) =>
  text.length > 0 && text.length <= 255 && !/\p{Cc}|\p{Surrogate}/u.test(text) && text.normalize('NFC') === text;
const piece = fc.oneof(
  fc.constantFrom('$', '%', '{', '}', '${', '%{', '$${', '%%{', '$$$', '"', '\\', "'", '${x}', '%{ if true }', '~'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
);
const anyName = fc
  .array(piece, { minLength: 1, maxLength: 8 })
  .map((pieces) => pieces.join(''))
  .filter(isName);

/** What Terraform reads, by its own rules for template literals in JSON. */
function read(template: string): string {
  const literals = template.replace(/\$\$\{|%%\{/g, '.');
  expect(literals).not.toMatch(/[$%]\{/);
  return template.replace(/\$\$\{/g, () => '${').replace(/%%\{/g, '%{');
}

const written = (stack: ReturnType<typeof emptyStack>) =>
  blocks(stack, 'ksm_application').map(({ name }) => name as string);

describe('names', () => {
  test('round-trip through the synthesized configuration, whatever is in them', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const stack = emptyStack();
        new KsmApplication(stack, 'it', { name });
        expect(read(written(stack)[0]!)).toBe(name);
      }),
      { numRuns: 300 },
    );
  });

  (TERRAFORM ? test : test.skip)('are what real Terraform reads, also next to references', () => {
    const folder = mkdtempSync(join(tmpdir(), 'literal-'));
    // cdktf takes a lone `${` beside a token for the begin of an expression, and would leave out the token's braces.
    try {
      const names = fc.sample(anyName, { numRuns: 200, seed: 7 });
      const stack = emptyStack();
      const token = new TerraformVariable(stack, 'v', { type: 'string' }).stringValue;
      const expected = names.flatMap((name, i) => {
        new KsmApplication(stack, `a${i}`, { name });
        new KsmApplication(stack, `b${i}`, { name: `${name}${token}${name}` });
        return [name, `${name}VALUE${name}`.normalize('NFC')];
      });
      writeFileSync(
        join(folder, 'main.tf.json'),
        JSON.stringify({
          variable: { v: { default: 'VALUE' } },
          output: Object.fromEntries(written(stack).map((name, i) => [`o${i}`, { value: name }])),
        }),
      );
      execFileSync(TERRAFORM!, ['apply', '-auto-approve', '-no-color'], { cwd: folder, stdio: 'pipe' });
      const { outputs } = JSON.parse(readFileSync(join(folder, 'terraform.tfstate'), 'utf8'));
      const values = Object.values(outputs as Record<string, { value: string }>).map(({ value }) => value);
      expect(values.sort()).toEqual(expected.sort());
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('rotation triggers are literal, too, in keys and values', () => {
    const stack = emptyStack();
    new KsmApplication(stack, 'it', { name: 'x' }).addClientDevice('d', {
      name: 'd',
      rotationTriggers: { 'key ${a}': 'value %{b}' },
    });
    expect(blocks(stack, 'ksm_client_device')[0]!.rotation_triggers).toEqual({
      'key $${a}': 'value %%{b}',
    });
  });
});
