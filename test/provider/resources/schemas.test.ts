import type { AttributeSchema } from '../../../provider/framework';
import { createProviderServer } from '../../../provider/resources';
import { providerSchemaJson } from '../../../scripts/generate/provider-schema';
import { recordingLog } from './recording-log';

const server = createProviderServer({ version: '0.0.0', log: recordingLog() });
const schemas = { provider: server.schemas.provider, ...server.schemas.managed };
const attributes: [string, AttributeSchema][] = Object.entries(schemas).flatMap(([type, schema]) =>
  Object.entries(schema.attributes).map(([name, attribute]): [string, AttributeSchema] => [
    `${type}.${name}`,
    attribute,
  ]),
);

test('the resources are those of the design', () => {
  expect(Object.keys(server.schemas.managed)).toEqual([
    'ksm_application',
    'ksm_shared_folder_grant',
    'ksm_record_grant',
    'ksm_client_device',
    'ksm_gateway',
  ]);
});

test("the versions of schemas are those of users' states: a higher one is a door that no older provider opens again", () => {
  const versions = Object.entries(server.schemas.managed).map(([type, { version }]) => [type, version]);
  expect(versions).toEqual(Object.keys(server.schemas.managed).map((type) => [type, 0]));
  expect(server.schemas.provider.version).toBe(0);
});

test.each(Object.keys(server.schemas.managed))('%s has a computed id', (type) => {
  expect(server.schemas.managed[type]!.attributes.id).toMatchObject({ type: 'string', computed: true });
});

test.each(attributes)('%s is declared in a way that Terraform and the framework accept', (_, attribute) => {
  const { required = false, optional = false, computed = false, default: fallback, validators } = attribute;
  expect(required ? !optional && !computed : optional || computed).toBe(true);
  // What is optional and computed is so because of its default: the framework knows no other reason.
  expect(optional && computed).toBe(fallback !== undefined);
  if (computed && !optional) expect({ validators, replace: attribute.requiresReplace }).toEqual({});
  if (fallback !== undefined) {
    expect((validators ?? []).flatMap((validator) => validator(fallback) ?? [])).toEqual([]);
  }
});

test.each(attributes)('%s is described in sentences', (_, { description, default: fallback }) => {
  expect(description).toMatch(/^[A-Z0-9`].{20,}[.]$/s);
  if (fallback !== undefined) expect(description).toContain(String(fallback));
});

test.each(attributes.filter(([name]) => !name.startsWith('provider.')))(
  '%s says what a change of it does',
  (_, attribute) => {
    if (attribute.required || attribute.optional) {
      expect(attribute.description).toMatch(
        attribute.requiresReplace === true ? /change (of it )?replaces/ : /in place/,
      );
    }
  },
);

test('credentials that are not sealed are sensitive, and nothing else', () => {
  expect(attributes.filter(([, { sensitive }]) => sensitive).map(([name]) => name)).toEqual([
    'provider.token',
    'ksm_client_device.one_time_token',
    'ksm_client_device.config',
    'ksm_gateway.one_time_token',
    'ksm_gateway.config',
  ]);
});

test('the schema as JSON has every attribute, with its type and what Terraform needs of it', () => {
  const [schema] = Object.values(providerSchemaJson().provider_schemas);
  expect(schema!.resource_schemas.ksm_client_device!.block.attributes).toMatchObject({
    one_time_token: { type: 'string', computed: true, sensitive: true },
    rotation_triggers: { type: ['map', 'string'], optional: true },
  });
  expect(Object.keys(schema!.provider.block.attributes)).toEqual(Object.keys(schemas.provider.attributes).sort());
});
