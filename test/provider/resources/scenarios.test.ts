/** Five scenarios of each resource, by the names that provider authors give them; the files beside this one have the details. */
import type { ObjectValue } from '../../../provider/framework';
import { type RealService, realService } from './real-service';
import { type Stored, Terraform } from './terraform';

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

interface Scenarios {
  readonly typeName: string;
  /** A configuration that is new at each call. */
  config(): ObjectValue;
  /** What changes in place. */
  readonly update: ObjectValue;
  /** What somebody does in Keeper. */
  remove(stored: Stored): Promise<void>;
  /** What is refused before anything is asked, and the attribute that the error is at. */
  readonly invalid: readonly [ObjectValue, attribute: string];
  /** What once went wrong, or does with other providers, and plans nothing here. */
  readonly regression: readonly [what: string, act: (stored: Stored) => Promise<unknown>];
}

const idOf = ({ state }: Stored) => String(state.id);
const partOf = (stored: Stored) => idOf(stored).split('/')[1]!;
let count = 0;

const SCENARIOS: readonly Scenarios[] = [
  {
    typeName: 'ksm_application',
    config: () => ({ name: `${'${literal}'} "quoted" é ${++count}` }),
    update: { force_destroy: true },
    remove: (stored) => service.vault.applications.remove(idOf(stored), { force: true }),
    invalid: [{ name: '' }, 'name'],
    regression: [
      'a device that somebody else made in it',
      (stored) =>
        service.vault.devices.create({
          applicationId: idOf(stored),
          name: 'other',
          ipLock: true,
          tokenExpiresInMinutes: 5,
        }),
    ],
  },
  {
    typeName: 'ksm_shared_folder_grant',
    config: () => ({ application_id: application, folder_uid: service.uids.folder }),
    update: { editable: true },
    remove: (stored) => service.vault.grants.remove(application, partOf(stored)),
    invalid: [{ folder_uid: 'short' }, 'folder_uid'],
    regression: [
      'a record in the folder that is granted by itself as well',
      () =>
        service.vault.grants.put({
          applicationId: application,
          secretUid: service.uids.record,
          editable: false,
          createOnly: false,
        }),
    ],
  },
  {
    typeName: 'ksm_record_grant',
    config: () => ({ application_id: application, record_uid: service.uids.loneRecord }),
    update: { editable: true },
    remove: (stored) => service.vault.grants.remove(application, partOf(stored)),
    invalid: [{ record_uid: 'short' }, 'record_uid'],
    regression: [
      'another record that is granted to the same application',
      () =>
        service.vault.grants.put({
          applicationId: application,
          secretUid: service.uids.record,
          editable: true,
          createOnly: false,
        }),
    ],
  },
  {
    typeName: 'ksm_client_device',
    config: () => ({ application_id: application, name: 'device' }),
    update: { token_expires_in_minutes: 5, reissue: 'never' },
    remove: (stored) => service.vault.devices.remove(application, partOf(stored)),
    invalid: [{ token_expires_in_minutes: 1441 }, 'token_expires_in_minutes'],
    regression: [
      'a token that is redeemed and past its end',
      async (stored) => {
        await service.redeem(partOf(stored));
        service.passMinutes(120);
      },
    ],
  },
  {
    typeName: 'ksm_gateway',
    config: () => ({ application_id: application, name: 'gateway' }),
    update: { token_expires_in_minutes: 5, reissue: 'never' },
    remove: (stored) => service.vault.gateways.remove(application, partOf(stored)),
    invalid: [{ initialization: 'konfig' }, 'initialization'],
    regression: ['a gateway that has not initialised yet, which no list of Keeper shows', async () => undefined],
  },
];

describe.each(SCENARIOS)('$typeName', ({ typeName, config, update, remove, invalid, regression }) => {
  test('basic: made, read, left alone, destroyed', async () => {
    const own = config();
    const made = await terraform.apply(typeName, own);
    expect(await terraform.refresh(made)).toMatchObject({ state: made.state });
    expect((await terraform.plan(typeName, own, made)).action).toBe('nothing');
    await terraform.destroy(made);
    expect(await terraform.refresh(made)).toBeUndefined();
  });

  test('update: in place, under the same id, and left alone then', async () => {
    const own = config();
    const made = await terraform.apply(typeName, own);
    expect((await terraform.plan(typeName, { ...own, ...update }, made)).action).toBe('update');
    const updated = await terraform.apply(typeName, { ...own, ...update }, made);
    expect(updated.state).toMatchObject({ ...update, id: made.state.id });
    expect((await terraform.plan(typeName, { ...own, ...update }, updated)).action).toBe('nothing');
  });

  test('disappears: removed in Keeper, it is planned anew, and its destruction succeeds', async () => {
    const own = config();
    const made = await terraform.apply(typeName, own);
    await remove(made);
    expect(await terraform.refresh(made)).toBeUndefined();
    expect((await terraform.plan(typeName, own)).action).toBe('create');
    await terraform.destroy(made);
  });

  test('validation: refused at its attribute, before anything is asked', async () => {
    const [change, attribute] = invalid;
    const asked = service.requests.length;
    const refused = terraform.plan(typeName, { ...config(), ...change });
    await expect(refused).rejects.toMatchObject({ errors: [{ path: [attribute] }] });
    expect(service.requests).toHaveLength(asked);
  });

  test(`regression: ${regression[0]} plans nothing`, async () => {
    const own = config();
    const made = await terraform.apply(typeName, own);
    await regression[1](made);
    expect((await terraform.plan(typeName, own, made)).action).toBe('nothing');
  });
});
