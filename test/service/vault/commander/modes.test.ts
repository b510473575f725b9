/** How a Commander may be set up, and what it is like on a bad day: each with the real package. */

import type { Call } from '../../../../service/vault/call';
import { type CommanderVault, createCommanderVault } from '../../../../service/vault/commander/commander';
import { checkSetup } from '../../../../service/vault/commander/setup-check';
import { OutcomeUnknown } from '../../../../service/vault/outcome-unknown';
import { systemClock } from '../../../../service/world/clock';
import { ALLOWED, Commander, type CommanderSettings, describeCommander } from '../../../commander/commander';
import { type TemporaryVault, temporaryVault } from '../temporary-vault';
import { anyCall } from '../vault-suite';

/** As `terraform-app-setup` allows it, and nothing widens it. */
const STOCK =
  'this-device,sync-down,record-add,record-update,rm,get,list,record-type-info,share-folder,rmdir,mkdir,mv,pam,secrets-manager,ln,share-record,nsf-mkdir,nsf-get,nsf-rmdir';
const MISSING = 'AAAAAAAAAAAAAAAAAAAAAA';

describeCommander('Keeper Commander', () => {
  let commander: Commander;
  let temporary: TemporaryVault;
  beforeEach(async () => {
    temporary = await temporaryVault({ startedAt: Date.now() });
  });
  afterEach(async () => {
    await commander.stop();
    await temporary.close();
  });

  async function open(settings: CommanderSettings = {}, more: object = {}): Promise<CommanderVault> {
    commander = await Commander.start({ gateway_cache_seconds: 0, ...settings });
    const { database, clock } = temporary;
    return createCommanderVault({ url: commander.url, apiKey: commander.apiKey, database, clock, ...more });
  }

  const newDevice = (applicationId: string, name = 'ci') => ({
    applicationId,
    name,
    ipLock: true,
    tokenExpiresInMinutes: 60,
  });

  test('with its queue off (v1) it works the same', async () => {
    const { applications, devices } = (await open({ queue_enabled: 'n' })).during(anyCall());
    const { id } = await applications.create({ name: 'payments' });
    const { oneTimeToken, clientId } = await devices.create(newDevice(id));
    expect((await commander.control('redeem', { token: oneTimeToken })).client).toBe(clientId);
  });

  test('encrypted replies open with the key, and without it say what is missing', async () => {
    const encryption_private_key = 'k'.repeat(32);
    const vault = await open({ encryption_private_key }, { encryptionKey: encryption_private_key });
    const { id } = await vault.during(anyCall()).applications.create({ name: 'payments' });
    expect((await vault.during(anyCall()).applications.get(id)).name).toBe('payments');
    const { database, clock } = temporary;
    const without = await createCommanderVault({ url: commander.url, apiKey: commander.apiKey, database, clock });
    await expect(without.during(anyCall()).applications.get(id)).rejects.toMatchObject({
      code: 'vault_unavailable',
      detail: expect.stringContaining('KSM_IAC_COMMANDER_ENCRYPTION_KEY'),
    });
  });

  test.each(['Asia/Kolkata', 'America/St_Johns'])(
    'read in another zone than that of its host (%s), its times are said to be off, and end no access',
    async (timeZone) => {
      const vault = await open({}, { timeZone });
      const { applications, devices } = vault.during(anyCall());
      const { id } = await applications.create({ name: 'payments' });
      const { clientId } = await devices.create({ ...newDevice(id), accessExpiresInMinutes: 5 });
      await vault.health();
      await commander.control('pass_minutes', { minutes: 6 });
      temporary.passMinutes(6);
      expect(await devices.get(id, clientId)).toMatchObject({ status: 'pending', lapsed: null });
      await expect(vault.health()).rejects.toMatchObject({
        code: 'vault_unavailable',
        detail: expect.stringContaining('--commander-time-zone'),
      });
      const { database, clock } = temporary;
      const mended = await createCommanderVault({ url: commander.url, apiKey: commander.apiKey, database, clock });
      expect(await mended.during(anyCall()).devices.get(id, clientId)).toMatchObject({ lapsed: 'access' });
      await mended.health();
    },
  );

  test.each([
    ['a wrong key', { apiKey: 'wrong' }, {}, 'KSM_IAC_COMMANDER_API_KEY'],
    ['an expired key', {}, { expiration: '2020-01-01T00:00:00' }, 'has expired'],
    ['a word that is not allowed', {}, { commands: 'pam' }, 'allow-list'],
    ['a Commander that is too old', {}, { says_version: '18.1.7' }, 'older than 18.1.8'],
    ['an address that is not allowed', {}, { ip_allowed_list: '10.9.9.9' } as object, 'list of addresses'],
  ])('%s is said in words, and nothing was run', async (_case, more, settings, words) => {
    const vault = await open(settings, more);
    const failure = await vault
      .during(anyCall())
      .applications.create({ name: 'x' })
      .catch((error) => error);
    expect([failure.code, failure.detail]).toEqual(['vault_unavailable', expect.stringContaining(words)]);
    expect(JSON.stringify(failure)).not.toContain(commander.apiKey);
    expect(await commander.applications()).toEqual([]);
  });

  test('one that was set up for Terraform, and is as new as it must be, works', async () => {
    const vault = await open({ says_version: '18.1.8' });
    expect(await vault.during(anyCall()).applications.create({ name: 'payments' })).toMatchObject({ name: 'payments' });
  });

  test('a session that has expired is renewed: a read is asked again, and a change is read back', async () => {
    const vault = await open();
    const { applications } = vault.during(anyCall());
    const { id } = await applications.create({ name: 'payments' });
    await commander.control('end_session');
    expect(await vault.during(anyCall()).applications.get(id)).toMatchObject({ name: 'payments' });
    await commander.control('end_session');
    const { call, progress } = noting();
    const input = newDevice(id);
    await expect(vault.during(call).devices.create(input)).rejects.toThrow(OutcomeUnknown);
    const step = { name: 'client_device.create', input } as const;
    expect(await vault.readBack(call, { operationId: 'o', step, progress: progress(), startedAt: 0 })).toEqual({
      effect: 'none',
    });
    const { clientId } = await vault.during(anyCall()).devices.create(input);
    expect((await commander.applications())[0]?.clients).toMatchObject([{ id: clientId }]);
  });

  test('a session that ends is said to have ended by whatever is asked, and a change is read back before it is made again', async () => {
    const vault = await open();
    const { applications, devices } = vault.during(anyCall());
    const { id } = await applications.create({ name: 'payments' });
    await applications.get(id);
    await commander.control('end_session', { for_good: true });
    await expect(devices.create(newDevice(id))).rejects.toThrow(OutcomeUnknown);
    await expect(devices.create(newDevice(id))).rejects.toMatchObject({ detail: expect.stringContaining('log in') });
    temporary.passMinutes(1);
    await expect(vault.during(anyCall()).applications.get(id)).rejects.toMatchObject({
      code: 'vault_unavailable',
      detail: expect.stringContaining('log in to Commander again'),
    });
    // As if somebody had logged in.
    await commander.restart();
    const { call, progress } = noting();
    const step = { name: 'client_device.create', input: newDevice(id) } as const;
    expect(await vault.readBack(call, { operationId: 'o', step, progress: progress(), startedAt: 0 })).toEqual({
      effect: 'none',
    });
    expect((await commander.applications())[0]?.clients).toEqual([]);
  });

  test('a Commander that is not there is unavailable at once, and its health says so', async () => {
    const vault = await open();
    await vault.health();
    await commander.stopService();
    for (const asking of [vault.health(), vault.during(anyCall()).applications.create({ name: 'x' })]) {
      await expect(asking).rejects.toMatchObject({
        code: 'vault_unavailable',
        detail: expect.stringContaining('does not answer'),
      });
    }
  });

  test('a rate limit is waited for, and nothing loses its place', async () => {
    const { applications } = (await open({ rate_limiting: '6 per 3 seconds' })).during(anyCall());
    const names = ['a', 'b', 'c'];
    const made = await Promise.all(names.map((name) => applications.create({ name })));
    expect(made.map(({ name }) => name)).toEqual(names);
    expect((await commander.applications()).map(({ title }) => title).sort()).toEqual(names);
  }, 240_000);

  test('while gateways cannot be known, the rest of an application is', async () => {
    const vault = await open();
    const { applications, devices } = vault.during(anyCall());
    const { id } = await applications.create({ name: 'payments' });
    await devices.create(newDevice(id));
    await commander.control('router', { down: true });
    const snapshot = await vault.during(anyCall()).applications.snapshot(id, new Set(['devices', 'gateways']));
    expect([snapshot.unavailable, snapshot.gateways, snapshot.devices?.length]).toEqual([['gateways'], undefined, 1]);
    expect(snapshot.unavailableReason).not.toBe('');
  });

  /** A call that keeps what the driver notes. */
  function noting(): { call: Call; progress: () => object | undefined } {
    let kept: object | undefined;
    const note = async (progress: object) => {
      kept = progress;
    };
    return { call: { ...anyCall(), note }, progress: () => kept };
  }

  test.each(['before', 'after'] as const)(
    'a creation whose call to Keeper is lost %s its effect is read back',
    async (kind) => {
      const vault = await open();
      await commander.control('fail', { endpoint: 'vault/application_add', kind });
      const { call, progress } = noting();
      const input = { name: 'payments' };
      await expect(vault.during(call).applications.create(input)).rejects.toThrow(OutcomeUnknown);
      const step = { name: 'application.create', input } as const;
      const back = await vault.readBack(call, { operationId: 'x', step, progress: progress(), startedAt: Date.now() });
      const [there] = await commander.applications();
      expect(back).toEqual(
        kind === 'after' ? { effect: 'done', result: expect.objectContaining({ id: there!.uid }) } : { effect: 'none' },
      );
    },
  );

  test('a device whose reply to us was lost is fetched once more, token included', async () => {
    const vault = await open();
    const { id } = await vault.during(anyCall()).applications.create({ name: 'payments' });
    const { call, progress } = noting();
    const made = await vault.during(call).devices.create(newDevice(id));
    const step = { name: 'client_device.create', input: newDevice(id) } as const;
    const intent = { operationId: 'x', step, startedAt: Date.now() };
    const back = await vault.readBack(call, { ...intent, progress: progress() });
    expect(back).toEqual({ effect: 'done', result: made });
    await commander.restart();
    // Its id was noted with its reply: it is known, and its token is lost.
    const lost = { ...made, oneTimeToken: null };
    expect(await vault.readBack(call, { ...intent, progress: progress() })).toEqual({ effect: 'done', result: lost });
  });

  test('a device whose call to Keeper was lost: there is one with the name that was not before', async () => {
    const vault = await open();
    const { id } = await vault.during(anyCall()).applications.create({ name: 'payments' });
    for (const [kind, effect] of [
      ['before', 'none'],
      ['after', 'suspected'],
    ] as const) {
      const { call, progress } = noting();
      await commander.control('fail', { endpoint: 'vault/app_client_add', kind });
      await expect(vault.during(call).devices.create(newDevice(id, kind))).rejects.toThrow(OutcomeUnknown);
      const step = { name: 'client_device.create', input: newDevice(id, kind) } as const;
      await commander.restart();
      const back = await vault.readBack(call, { operationId: 'x', step, startedAt: Date.now(), progress: progress() });
      expect([kind, back]).toMatchObject([kind, { effect }]);
      if (back.effect !== 'suspected') continue;
      const [client] = (await commander.applications())[0]!.clients;
      const endsAt = temporary.clock.now() + 3_600_000;
      expect(back.suspects).toMatchObject([
        { id: `${id}/${client!.id}`, kind: 'client_device', endsAt, isListed: true },
      ]);
    }
  });

  test('what was about to be sent and was not is not looked for', async () => {
    const vault = await open();
    const { id } = await vault.during(anyCall()).applications.create({ name: 'payments' });
    await commander.control('make_application', { title: 'billing' });
    await vault.during(anyCall()).devices.create(newDevice(id));
    const steps = [
      { name: 'application.create', input: { name: 'billing' } },
      { name: 'client_device.create', input: newDevice(id) },
      { name: 'gateway.create', input: { applicationId: id, name: 'site', tokenExpiresInMinutes: 60 } },
    ] as const;
    for (const step of steps) {
      const intent = { operationId: 'x', step, progress: undefined, startedAt: Date.now() };
      expect([step.name, await vault.readBack(anyCall(), intent)]).toEqual([step.name, { effect: 'none' }]);
    }
  });

  test('a grant that an update took away and could not make anew is put back', async () => {
    const vault = await open();
    const folder = await commander.control('folder', { name: 'Machines' });
    const { applications, grants } = vault.during(anyCall());
    const { id } = await applications.create({ name: 'payments' });
    await grants.put({ applicationId: id, secretUid: folder, editable: false, createOnly: true });
    await commander.control('fail', { endpoint: 'vault/app_share_add', kind: 'error', message: 'It failed' });
    const update = { applicationId: id, secretUid: folder, editable: true, createOnly: false };
    await expect(grants.put(update)).rejects.toThrow(OutcomeUnknown);
    expect((await commander.applications())[0]!.shares).toEqual([{ uid: folder, editable: false, opens: true }]);
  });

  test('nested shared folders are found, granted, changed in place and taken back as classic ones are', async () => {
    const vault = await open();
    const folder = await commander.control('nested_folder', { name: 'Team' });
    const child = await commander.control('nested_folder', { name: 'Team inner', parent: folder });
    const classic = await commander.control('folder', { name: 'Classic' });
    const { applications, grants, secrets } = vault.during(anyCall());
    expect((await secrets.list({ limit: 9, kind: 'folder' })).items).toEqual([
      { uid: classic, kind: 'folder', folderKind: 'classic', name: 'Classic', path: null },
      { uid: folder, kind: 'folder', folderKind: 'nested', name: 'Team', path: null },
      { uid: child, kind: 'folder', folderKind: 'nested', name: 'Team inner', path: null },
    ]);
    const { id } = await applications.create({ name: 'payments' });
    const put = (secretUid: string, editable: boolean) =>
      grants.put({ applicationId: id, secretUid, editable, kind: 'folder', createOnly: false });
    expect(await put(folder, false)).toMatchObject({ outcome: 'created', grant: { kind: 'folder', title: 'Team' } });
    const granted = async () => (await commander.applications())[0]!.shares;
    expect(await granted()).toEqual([{ uid: folder, editable: false, opens: true }]);
    expect((await put(folder, false)).outcome).toBe('unchanged');
    expect(await put(folder, true)).toMatchObject({ outcome: 'updated', before: { editable: false } });
    expect(await granted()).toEqual([{ uid: folder, editable: true, opens: true }]);
    // What reaches the application through a folder above is no grant, and cannot be made one beside it.
    await expect(put(child, true)).rejects.toMatchObject({
      code: 'grant_inherited',
      detail: expect.stringContaining(`through the folder ${folder} that it is in`),
    });
    expect(await granted()).toEqual([{ uid: folder, editable: true, opens: true }]);
    await put(classic, false);
    await grants.remove(id, folder);
    expect(await granted()).toEqual([{ uid: classic, editable: false, opens: true }]);
    await expect(grants.get(id, folder)).rejects.toMatchObject({ code: 'grant_not_found' });
  });

  test('records in nested shared folders are found, granted, changed in place and taken back as classic ones are', async () => {
    const vault = await open();
    const folder = await commander.control('nested_folder', { name: 'Team' });
    const nested = await commander.control('nested_record', { title: 'Deep key', folder });
    const classic = await commander.control('record', { title: 'Lone key' });
    const { applications, grants, secrets } = vault.during(anyCall());
    expect((await secrets.list({ limit: 9, kind: 'record' })).items).toEqual(
      expect.arrayContaining([
        { uid: classic, kind: 'record', folderKind: null, name: 'Lone key', path: null },
        { uid: nested, kind: 'record', folderKind: null, name: 'Deep key', path: null },
      ]),
    );
    const { id } = await applications.create({ name: 'payments' });
    const put = (secretUid: string, editable: boolean, createOnly = false) =>
      grants.put({ applicationId: id, secretUid, editable, kind: 'record', createOnly });
    const granted = async () => (await commander.applications())[0]!.shares;
    expect(await put(nested, false)).toMatchObject({
      outcome: 'created',
      grant: { kind: 'record', title: 'Deep key' },
    });
    expect(await granted()).toEqual([{ uid: nested, editable: false, opens: true }]);
    expect((await put(nested, false)).outcome).toBe('unchanged');
    await expect(put(nested, true, true)).rejects.toMatchObject({ code: 'grant_exists' });
    expect(await put(nested, true)).toMatchObject({ outcome: 'updated', before: { editable: false } });
    expect(await granted()).toEqual([{ uid: nested, editable: true, opens: true }]);
    // Its folder is another grant, and neither is the other's.
    await grants.put({ applicationId: id, secretUid: folder, editable: false, kind: 'folder', createOnly: true });
    await put(classic, false);
    await grants.remove(id, nested);
    expect((await granted()).map(({ uid }) => uid).sort()).toEqual([classic, folder].sort());
    await expect(grants.get(id, nested)).rejects.toMatchObject({ code: 'grant_not_found' });
    await expect(
      grants.put({ applicationId: id, secretUid: nested, editable: false, kind: 'folder', createOnly: true }),
    ).rejects.toMatchObject({ code: 'not_a_folder' });
  });

  test('a folder that was made after the list was read is found when it is granted', async () => {
    const vault = await open();
    const { applications, grants, secrets } = vault.during(anyCall());
    const { id } = await applications.create({ name: 'payments' });
    expect((await secrets.list({ limit: 9 })).items).toEqual([]);
    const folder = await commander.control('folder', { name: 'New' });
    const put = { applicationId: id, secretUid: folder, editable: false, createOnly: true };
    expect(await grants.put(put)).toMatchObject({ outcome: 'created', grant: { title: 'New' } });
  });

  test('on the stock install, which lists no folders, they are granted by their UID, and a name says which word is missing', async () => {
    const vault = await open({ commands: STOCK });
    const folder = await commander.control('folder', { name: 'Classic' });
    const nested = await commander.control('nested_folder', { name: 'Team' });
    const record = await commander.control('record', { title: 'Lone' });
    const { applications, grants, secrets } = vault.during(anyCall());
    const { id } = await applications.create({ name: 'payments' });
    for (const [secretUid, kind] of [
      [folder, 'folder'],
      [nested, 'folder'],
      [record, 'record'],
    ] as const) {
      await grants.put({ applicationId: id, secretUid, editable: true, kind, createOnly: true });
    }
    expect((await commander.applications())[0]!.shares.map(({ opens }) => opens)).toEqual([true, true, true]);
    expect((await secrets.find([nested, MISSING, folder])).map(({ kind, name }) => [kind, name])).toEqual([
      ['folder', 'Team'],
      ['unknown', null],
      ['folder', 'Classic'],
    ]);
    await expect(secrets.list({ limit: 9, name: 'Classic' })).rejects.toMatchObject({
      code: 'unsupported_by_vault',
      detail: expect.stringContaining('list-sf and nsf-list'),
    });
    expect((await secrets.list({ limit: 9, kind: 'record' })).items).toHaveLength(1);
    await expect(
      grants.put({ applicationId: id, secretUid: MISSING, editable: true, createOnly: true }),
    ).rejects.toMatchObject({ code: 'secret_not_found', detail: expect.stringContaining('allow-list') });
  });

  test('applications that Commander makes for itself are left alone', async () => {
    const vault = await open();
    const uid = await commander.control('make_application', { title: 'Commander Service Mode - Terraform KSM App' });
    const { applications } = vault.during(anyCall());
    expect((await applications.list({ limit: 9 })).items).toEqual([]);
    await expect(applications.get(uid)).rejects.toMatchObject({ code: 'application_not_found' });
    await expect(applications.remove(uid, { force: true })).rejects.toMatchObject({ code: 'application_not_found' });
    expect(await commander.applications()).toHaveLength(1);
  });

  test('commands are counted by their words, and never by what follows them', async () => {
    const vault = await open();
    const { applications, devices } = vault.during(anyCall());
    const { id } = await applications.create({ name: 'canary' });
    await applications.rename(id, 'canary2');
    await devices.create(newDevice(id, 'canary3'));
    await applications.remove(id, { force: true });
    const words = [...vault.counts.commands.keys()];
    expect(words).toEqual(
      expect.arrayContaining([
        'secrets-manager app create',
        'secrets-manager app update',
        'secrets-manager client add',
      ]),
    );
    expect(words.join()).not.toMatch(new RegExp(`canary|other|${id}`));
  });

  test.each([
    ['as it should be', {}, ['ok connection', 'ok key', 'ok words', 'ok queue', 'ok session']],
    [
      'with more words than it needs, and without a queue',
      { commands: `${ALLOWED},get,rm`, queue_enabled: 'n' as const },
      ['ok connection', 'ok key', 'ok words', 'warning more words', 'warning queue', 'ok session'],
    ],
    [
      'as terraform-app-setup makes it',
      { commands: 'secrets-manager,pam,sync-down,list' },
      ['ok connection', 'ok key', 'warning words', 'ok queue', 'ok session'],
    ],
    ['with an expired key', { expiration: '2020-01-01T00:00:00' }, ['ok connection', 'failed key']],
  ])('a setup %s is said to be so, and nothing is changed', async (_case, settings, expected) => {
    await open(settings);
    await commander.control('calls');
    const found = [];
    for await (const finding of checkSetup({ url: commander.url, apiKey: commander.apiKey, clock: systemClock })) {
      found.push(finding);
    }
    expect(found.map(({ state, what }) => `${state} ${what}`)).toEqual(expected);
    expect(JSON.stringify(found)).not.toContain(commander.apiKey);
    const reads = new Set(['vault/sync_down', 'vault/get_record_types']);
    expect(((await commander.control('calls')) as string[]).filter((call) => !reads.has(call))).toEqual([]);
  });

  test('another account behind the same URL is said to be one, and is not "all gone"', async () => {
    const vault = await open();
    const { id } = await vault.during(anyCall()).applications.create({ name: 'payments' });
    await vault.during(anyCall()).applications.create({ name: 'billing' });
    const other = (await commander.applications()).find(({ uid }) => uid !== id)!;
    await commander.control('remove_application', { uid: id });
    temporary.passMinutes(1);
    await expect(vault.during(anyCall()).applications.get(id)).rejects.toMatchObject({ code: 'application_not_found' });
    await vault.health();
    await commander.control('remove_application', { uid: other.uid });
    await commander.control('make_application', { title: "somebody else's" });
    temporary.passMinutes(1);
    for (const asking of [
      vault.during(anyCall()).applications.get(id),
      vault.during(anyCall()).applications.list({ limit: 9 }),
    ]) {
      await expect(asking).rejects.toMatchObject({
        code: 'vault_changed',
        detail: expect.stringContaining('--vault-id'),
      });
    }
    await expect(vault.health()).rejects.toMatchObject({ code: 'vault_changed' });
    const { database, clock } = temporary;
    const { url, apiKey } = commander;
    const restated = await createCommanderVault({ url, apiKey, database, clock, isRestated: true });
    expect((await restated.during(anyCall()).applications.list({ limit: 9 })).items).toHaveLength(1);
    await expect(restated.during(anyCall()).applications.get(id)).rejects.toMatchObject({
      code: 'application_not_found',
    });
  });

  test('an application whose UID begins with a dash is addressed by its title, unless another has it too', async () => {
    const vault = await open();
    const uid = `-${'A'.repeat(20)}A`;
    await commander.control('make_application', { title: 'adopted', uid });
    const look = () => vault.during({ ...anyCall(), runId: String(Math.random()) }).applications.get(uid);
    temporary.passMinutes(1);
    expect((await look()).name).toBe('adopted');
    await commander.control('make_application', { title: 'adopted' });
    temporary.passMinutes(1);
    await expect(look()).rejects.toMatchObject({
      code: 'unsupported_by_vault',
      detail: expect.stringContaining('Rename'),
    });
  });
});
