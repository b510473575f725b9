/** How a source of the constructs becomes one for CDK Terrain. */
import { translate } from '../../scripts/cdktn/translate';

test.each([
  ["import { App } from 'cdktf';", "import { App } from 'cdktn';"],
  ["import 'cdktf/lib/testing/adapters/jest';", "import 'cdktn/lib/testing/adapters/jest';"],
  ['export * from "cdktf";', 'export * from "cdktn";'],
  ["const { Fn } = require('cdktf');", "const { Fn } = require('cdktn');"],
  ["type Ksm = typeof import('cdktf-ksm');", "type Ksm = typeof import('cdktn-ksm');"],
  ["Symbol.for('cdktf-ksm.Gateway')", "Symbol.for('cdktn-ksm.Gateway')"],
])('%s', (source, translated) => {
  expect(translate('lib/private/a.ts', source)).toBe(translated);
});

test.each([
  "const address = 'https://github.com/ksm-iac/cdktf-ksm';",
  "const folder = 'cdktf.out/stacks', file = 'cdktf.json', level = '@cdktf/warn', set = 'CDKTF_OUTDIR';",
  'cdktf.stringToTerraform(text); // which cdktf captures',
])('%s stays', (source) => {
  expect(translate('lib/a.ts', source)).toBe(source);
});

test('bindings of hashicorp/null are those in the package, from wherever they are named', () => {
  const source = "import type { Resource } from '@cdktf/provider-null/lib/resource';";
  expect(translate('lib/a.ts', source)).toContain("'./null-provider/resource'");
  expect(translate('lib/private/a.ts', source)).toContain("'../null-provider/resource'");
  expect(translate('test/lib/checks/a.test.ts', source)).toContain("'../../../lib/null-provider/resource'");
});

test('a module of cdktf that it does not know is refused', () => {
  const refused = "lib/a.ts imports '@cdktf/provider-aws', which scripts/cdktn/translate.ts does not translate";
  expect(() => translate('lib/a.ts', "import { Aws } from '@cdktf/provider-aws';")).toThrow(refused);
  expect(() => translate('lib/a.ts', "require('@cdktf/provider-aws')")).toThrow(refused);
  expect(() => translate('lib/a.ts', "import '@cdktf/provider-null';")).toThrow("imports '@cdktf/provider-null'");
});
