import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { providerSchemaJson } from '../../scripts/generate/provider-schema';
import { describeWithTools, Workspace } from '../support/terraform';

const examples = resolve(__dirname, '../../examples/hcl');
const reference = join(examples, 'reference');

describeWithTools('HCL examples are valid', (tool) => {
  test.each([
    ['the first stack', examples],
    ['those of the provider documentation, together', reference],
  ])('%s', async (_, folder) => {
    const workspace = new Workspace(tool, {});
    try {
      for (const name of readdirSync(folder, { recursive: folder === reference, encoding: 'utf8' })) {
        if (name.endsWith('.tf')) copyFileSync(join(folder, name), join(workspace.dir, name.replaceAll('/', '-')));
      }
      expect(await workspace.run(['init', '-no-color'])).toMatchObject({ code: 0 });
      expect(await workspace.run(['validate', '-no-color'])).toMatchObject({ code: 0 });
    } finally {
      workspace.dispose();
    }
  });
});

test('every resource has an example and an import command for its documentation', () => {
  const files = readdirSync(reference);
  const types = Object.values(providerSchemaJson().provider_schemas).flatMap((schema) =>
    Object.keys(schema.resource_schemas),
  );
  for (const type of types) {
    expect(files).toEqual(expect.arrayContaining([`${type}.tf`, `${type}.import.sh`]));
    const [, address] = readFileSync(join(reference, `${type}.import.sh`), 'utf8').match(
      /^terraform import (\S+) \S+\n$/,
    )!;
    const [, label] = readFileSync(join(reference, `${type}.tf`), 'utf8').match(/^resource "\w+" "(\w+)"/m)!;
    expect(address).toBe(`${type}.${label}`);
  }
});

test.each([
  ['data_source_schemas', 'data-sources', 'tf'],
  ['ephemeral_resource_schemas', 'ephemeral-resources', 'tf'],
  ['list_resource_schemas', 'list-resources', 'tfquery.hcl'],
  ['functions', 'functions', 'tf'],
] as const)('everything of %s has an example, and there are no others', (key, folder, ending) => {
  const [schema] = Object.values(providerSchemaJson().provider_schemas);
  const names = Object.keys(schema![key] ?? {});
  expect(names).not.toEqual([]);
  expect(readdirSync(join(reference, folder)).sort()).toEqual(names.map((name) => `${name}.${ending}`).sort());
});
