import { VAULT } from '../support/vault';
import { actionOf, Conformance, said, stateOf, type wire } from './provider';

let provider: Conformance;
let application: string;
beforeAll(async () => {
  provider = await Conformance.start();
  application = (await provider.service.client().createApplication({ name: 'imports' })).id;
}, 240_000);
afterAll(() => provider.close());

const refused = async (typeName: string, id: string) => {
  const { diagnostics, importedResources } = await provider.call<wire.ImportResourceState_Response>(
    'ImportResourceState',
    { typeName, id },
  );
  expect(importedResources).toEqual([]);
  return said(diagnostics);
};

test('an application by its UID and by its name', async () => {
  for (const id of [application, 'name=imports']) {
    const imported = await provider.import('ksm_application', { id });
    expect(stateOf('ksm_application', imported.state)).toMatchObject({
      id: application,
      name: 'imports',
      force_destroy: false,
    });
    expect(
      actionOf('ksm_application', imported, await provider.plan('ksm_application', { name: 'imports' }, imported)),
    ).toBe('nothing');
  }
});

test('a grant by application and secret', async () => {
  await provider.service.client().putGrant(application, VAULT.deployment, { editable: true });
  const config = { application_id: application, folder_uid: VAULT.deployment, editable: true };
  await provider.restart();
  const imported = await provider.import('ksm_shared_folder_grant', { id: `${application}/${VAULT.deployment}` });
  expect(stateOf('ksm_shared_folder_grant', imported.state)).toMatchObject(config);
  const plan = await provider.plan('ksm_shared_folder_grant', config, imported);
  expect(actionOf('ksm_shared_folder_grant', imported, plan)).toBe('nothing');
});

test('a device by its client id and by a name that it alone has', async () => {
  const { clientId } = await provider.service.client().createDevice(application, { name: 'a/b=c' });
  await provider.restart();
  for (const id of [`${application}/${clientId}`, `${application}/name=a/b=c`]) {
    const imported = await provider.import('ksm_client_device', { id });
    expect(stateOf('ksm_client_device', imported.state)).toMatchObject({
      client_id: clientId,
      one_time_token: null,
      config: null,
    });
    const plan = await provider.plan('ksm_client_device', { application_id: application, name: 'a/b=c' }, imported);
    expect(actionOf('ksm_client_device', imported, plan)).toBe('nothing');
  }
});

test('a name that several devices have is refused with the ids of all of them', async () => {
  const client = provider.service.client();
  const twins = [
    await client.createDevice(application, { name: 'twin' }),
    await client.createDevice(application, { name: 'twin' }),
  ];
  await provider.restart();
  const words = await refused('ksm_client_device', `${application}/name=twin`);
  for (const { id } of twins) expect(words).toContain(id);
});

test('a gateway by its client id', async () => {
  const { clientId } = await provider.service.client().createGateway(application, { name: 'gateway' });
  await provider.restart();
  const imported = await provider.import('ksm_gateway', { id: `${application}/${clientId}` });
  expect(stateOf('ksm_gateway', imported.state)).toMatchObject({ client_id: clientId, gateway_uid: null });
});

test.each([
  ['ksm_application', 'nope'],
  ['ksm_application', VAULT.missing],
  ['ksm_application', 'name=nobody'],
  ['ksm_shared_folder_grant', VAULT.missing],
  ['ksm_record_grant', `${VAULT.missing}/${VAULT.missing}`],
  ['ksm_client_device', `${VAULT.missing}/short`],
  ['ksm_gateway', ''],
])('%s: the id "%s" is refused, and the error shows it', async (typeName, id) => {
  expect(await refused(typeName, id)).toContain(id);
});
