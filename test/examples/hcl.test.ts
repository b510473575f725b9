import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { providerSchemaJson } from '../../scripts/generate/provider-schema';
import { describeWithTools, Workspace } from '../support/terraform';

const examples = resolve(__dirname, '../../examples/hcl');
const reference = join(examples, 'reference');

/** The workspace has a `terraform` block of its own. */
const withoutTerraformBlock = (hcl: string) => hcl.replace(/^terraform \{\n[\s\S]*?^\}\n/m, '');

describeWithTools('HCL examples are valid', (tool) => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace(tool, {});
  });
  afterEach(() => workspace.dispose());

  test('the first stack', async () => {
    workspace.write(withoutTerraformBlock(readFileSync(join(examples, 'main.tf'), 'utf8')));
    expect(await workspace.run(['validate', '-no-color'])).toMatchObject({ code: 0 });
  });

  test('those of the provider documentation, together', async () => {
    const files = readdirSync(reference).filter((name) => name.endsWith('.tf'));
    workspace.write(files.map((name) => withoutTerraformBlock(readFileSync(join(reference, name), 'utf8'))).join('\n'));
    expect(await workspace.run(['validate', '-no-color'])).toMatchObject({ code: 0 });
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
