import { Conformance, schemas, type wire } from './provider';

let provider: Conformance;
beforeAll(async () => {
  provider = await Conformance.start();
}, 240_000);
afterAll(() => provider.close());

/** The framework serves them (test/provider/tiny); no resource of ours takes a secret, so none has one. */
test('no attribute is write-only, as the schema over the wire says', async () => {
  const { resourceSchemas } = await provider.call<wire.GetProviderSchema_Response>('GetProviderSchema', {});
  const names = Object.entries(resourceSchemas).flatMap(([type, { block }]) =>
    block!.attributes.filter(({ writeOnly }) => writeOnly).map(({ name }) => `${type}.${name}`),
  );
  expect(Object.keys(resourceSchemas).sort()).toEqual(Object.keys(schemas.managed).sort());
  expect(names).toEqual([]);
});
