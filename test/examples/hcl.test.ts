import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createProviderServer } from '../../provider/resources';
import { providerSchemaJson } from '../../scripts/generate/provider-schema';
import { recordingLog } from '../provider/resources/recording-log';
import { describeWithTools, Workspace } from '../support/terraform';

const examples = resolve(__dirname, '../../examples');
/** Kinds of things, with the folder of their examples and the file that each has. */
const KINDS = [
  ['resource_schemas', 'resources', 'resource.tf'],
  ['data_source_schemas', 'data-sources', 'data-source.tf'],
  ['ephemeral_resource_schemas', 'ephemeral-resources', 'ephemeral-resource.tf'],
  ['list_resource_schemas', 'list-resources', 'list-resource.tfquery.hcl'],
  ['functions', 'functions', 'function.tf'],
] as const;
const server = createProviderServer({ version: '0.0.0', log: recordingLog() });
const resources = readdirSync(join(examples, 'resources'));
const read = (type: string, file: string) => readFileSync(join(examples, 'resources', type, file), 'utf8');

describeWithTools('HCL examples are valid', (tool) => {
  const validate = async (files: readonly string[]) => {
    const workspace = new Workspace(tool, {});
    try {
      for (const [index, file] of files.entries()) copyFileSync(file, join(workspace.dir, `${index}.tf`));
      expect(await workspace.run(['init', '-no-color'])).toMatchObject({ code: 0 });
      expect(await workspace.run(['validate', '-no-color'])).toMatchObject({ code: 0, stderr: '' });
    } finally {
      workspace.dispose();
    }
  };

  test('the first stack', () => validate([join(examples, 'hcl/main.tf')]));

  test('those of the provider documentation, together', () =>
    validate([
      join(examples, 'provider/provider.tf'),
      ...KINDS.flatMap(([, folder, file]) =>
        readdirSync(join(examples, folder)).map((name) => join(examples, folder, name, file)),
      ).filter((file) => file.endsWith('.tf')),
    ]));

  test('all of them are formatted, which reads also what only newer tools know', async () => {
    const workspace = new Workspace(tool, {});
    try {
      const { code, stdout, stderr } = await workspace.run(['fmt', '-check', '-recursive', '-no-color', examples]);
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
    } finally {
      workspace.dispose();
    }
  });
});

test.each(KINDS)('everything of %s has an example, and there are no others', (key, folder, file) => {
  const [schema] = Object.values(providerSchemaJson().provider_schemas);
  const names = Object.keys(schema![key] ?? {});
  expect(names).not.toEqual([]);
  expect(readdirSync(join(examples, folder)).sort()).toEqual(names.sort());
  for (const name of names) expect(existsSync(join(examples, folder, name, file))).toBe(true);
});

describe.each(resources)('%s', (type) => {
  const [, label] = read(type, 'resource.tf').match(/^resource "\w+" "(\w+)"/m)!;

  test('is imported by the id that its command names', () => {
    const [, address, id] = read(type, 'import.sh').match(/^terraform import (\S+) (\S+)\n$/)!;
    expect(address).toBe(`${type}.${label}`);
    expect(id).not.toContain('name=');
  });

  test('is imported by the identity that its block names', async () => {
    const block = read(type, 'import-by-identity.tf');
    expect(block).toContain(`to = ${type}.${label}\n`);
    const identity = Object.fromEntries(
      [...block.matchAll(/^ {4}(\w+) += "(\S+)"$/gm)].map(([, key, value]) => [key, value]),
    );
    const { attributes } = server.schemas.identities[type]!;
    expect(Object.keys(attributes)).toEqual(expect.arrayContaining(Object.keys(identity)));
    const [, id] = read(type, 'import.sh').match(/^terraform import \S+ (\S+)\n$/)!;
    const { importId, attributes: known } = server.schemas.identities[type]!;
    const unnamed = Object.fromEntries(Object.keys(known).map((name) => [name, null]));
    expect(importId({ ...unnamed, ...identity })).toBe(id);
  });
});
