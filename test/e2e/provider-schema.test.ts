import { providerSchemaJson } from '../../scripts/generate/provider-schema';
import { describeWithTools, Workspace } from '../support/terraform';

describeWithTools('the schema', (tool) => {
  test('that bindings and documentation are made of is the one that the tool gets from the built provider', async () => {
    const workspace = new Workspace(tool, {}).write('');
    const { stdout } = await workspace.run(['providers', 'schema', '-json']);
    const [real] = Object.values(JSON.parse(stdout).provider_schemas);
    const [exported] = Object.values(providerSchemaJson().provider_schemas);
    expect(real).toEqual(JSON.parse(JSON.stringify(exported)));
    workspace.dispose();
  });
});
