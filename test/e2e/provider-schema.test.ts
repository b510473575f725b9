import { providerSchemaJson } from '../../scripts/generate/provider-schema';
import { describeWithTools, Workspace } from '../support/terraform';

describeWithTools('the schema', (tool) => {
  test('that bindings and documentation are made of is the one that the tool gets from the built provider', async () => {
    const workspace = new Workspace(tool, {}).write('');
    const { stdout } = await workspace.run(['providers', 'schema', '-json']);
    const [real] = Object.values(JSON.parse(stdout).provider_schemas);
    const [exported] = Object.values(providerSchemaJson().provider_schemas);
    // A tool that is older than a kind of thing (list resources, identities) leaves that kind out.
    const known = Object.entries(JSON.parse(JSON.stringify(exported))).filter(([kind]) => kind in (real as object));
    expect(real).toEqual(Object.fromEntries(known));
    for (const kind of ['provider', 'resource_schemas', 'data_source_schemas']) expect(real).toHaveProperty([kind]);
    workspace.dispose();
  });
});
