import { objectFromWire, objectToWire } from '../../provider/protocol/dynamic-value';
import { Conformance, good, schemas, type wire } from './provider';

let provider: Conformance;
let application: string;
const typeName = 'ksm_client_device';
const schema = schemas.ephemeral.ksm_client_device!;
beforeAll(async () => {
  provider = await Conformance.start();
  application = (await provider.service.client().createApplication({ name: 'ephemeral' })).id;
}, 240_000);
afterAll(() => provider.close());

const devices = async () => (await provider.service.client().listDevices(application)).map(({ name }) => name);
const open = async (more: object = {}) => {
  const nulls = Object.fromEntries(Object.keys(schema.attributes).map((name) => [name, null]));
  const config = objectToWire(schema, { ...nulls, application_id: application, name: 'session', ...more });
  good(
    (
      await provider.call<wire.ValidateEphemeralResourceConfig_Response>('ValidateEphemeralResourceConfig', {
        typeName,
        config,
      })
    ).diagnostics,
  );
  const opened = await provider.call<wire.OpenEphemeralResource_Response>('OpenEphemeralResource', {
    typeName,
    config,
  });
  good(opened.diagnostics);
  return { own: opened.private, result: objectFromWire(schema, opened.result, 'result')! };
};
const close = async (own: Uint8Array | undefined) =>
  good(
    (await provider.call<wire.CloseEphemeralResource_Response>('CloseEphemeralResource', { typeName, private: own }))
      .diagnostics,
  );

test('is there while it is open, and gone when it is closed, whether it was used or not', async () => {
  const { own, result } = await open();
  expect(result).toMatchObject({ enabled: true, ip_lock: false });
  expect(JSON.parse(Buffer.from(String(result.config), 'base64').toString())).toHaveProperty('privateKey');
  expect(await devices()).toEqual(['session']);
  await close(own);
  expect(await devices()).toEqual([]);
  // Terraform closes once; a second time is no failure.
  await close(own);
});

test('disabled, it makes nothing, has no configuration, and its end does nothing', async () => {
  const { own, result } = await open({ enabled: false });
  expect(result).toMatchObject({ enabled: false, config: null });
  expect(await devices()).toEqual([]);
  await close(own);
});

test('what is left open ends with the process', async () => {
  await open({ name: 'left open' });
  expect(await devices()).toEqual(['left open']);
  await provider.restart();
  expect(await devices()).toEqual([]);
});

test('its private data carry no secret', async () => {
  const { own, result } = await open();
  expect(Buffer.from(own!).toString()).not.toContain(String(result.config));
  await close(own);
});
