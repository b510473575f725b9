import { type ObjectValue, UNKNOWN } from '../../../../provider/framework';
import { type RealService, realService } from '../real-service';
import { type Stored, Terraform } from '../terraform';

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

const config = (change: ObjectValue = {}): ObjectValue => ({ application_id: application, name: 'one', ...change });
const TOKEN_LAPSED = /^The one-time token of the .* lapsed, and a new one is issued$/;

describe.each(['ksm_client_device', 'ksm_gateway'])('%s', (type) => {
  const plan = (change: ObjectValue, stored: Stored) => terraform.plan(type, config(change), stored);
  /** One whose token ended a minute ago, as nobody redeemed it. */
  const lapsed = async (change: ObjectValue = {}) => {
    const stored = await terraform.apply(type, config({ token_expires_in_minutes: 5, ...change }));
    service.passMinutes(6);
    return stored;
  };
  const life = { token_expires_in_minutes: 5 };

  test.each(['unredeemed', 'expired'])(
    'reissue = "%s" replaces on the token that lapsed unredeemed, and says why, once',
    async (reissue) => {
      const { planned, ...rest } = await plan({ ...life, reissue }, await lapsed({ reissue }));
      expect(rest).toMatchObject({ action: 'replace', replacedBy: ['token_expires_at'] });
      expect(planned.token_expires_at).toBe(UNKNOWN);
      const lapses = rest.warnings.filter((warning) => TOKEN_LAPSED.test(warning));
      expect(lapses).toHaveLength(1);
      expect(terraform.diagnostics.find(({ summary }) => TOKEN_LAPSED.test(summary))).toMatchObject({
        severity: 'warning',
        path: ['token_expires_at'],
        detail: expect.stringContaining('nobody had redeemed it'),
      });
    },
  );

  test('the replacement has a new token, and plans nothing', async () => {
    const before = await lapsed();
    const after = await terraform.apply(type, config(life), before);
    expect(after.state.one_time_token).not.toBe(before.state.one_time_token);
    expect(after.state.id).not.toBe(before.state.id);
    expect((await plan(life, after)).action).toBe('nothing');
    const clients = type === 'ksm_gateway' ? service.vault.gateways : service.vault.devices;
    expect((await clients.list(application)).map(({ id }) => id)).toEqual([after.state.id]);
  });

  test('reissue = "never" leaves a lapsed token alone, without a word', async () => {
    const before = await lapsed({ reissue: 'never' });
    expect(await plan({ ...life, reissue: 'never' }, before)).toMatchObject({ action: 'nothing' });
    expect(terraform.diagnostics.filter(({ summary }) => TOKEN_LAPSED.test(summary))).toEqual([]);
  });

  test('a token that was redeemed plans nothing, however long ago it ended', async () => {
    const stored = await terraform.apply(type, config({ ...life, reissue: 'expired' }));
    await service.redeem(String(stored.state.client_id));
    service.passMinutes(100_000);
    expect(await plan({ ...life, reissue: 'expired' }, stored)).toMatchObject({ action: 'nothing' });
  });

  test('reissue changes in place and plans nothing else', async () => {
    const stored = await terraform.apply(type, config());
    const change = { reissue: 'never', token_expires_in_minutes: 90 };
    const { action, planned } = await plan(change, stored);
    expect({ action, planned }).toEqual({ action: 'update', planned: { ...stored.state, ...change } });
    expect((await terraform.apply(type, config(change), stored)).state).toEqual({ ...stored.state, ...change });
  });

  test('whether "never" comes with a lapsed token at once: it is adopted in place, and nothing is renewed', async () => {
    const before = await lapsed();
    expect(await plan({ ...life, reissue: 'never' }, before)).toMatchObject({ action: 'update', replacedBy: [] });
  });

  test('a lapsed token whose "reissue" is not known at plan is refused; one that lives is not', async () => {
    const living = await terraform.apply(type, config(life));
    expect((await plan({ ...life, reissue: UNKNOWN }, living)).action).toBe('update');
    service.passMinutes(6);
    await expect(plan({ ...life, reissue: UNKNOWN }, living)).rejects.toThrow(/"reissue" must be known at plan/);
  });

  test('what is replaced anyway is replaced for that, and no warning is needed', async () => {
    const before = await lapsed({ rotation_triggers: { v: '1' } });
    const plans = await plan({ ...life, rotation_triggers: { v: '2' } }, before);
    expect(plans.replacedBy).toEqual(['rotation_triggers']);
    expect(plans.warnings.filter((warning) => TOKEN_LAPSED.test(warning))).toEqual([]);
  });

  test('only the service says that a token lapsed, however its end looks to the provider', async () => {
    const stored = await terraform.apply(type, config());
    const old = { ...stored, state: { ...stored.state, token_expires_at: '1999-01-01T00:00:00.000Z' } };
    const unread = await terraform.process((server) => terraform.planIn(server, type, config(), old));
    expect(unread.action).toBe('nothing');
  });

  test('the configuration that was handed out instead of a token never lapses', async () => {
    const finished = { ...life, initialization: 'config', ...(type === 'ksm_gateway' ? {} : { ip_lock: false }) };
    const stored = await terraform.apply(type, config(finished));
    expect(stored.state.token_expires_at).toBeNull();
    service.passMinutes(100_000);
    expect((await plan(finished, stored)).action).toBe('nothing');
  });

  test('an imported one whose token lapsed is planned to be replaced, since a vault reports that', async () => {
    const before = await lapsed();
    const imported = await terraform.import(type, String(before.state.id));
    expect((await plan({}, imported)).replacedBy).toEqual(['token_expires_at']);
  });

  test('a state of before "reissue" has its default, and its lapsed token is renewed', async () => {
    const { private: bytes, state, ...stored } = await lapsed();
    const own = { vaultId: JSON.parse(Buffer.from(bytes).toString()).own.vaultId };
    const before = { ...stored, state, private: Buffer.from(JSON.stringify({ own })) };
    expect((await plan(life, before)).replacedBy).toEqual(['token_expires_at']);
  });
});

describe('the access of a device', () => {
  const given = { access_expires_in_minutes: 30, token_expires_in_minutes: 5 };
  const ended = async (change: ObjectValue, options: { redeemed: boolean }) => {
    const stored = await terraform.apply('ksm_client_device', config({ ...given, ...change }));
    if (options.redeemed) await service.redeem(String(stored.state.client_id));
    service.passMinutes(31);
    return terraform.plan('ksm_client_device', config({ ...given, ...change }), stored);
  };

  test.each([true, false])('ends for good with "unredeemed" and "never" (redeemed: %s)', async (redeemed) => {
    expect(await ended({}, { redeemed })).toMatchObject({ action: 'nothing' });
    expect(await ended({ reissue: 'never' }, { redeemed })).toMatchObject({ action: 'nothing' });
  });

  test.each([true, false])('is renewed by "expired", which says so (redeemed: %s)', async (redeemed) => {
    expect(await ended({ reissue: 'expired' }, { redeemed })).toMatchObject({
      action: 'replace',
      replacedBy: ['access_expires_at'],
      planned: { access_expires_at: UNKNOWN },
      warnings: ['The access of the client device has ended and is renewed'],
    });
  });

  test('is renewed by the apply, which leaves nothing to plan', async () => {
    const change = { ...given, reissue: 'expired' };
    const before = await terraform.apply('ksm_client_device', config(change));
    service.passMinutes(31);
    const after = await terraform.apply('ksm_client_device', config(change), before);
    expect(Date.parse(String(after.state.access_expires_at))).toBe(
      Date.parse(String(before.state.access_expires_at)) + 31 * 60_000,
    );
    expect((await terraform.plan('ksm_client_device', config(change), after)).action).toBe('nothing');
  });
});
