import { objectFromWire } from '../../provider/protocol/dynamic-value';
import { VAULT } from '../support/vault';
import { actionOf, Conformance, good, type Kept, schemas, value, type wire } from './provider';

let provider: Conformance;
let application: string;
beforeAll(async () => {
  provider = await Conformance.start();
  const client = provider.service.client();
  application = (await client.createApplication({ name: 'generated' })).id;
  await client.putGrant(application, VAULT.deployment, { editable: true });
  await client.putGrant(application, VAULT.registry, {});
}, 240_000);
afterAll(() => provider.close());

async function generated(typeName: string, kept: Kept) {
  const { config, diagnostics } = await provider.call<wire.GenerateResourceConfig_Response>('GenerateResourceConfig', {
    typeName,
    state: kept.state,
  });
  good(diagnostics);
  const said = objectFromWire(schemas.managed[typeName]!, config, 'config')!;
  return Object.fromEntries(Object.entries(said).filter(([, own]) => own !== null));
}

/** What people would write, which is less than what a state has. */
const WRITTEN: [typeName: string, id: () => Promise<string>, config: () => Record<string, unknown>][] = [
  ['ksm_application', async () => application, () => ({ name: 'generated' })],
  [
    'ksm_shared_folder_grant',
    async () => `${application}/${VAULT.deployment}`,
    () => ({ application_id: application, folder_uid: VAULT.deployment, editable: true }),
  ],
  [
    'ksm_record_grant',
    async () => `${application}/${VAULT.registry}`,
    () => ({ application_id: application, record_uid: VAULT.registry }),
  ],
  [
    'ksm_client_device',
    async () => (await provider.service.client().createDevice(application, { name: 'd', ipLock: false })).id,
    () => ({ application_id: application, name: 'd', ip_lock: false }),
  ],
  [
    'ksm_gateway',
    async () => (await provider.service.client().createGateway(application, { name: 'g' })).id,
    () => ({ application_id: application, name: 'g' }),
  ],
];

test.each(WRITTEN)(
  '%s: no more than what a person would write, valid, and planning nothing',
  async (typeName, idOf, written) => {
    const id = await idOf();
    // A process keeps what it has read of an application.
    await provider.restart();
    const kept = await provider.import(typeName, { id });
    const config = await generated(typeName, kept);
    expect(config).toEqual(written());
    const validated = await provider.call<wire.ValidateResourceConfig_Response>('ValidateResourceConfig', {
      typeName,
      config: value(typeName, config),
    });
    good(validated.diagnostics);
    expect(actionOf(typeName, kept, await provider.plan(typeName, config, kept))).toBe('nothing');
  },
);
