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
      for (const name of readdirSync(folder).filter((file) => file.endsWith('.tf'))) {
        copyFileSync(join(folder, name), join(workspace.dir, name));
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
