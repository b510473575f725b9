import { type ObjectValue, UNKNOWN } from '../../../provider/framework';
import { type RealService, realService } from './real-service';
import { Terraform } from './terraform';

let service: RealService;
let terraform: Terraform;
let application: string;
beforeAll(async () => {
  service = await realService();
});
afterAll(() => service.close());
beforeEach(async () => {
  terraform = new Terraform({ endpoint: service.endpoint, token: service.token });
  application = (await service.vault.applications.create({ name: `app ${Math.random()}` })).id;
});

describe.each([
  ['ksm_shared_folder_grant', 'folder_uid', 'folder', 'loneRecord', 'not_a_folder', 'ksm_record_grant'],
  ['ksm_record_grant', 'record_uid', 'loneRecord', 'folder', 'not_a_record', 'ksm_shared_folder_grant'],
] as const)('%s', (type, attribute, right, wrong, wrongCode, otherType) => {
  const config = (change: ObjectValue = {}): ObjectValue => ({
    application_id: application,
    [attribute]: service.uids[right],
    ...change,
  });
  const editableNow = async () => (await service.vault.grants.get(application, service.uids[right])).editable;

  test('is created read-only, widened in place, and destroyed', async () => {
    const created = await terraform.apply(type, config());
    expect(created.state).toEqual({ ...config(), id: `${application}/${service.uids[right]}`, editable: false });
    expect((await terraform.plan(type, config(), created)).action).toBe('nothing');
    expect((await terraform.plan(type, config({ editable: true }), created)).action).toBe('update');
    const widened = await terraform.apply(type, config({ editable: true }), created);
    expect({ state: widened.state.editable, vault: await editableNow() }).toEqual({ state: true, vault: true });
    await terraform.destroy(widened);
    expect(await terraform.refresh(widened)).toBeUndefined();
    await terraform.destroy(widened);
  });

  test('is planned back in place when it was widened behind our back', async () => {
    const created = await terraform.apply(type, config());
    const secretUid = service.uids[right];
    await service.vault.grants.put({ applicationId: application, secretUid, editable: true, createOnly: false });
    expect(await terraform.plan(type, config(), created)).toMatchObject({ action: 'update' });
    await terraform.apply(type, config(), created);
    expect(await editableNow()).toBe(false);
  });

  test('is planned again when it was removed behind our back, alone or with its application', async () => {
    const created = await terraform.apply(type, config());
    await service.vault.grants.remove(application, service.uids[right]);
    expect((await terraform.plan(type, config(), created)).action).toBe('create');
    await service.vault.applications.remove(application, { force: true });
    expect(await terraform.refresh(created)).toBeUndefined();
    await terraform.destroy(created);
  });

  test('adopts one that exists with the same permission, and refuses another with the import to run', async () => {
    const secretUid = service.uids[right];
    await service.vault.grants.put({ applicationId: application, secretUid, editable: true, createOnly: false });
    await expect(terraform.apply(type, config())).rejects.toThrow(
      new RegExp(`\\(${attribute}\\).*terraform import ${type}.NAME ${application}/${secretUid}.*grant_exists`, 's'),
    );
    expect((await terraform.apply(type, config({ editable: true }))).state.editable).toBe(true);
  });

  test('is replaced when it is for another application or secret', async () => {
    const created = await terraform.apply(type, config());
    const other = (await service.vault.applications.create({ name: `other ${Math.random()}` })).id;
    expect(await terraform.plan(type, config({ application_id: other }), created)).toMatchObject({
      action: 'replace',
      replacedBy: ['application_id'],
    });
    expect(await terraform.plan(type, config({ [attribute]: UNKNOWN }), created)).toMatchObject({
      action: 'replace',
      replacedBy: [attribute],
    });
    const replaced = await terraform.apply(type, config({ application_id: other }), created);
    expect(replaced.state.id).toBe(`${other}/${service.uids[right]}`);
    await expect(editableNow()).rejects.toThrow();
  });

  test('warns at plan and fails at apply where the UID is unknown to the vault', async () => {
    const nowhere = config({ [attribute]: '0Zq7rJmNBqKIl0mLkAJhMg' });
    expect((await terraform.plan(type, nowhere)).warnings).toEqual([expect.stringContaining('no such')]);
    expect(terraform.diagnostics.at(-1)?.detail).toContain('"ksm-iac secret list" lists what exists');
    const created = await terraform.apply(type, config());
    expect(await terraform.plan(type, nowhere, created)).toMatchObject({
      action: 'replace',
      warnings: [expect.stringContaining('no such')],
    });
    await terraform.destroy(created);
    await expect(terraform.apply(type, nowhere)).rejects.toThrow(
      new RegExp(`\\(${attribute}\\).*secret_not_found`, 's'),
    );
  });

  test('warns at plan and fails at apply where the UID is of another kind', async () => {
    const other = config({ [attribute]: service.uids[wrong] });
    expect((await terraform.plan(type, other)).warnings).toEqual(['The UID is of another kind']);
    expect(terraform.diagnostics.at(-1)?.detail).toContain(otherType);
    await expect(terraform.apply(type, other)).rejects.toThrow(new RegExp(`\\(${attribute}\\).*${wrongCode}`, 's'));
  });

  test('asks nothing at plan where the UID is unknown as yet', async () => {
    const asked = service.requests.length;
    expect((await terraform.plan(type, config({ [attribute]: UNKNOWN, application_id: UNKNOWN }))).warnings).toEqual(
      [],
    );
    expect(service.requests).toHaveLength(asked);
  });

  test('is imported by application and secret, and plans nothing', async () => {
    const created = await terraform.apply(type, config({ editable: true }));
    const imported = await terraform.import(type, String(created.state.id));
    expect(imported.state).toEqual(created.state);
    expect((await terraform.plan(type, config({ editable: true }), imported)).action).toBe('nothing');
  });

  test('is not imported by what is no id, no grant, or a grant of the other kind', async () => {
    await expect(terraform.import(type, application)).rejects.toThrow(/malformed/);
    await expect(terraform.import(type, `${application}/${service.uids[right]}`)).rejects.toThrow(/There is no such/);
    const secretUid = service.uids[wrong];
    await service.vault.grants.put({ applicationId: application, secretUid, editable: true, createOnly: false });
    const asked = terraform.import(type, `${application}/${secretUid}`);
    await expect(asked).rejects.toThrow(new RegExp(`import it as ${otherType}.*${wrongCode}`, 's'));
  });

  test.each(['', 'x', '0Zq7rJmNBqKIl0mLkAJhM=', '0Zq7rJmNBqKIl0mLkAJhMg/'])(
    'the UID %j is refused by validate',
    async (uid) => {
      await expect(terraform.plan(type, config({ [attribute]: uid }))).rejects.toThrow(
        new RegExp(`\\(${attribute}\\): Expected a Keeper UID`),
      );
    },
  );
});
