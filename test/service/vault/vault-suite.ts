/** The suite of the vault port: every driver passes it. */

import { CLIENT_ID_PATTERN, DEPENDENTS_MAX_ITEMS, UID_PATTERN } from '../../../contract/limits';
import type { ApplicationPart } from '../../../contract/types';
import type { Call } from '../../../service/vault/call';
import type { Vault } from '../../../service/vault/port';
import type { VaultNouns } from '../../../service/vault/vault';
import { randomId } from '../../../service/world/random-id';

/** What Keeper itself does not tell or do; `commander/differences.ts` says what and why. */
export interface Lacks {
  /** When a grant was made. */
  readonly grantTimes?: true;
  /** Names that its commands cannot carry. */
  readonly names?: RegExp;
  /** Where a folder or a record is. */
  readonly paths?: true;
  /** A folder inside a shared folder is told apart from nothing. */
  readonly subfolders?: true;
  /** Minutes after the end of an unused token until it is certain. */
  readonly lapseMinutes?: { readonly device: number; readonly gateway: number };
  /** Whether the bind of a configuration by the vault itself looks like a use. */
  readonly ownBind?: true;
}

/** A vault with the means to make happen what its users do elsewhere. */
export interface VaultUnderTest {
  readonly vault: Vault;
  /** Content to grant: two shared folders, a folder inside the first, a record in it and one in no folder. */
  readonly content: { folder: string; otherFolder: string; subfolder: string; record: string; loneRecord: string };
  /** Redeems a one-time token as a device does. */
  redeem(oneTimeToken: string | null): Promise<void>;
  passMinutes(minutes: number): void | Promise<void>;
  /** What it cannot do as the embedded vault does. @default all of it */
  readonly lacks?: Lacks | undefined;
  close(): Promise<void>;
}

/** With the region before it, or bare. */
const TOKEN = /^([A-Z]{2}:)?[\w-]{43}$/;
const MISSING = 'AAAAAAAAAAAAAAAAAAAAAA';
const MISSING_CLIENT = 'A'.repeat(86);
const NAMES = ['plain', 'a "b" \'c\' \\ d', '$' + '{x} %{y}', 'Zażółć 日本 😀', '-leading', ' spaced ', 'a/b:c,d'];
const everything = new Set<ApplicationPart>(['grants', 'devices', 'gateways']);

/** A look or a change for nobody. */
export const anyCall = (): Call => ({
  operationId: randomId(),
  signal: new AbortController().signal,
  note: async () => undefined,
});

export function vaultSuite(open: () => Promise<VaultUnderTest>): void {
  let test_: VaultUnderTest;
  let vault: VaultNouns;
  const lacks = () => test_.lacks ?? {};
  beforeEach(async () => {
    test_ = await open();
    vault = test_.vault.during(anyCall());
  });
  afterEach(() => test_.close());

  const newApplication = async (name = 'payments') => (await vault.applications.create({ name })).id;
  const newDevice = (applicationId: string, more: { name?: string; accessExpiresInMinutes?: number } = {}) =>
    vault.devices.create({ applicationId, name: 'ci', ipLock: true, tokenExpiresInMinutes: 60, ...more });
  const newGateway = (applicationId: string, name = 'gw') =>
    vault.gateways.create({ applicationId, name, tokenExpiresInMinutes: 60 });

  describe('applications', () => {
    test('an application is found by its id and by its exact name', async () => {
      const created = await vault.applications.create({ name: 'payments' });
      expect(created).toEqual({
        id: expect.stringMatching(UID_PATTERN),
        name: 'payments',
        createdAt: expect.stringMatching(/Z$/),
      });
      expect(await vault.applications.get(created.id)).toEqual(created);
      expect(await vault.applications.list({ limit: 10, name: 'payments' })).toEqual({ items: [created] });
      expect(await vault.applications.list({ limit: 10, name: 'PAYMENTS' })).toEqual({ items: [] });
    });

    test.each(NAMES)('the name %j comes back unchanged, or is refused before anything is made', async (name) => {
      if (lacks().names?.test(name)) {
        await expect(newApplication(name)).rejects.toMatchObject({
          code: 'unsupported_by_vault',
          facts: { errors: [{ field: '/name' }] },
        });
        expect((await vault.applications.list({ limit: 9 })).items).toEqual([]);
        return;
      }
      const id = await newApplication(name);
      expect((await vault.applications.get(id)).name).toBe(name);
    });

    test('a name that is taken in another letter case is refused with the id to import', async () => {
      const existingId = await newApplication('Payments');
      await expect(vault.applications.create({ name: 'pAYMENTS' })).rejects.toMatchObject({
        code: 'application_exists',
        facts: { existingId },
      });
      const other = await newApplication('other');
      await expect(vault.applications.rename(other, 'PAYMENTS')).rejects.toMatchObject({ code: 'application_exists' });
      expect((await vault.applications.rename(existingId, 'PAYMENTS')).name).toBe('PAYMENTS');
    });

    test('two creations of one name at the same time make one application', async () => {
      const results = await Promise.allSettled([newApplication('same'), newApplication('same')]);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    test('a rename keeps the id and what is under it', async () => {
      const id = await newApplication();
      const { clientId } = await newDevice(id);
      expect(await vault.applications.rename(id, 'billing')).toMatchObject({ id, name: 'billing' });
      expect((await vault.devices.list(id)).map((device) => device.clientId)).toEqual([clientId]);
    });

    test('what does not exist is application_not_found, whatever is asked of it', async () => {
      for (const asking of [
        vault.applications.get(MISSING),
        vault.applications.snapshot(MISSING, everything),
        vault.applications.rename(MISSING, 'x'),
        vault.applications.remove(MISSING, { force: true }),
        vault.grants.list(MISSING),
        vault.grants.put({
          applicationId: MISSING,
          secretUid: test_.content.folder,
          editable: false,
          createOnly: true,
        }),
        vault.devices.list(MISSING),
        newDevice(MISSING),
        vault.gateways.list(MISSING),
        newGateway(MISSING),
      ]) {
        await expect(asking).rejects.toMatchObject({ code: 'application_not_found' });
      }
    });

    test('pages hold every application once', async () => {
      const ids = [];
      for (let number = 0; number < 5; number++) {
        ids.push(await newApplication(`application ${number}`));
      }
      const listed: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await vault.applications.list({ limit: 2, cursor });
        listed.push(...page.items.map((item) => item.id));
        cursor = page.nextCursor;
      } while (cursor);
      expect(listed.sort()).toEqual(ids.sort());
    });

    test.each(['x y', ''])('the cursor %j, that no page gave, is invalid_request', async (cursor) => {
      await expect(vault.applications.list({ limit: 2, cursor })).rejects.toMatchObject({
        code: 'invalid_request',
        facts: { errors: [{ field: 'query/cursor', message: expect.stringContaining(`"${cursor}"`) }] },
      });
    });

    test('a snapshot has what was asked for, and never a token', async () => {
      const id = await newApplication();
      await vault.grants.put({ applicationId: id, secretUid: test_.content.folder, editable: true, createOnly: false });
      const device = await newDevice(id);
      const gateway = await newGateway(id);
      const snapshot = await vault.applications.snapshot(id, everything);
      expect(snapshot).toEqual({
        ...(await vault.applications.get(id)),
        grants: await vault.grants.list(id),
        devices: await vault.devices.list(id),
        gateways: await vault.gateways.list(id),
      });
      expect(JSON.stringify(snapshot)).not.toContain(device.oneTimeToken!);
      expect(JSON.stringify(snapshot)).not.toContain(gateway.oneTimeToken!);
      const part = await vault.applications.snapshot(id, new Set<ApplicationPart>(['devices']));
      expect(Object.keys(part).sort()).toEqual(['createdAt', 'devices', 'id', 'name']);
    });

    test('a deletion is refused with the list of what is still there, unless it is forced', async () => {
      const id = await newApplication();
      const { folder } = test_.content;
      const { grant } = await vault.grants.put({
        applicationId: id,
        secretUid: folder,
        editable: false,
        createOnly: true,
      });
      const device = await newDevice(id);
      const gateway = await newGateway(id);
      await expect(vault.applications.remove(id, { force: false })).rejects.toMatchObject({
        code: 'application_not_empty',
        detail: expect.stringContaining('1 grant, 1 client device, 1 gateway'),
        facts: {
          dependentsTotal: 3,
          dependents: [
            { kind: 'grant', id: grant.id, name: grant.title },
            { kind: 'client_device', id: device.id, name: 'ci' },
            { kind: 'gateway', id: gateway.id, name: 'gw' },
          ],
        },
      });
      expect(await vault.devices.list(id)).toHaveLength(1);
      await vault.applications.remove(id, { force: true });
      await expect(vault.devices.get(id, device.clientId)).rejects.toMatchObject({ code: 'device_not_found' });
      await expect(test_.redeem(device.oneTimeToken)).rejects.toThrow();
      expect(await newApplication()).not.toBe(id);
    });

    test('of many that stand in the way a refusal names a hundred and counts all', async () => {
      const id = await newApplication();
      await vault.grants.put({ applicationId: id, secretUid: test_.content.folder, editable: true, createOnly: true });
      for (let number = 0; number < DEPENDENTS_MAX_ITEMS; number++) await newDevice(id, { name: `d ${number}` });
      await newGateway(id);
      const refused = await vault.applications.remove(id, { force: false }).catch((error) => error);
      expect(refused.detail).toContain('1 grant, 100 client devices, 1 gateway');
      expect(refused.facts.dependentsTotal).toBe(DEPENDENTS_MAX_ITEMS + 2);
      const names = refused.facts.dependents.map(({ name }: { name: string }) => name);
      expect([names.length, names[0], names[1], names.at(-1)]).toEqual([100, 'Databases', 'd 0', 'd 98']);
    });

    test('devices that lapsed or ended never block a deletion', async () => {
      const id = await newApplication();
      await newDevice(id);
      const used = await newDevice(id, { accessExpiresInMinutes: 30 });
      await newGateway(id);
      await test_.redeem(used.oneTimeToken);
      await test_.passMinutes(61 + (lacks().lapseMinutes?.gateway ?? 0));
      await vault.applications.remove(id, { force: false });
      await expect(vault.applications.get(id)).rejects.toMatchObject({ code: 'application_not_found' });
    });
  });

  describe('grants', () => {
    let applicationId: string;
    beforeEach(async () => {
      applicationId = await newApplication();
    });
    const put = (
      secretUid: string,
      more: { editable?: boolean; kind?: 'folder' | 'record'; createOnly?: boolean } = {},
    ) => vault.grants.put({ applicationId, secretUid, editable: false, createOnly: false, ...more });

    test('a shared folder and single records, in a folder or not, are granted with their titles', async () => {
      const { folder, record, loneRecord } = test_.content;
      expect(await put(folder, { kind: 'folder' })).toEqual({
        outcome: 'created',
        grant: {
          id: `${applicationId}/${folder}`,
          applicationId,
          secretUid: folder,
          kind: 'folder',
          title: 'Databases',
          editable: false,
          createdAt: lacks().grantTimes ? null : expect.stringMatching(/Z$/),
        },
      });
      expect((await put(record, { kind: 'record' })).grant).toMatchObject({ kind: 'record', title: 'In folder' });
      expect((await put(loneRecord)).grant).toMatchObject({ kind: 'record', title: 'Lone' });
      expect((await vault.grants.list(applicationId)).map((grant) => grant.secretUid)).toEqual([
        folder,
        record,
        loneRecord,
      ]);
    });

    test('the same grant again is unchanged, another permission changes it in place', async () => {
      const { folder } = test_.content;
      const first = await put(folder);
      expect(await put(folder, { createOnly: true })).toEqual({ ...first, outcome: 'unchanged' });
      expect(await put(folder, { editable: true })).toEqual({
        grant: { ...first.grant, editable: true },
        outcome: 'updated',
        before: { editable: false },
      });
      expect(await vault.grants.get(applicationId, folder)).toMatchObject({ editable: true });
    });

    test('a creation beside a grant of another permission is grant_exists with the id to import', async () => {
      const { folder } = test_.content;
      const { grant } = await put(folder, { editable: true });
      await expect(put(folder, { createOnly: true })).rejects.toMatchObject({
        code: 'grant_exists',
        detail: expect.stringContaining('editable where read-only'),
        facts: { existingId: grant.id },
      });
      expect(await vault.grants.get(applicationId, folder)).toMatchObject({ editable: true });
    });

    test('what is not there or not of the kind is refused by name', async () => {
      const { folder, subfolder, record } = test_.content;
      await expect(put(MISSING)).rejects.toMatchObject({
        code: 'secret_not_found',
        detail: expect.stringContaining('"ksm-iac secret list" lists what'),
      });
      await expect(put(record, { kind: 'folder' })).rejects.toMatchObject({ code: 'not_a_folder' });
      await expect(put(folder, { kind: 'record' })).rejects.toMatchObject({ code: 'not_a_record' });
      await expect(put(subfolder)).rejects.toMatchObject(
        lacks().subfolders
          ? { code: 'secret_not_found' }
          : { code: 'not_a_folder', detail: expect.stringContaining(folder) },
      );
      expect(await vault.grants.list(applicationId)).toEqual([]);
    });

    test('a removed grant is gone, and its removal again is grant_not_found', async () => {
      const { folder } = test_.content;
      await put(folder);
      await vault.grants.remove(applicationId, folder);
      await expect(vault.grants.get(applicationId, folder)).rejects.toMatchObject({ code: 'grant_not_found' });
      await expect(vault.grants.remove(applicationId, folder)).rejects.toMatchObject({ code: 'grant_not_found' });
    });
  });

  describe('client devices', () => {
    let applicationId: string;
    beforeEach(async () => {
      applicationId = await newApplication();
    });

    test('a new device is pending, and its token is in the reply alone', async () => {
      const created = await newDevice(applicationId, { accessExpiresInMinutes: 90 });
      const { oneTimeToken, initialization, config, ...device } = created;
      expect(config).toBeNull();
      expect(oneTimeToken).toMatch(TOKEN);
      expect(initialization).toBe('token');
      expect(device).toEqual({
        id: `${applicationId}/${device.clientId}`,
        applicationId,
        clientId: expect.stringMatching(CLIENT_ID_PATTERN),
        name: 'ci',
        hostname: expect.any(String),
        status: 'pending',
        lapsed: null,
        createdAt: expect.any(String),
        tokenExpiresAt: expect.any(String),
        accessExpiresAt: expect.any(String),
        firstAccessAt: null,
        lastAccessAt: null,
        ipAddress: null,
        ipLock: true,
      });
      const minutes = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 60_000;
      expect(minutes(device.createdAt, device.tokenExpiresAt!)).toBe(60);
      expect(minutes(device.createdAt, device.accessExpiresAt!)).toBe(90);
      expect(await vault.devices.get(applicationId, device.clientId)).toEqual(device);
      expect(await vault.devices.list(applicationId)).toEqual([device]);
      expect(await vault.gateways.list(applicationId)).toEqual([]);
    });

    test('without an end the access never ends', async () => {
      expect((await newDevice(applicationId)).accessExpiresAt).toBeNull();
    });

    test('two devices may have one name, and each has its own client id and token', async () => {
      const devices = [await newDevice(applicationId), await newDevice(applicationId)];
      expect(new Set(devices.flatMap((device) => [device.clientId, device.oneTimeToken])).size).toBe(4);
    });

    test('a redeemed device is active, with the address it came from', async () => {
      const { clientId, oneTimeToken } = await newDevice(applicationId);
      await test_.redeem(oneTimeToken);
      expect(await vault.devices.get(applicationId, clientId)).toMatchObject({
        status: 'active',
        lapsed: null,
        firstAccessAt: expect.any(String),
        lastAccessAt: expect.any(String),
        ipAddress: expect.any(String),
      });
      await test_.passMinutes(2000);
      expect(await vault.devices.get(applicationId, clientId)).toMatchObject({ status: 'active', lapsed: null });
    });

    test('a token that nobody redeemed in time lapses, to the minute', async () => {
      const { clientId, oneTimeToken } = await newDevice(applicationId);
      await test_.passMinutes(59);
      expect(await vault.devices.get(applicationId, clientId)).toMatchObject({ status: 'pending', lapsed: null });
      await test_.passMinutes(1 + (lacks().lapseMinutes?.device ?? 0));
      expect(await vault.devices.get(applicationId, clientId)).toMatchObject({ status: 'lapsed', lapsed: 'token' });
      await expect(test_.redeem(oneTimeToken)).rejects.toThrow();
    });

    test('a device whose access has ended is ended, redeemed or not', async () => {
      const used = await newDevice(applicationId, { accessExpiresInMinutes: 90 });
      const unused = await newDevice(applicationId, { accessExpiresInMinutes: 90 });
      await test_.redeem(used.oneTimeToken);
      await test_.passMinutes(90);
      for (const { clientId } of [used, unused]) {
        expect(await vault.devices.get(applicationId, clientId)).toMatchObject({ status: 'ended', lapsed: 'access' });
      }
    });

    test('a revoked device is gone from everywhere, and another application cannot revoke it', async () => {
      const { clientId, oneTimeToken } = await newDevice(applicationId);
      const other = await newApplication('other');
      await expect(vault.devices.remove(other, clientId)).rejects.toMatchObject({ code: 'device_not_found' });
      await expect(vault.gateways.remove(applicationId, clientId)).rejects.toMatchObject({ code: 'gateway_not_found' });
      await vault.devices.remove(applicationId, clientId);
      await expect(vault.devices.get(applicationId, clientId)).rejects.toMatchObject({ code: 'device_not_found' });
      await expect(vault.devices.remove(applicationId, clientId)).rejects.toMatchObject({ code: 'device_not_found' });
      expect(await vault.devices.list(applicationId)).toEqual([]);
      await expect(test_.redeem(oneTimeToken)).rejects.toThrow();
    });
  });

  describe('configurations', () => {
    let applicationId: string;
    beforeEach(async () => {
      applicationId = await newApplication();
    });
    const newConfig = () =>
      vault.devices.create({
        applicationId,
        name: 'ci',
        ipLock: false,
        tokenExpiresInMinutes: 60,
        initialization: 'config',
      });
    const parse = (config: string | null) => JSON.parse(Buffer.from(config!, 'base64').toString());

    test('a device with a configuration is active at once, and has no token that could end', async () => {
      const { oneTimeToken, config, initialization, ...device } = await newConfig();
      expect([oneTimeToken, initialization]).toEqual([null, 'config']);
      expect(device).toMatchObject({ status: 'active', lapsed: null, tokenExpiresAt: null, ipLock: false });
      expect([device.firstAccessAt, device.lastAccessAt]).toEqual([null, null]);
      await test_.passMinutes(2000);
      const later = await vault.devices.get(applicationId, device.clientId);
      const bind = {
        firstAccessAt: expect.any(String),
        lastAccessAt: expect.any(String),
        ipAddress: expect.any(String),
      };
      expect(later).toEqual(lacks().ownBind ? { ...device, ...bind } : device);
      const { clientId, hostname, ...keys } = parse(config);
      expect(Buffer.from(clientId, 'base64').toString('base64url')).toBe(device.clientId);
      expect(hostname).toBe(device.hostname);
      expect(Object.keys(keys)).toEqual(
        expect.arrayContaining(['privateKey', 'serverPublicKeyId', 'appKey', 'appOwnerPublicKey']),
      );
    });

    test('a device that was bound for its configuration keeps its application until it is removed', async () => {
      const { clientId } = await newConfig();
      await test_.passMinutes(2000);
      await expect(vault.applications.remove(applicationId, { force: false })).rejects.toMatchObject({
        code: 'application_not_empty',
      });
      await vault.devices.remove(applicationId, clientId);
      await vault.applications.remove(applicationId, { force: false });
    });

    test('a gateway with a configuration that nobody has used has not initialised', async () => {
      const { config, oneTimeToken, clientId, gatewayUid } = await vault.gateways.create({
        applicationId,
        name: 'gw',
        tokenExpiresInMinutes: 60,
        initialization: 'config',
      });
      expect([oneTimeToken, gatewayUid]).toEqual([null, null]);
      expect(Buffer.from(parse(config).clientId, 'base64').toString('base64url')).toBe(clientId);
    });
  });

  describe('gateways', () => {
    let applicationId: string;
    beforeEach(async () => {
      applicationId = await newApplication();
    });

    test('a new gateway is pending, without a gateway UID, and no device', async () => {
      const { oneTimeToken, initialization, config, ...gateway } = await newGateway(applicationId);
      expect(config).toBeNull();
      expect([oneTimeToken, initialization]).toEqual([expect.stringMatching(TOKEN), 'token']);
      expect(gateway).toEqual({
        id: `${applicationId}/${gateway.clientId}`,
        applicationId,
        clientId: expect.stringMatching(CLIENT_ID_PATTERN),
        name: 'gw',
        hostname: expect.any(String),
        status: 'pending',
        lapsed: null,
        createdAt: expect.any(String),
        tokenExpiresAt: expect.any(String),
        firstAccessAt: null,
        lastAccessAt: null,
        ipAddress: null,
        gatewayUid: null,
        online: null,
      });
      expect(await vault.gateways.get(applicationId, gateway.clientId)).toEqual(gateway);
      expect(await vault.devices.list(applicationId)).toEqual([]);
    });

    test('it can be renamed once it has initialised, and then has a gateway UID', async () => {
      const { clientId, oneTimeToken } = await newGateway(applicationId);
      await expect(vault.gateways.rename(applicationId, clientId, 'new')).rejects.toMatchObject({
        code: 'gateway_not_initialized',
      });
      await test_.redeem(oneTimeToken);
      expect(await vault.gateways.rename(applicationId, clientId, 'new')).toMatchObject({
        name: 'new',
        status: 'active',
        gatewayUid: expect.stringMatching(UID_PATTERN),
      });
      expect((await vault.gateways.get(applicationId, clientId)).name).toBe('new');
    });

    test('an unredeemed gateway lapses like a device', async () => {
      const { clientId } = await newGateway(applicationId);
      await test_.passMinutes(60 + (lacks().lapseMinutes?.gateway ?? 0));
      expect(await vault.gateways.get(applicationId, clientId)).toMatchObject({ status: 'lapsed', lapsed: 'token' });
    });

    test('a removed gateway is gone', async () => {
      const { clientId } = await newGateway(applicationId);
      await vault.gateways.remove(applicationId, clientId);
      await expect(vault.gateways.remove(applicationId, clientId)).rejects.toMatchObject({ code: 'gateway_not_found' });
      await expect(vault.gateways.rename(applicationId, MISSING_CLIENT, 'x')).rejects.toMatchObject({
        code: 'gateway_not_found',
      });
    });
  });

  describe('secrets', () => {
    const NOTHING = { folderKind: null, name: null, path: null };
    const recordNamed = (uid: string, name: string, at = name) => ({
      uid,
      kind: 'record',
      folderKind: null,
      name,
      path: lacks().paths ? null : at,
    });
    const folderNamed = (uid: string, name: string) => ({
      uid,
      kind: 'folder',
      folderKind: 'classic',
      name,
      path: lacks().paths ? null : name,
    });

    test('a UID is a folder, a record, or unknown, never an error, and each is answered in its place', async () => {
      const { folder, subfolder, record, loneRecord } = test_.content;
      expect(await vault.secrets.find([loneRecord, MISSING, folder, subfolder, record, folder])).toEqual([
        recordNamed(loneRecord, 'Lone'),
        { uid: MISSING, kind: 'unknown', ...NOTHING },
        folderNamed(folder, 'Databases'),
        { uid: subfolder, kind: 'unknown', ...NOTHING },
        recordNamed(record, 'In folder', 'Databases/In folder'),
        folderNamed(folder, 'Databases'),
      ]);
    });

    const pages = async (filter: Partial<Parameters<VaultNouns['secrets']['list']>[0]>) => {
      const listed: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await vault.secrets.list({ ...filter, limit: 2, cursor });
        expect(page.items.length).toBeLessThanOrEqual(2);
        listed.push(...page.items.map(({ uid }) => uid));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return listed;
    };

    test('pages hold every shared folder once, then every record, or the one kind', async () => {
      const { folder, otherFolder, subfolder, record, loneRecord } = test_.content;
      const all = await pages({});
      expect(all.slice(0, 2)).toEqual([folder, otherFolder]);
      expect(all).toEqual(expect.arrayContaining([record, loneRecord]));
      expect(all).not.toContain(subfolder);
      expect(new Set(all).size).toBe(all.length);
      expect(await pages({ kind: 'folder' })).toEqual([folder, otherFolder]);
      expect(await pages({ kind: 'record' })).toEqual(all.slice(2));
    });

    test('a page that ends with the last folder is followed by the records', async () => {
      const { otherFolder, loneRecord } = test_.content;
      const only = [otherFolder, loneRecord];
      const first = await vault.secrets.list({ limit: 1, only });
      const second = await vault.secrets.list({ limit: 1, only, cursor: first.nextCursor });
      expect([first.items, second]).toEqual([
        [folderNamed(otherFolder, 'Other')],
        { items: [recordNamed(loneRecord, 'Lone')] },
      ]);
    });

    test('they are found by their exact name, folders and records alike', async () => {
      const { folder, otherFolder, loneRecord } = test_.content;
      const named = async (name: string) => (await vault.secrets.list({ limit: 5, name })).items;
      expect(await named('Other')).toEqual([folderNamed(otherFolder, 'Other')]);
      expect(await named('Lone')).toEqual([recordNamed(loneRecord, 'Lone')]);
      expect([await named('other'), await named('Lone '), await named('Production')]).toEqual([[], [], []]);
      expect((await vault.secrets.list({ limit: 5, name: 'Databases', kind: 'record' })).items).toEqual([]);
      expect((await vault.secrets.list({ limit: 5, name: 'Databases', only: [otherFolder] })).items).toEqual([]);
      expect((await vault.secrets.list({ limit: 5, only: [folder] })).items).toEqual([
        folderNamed(folder, 'Databases'),
      ]);
    });

    test('with nothing that may be seen there is nothing', async () => {
      expect(await vault.secrets.list({ limit: 5, only: [] })).toEqual({ items: [] });
      expect(await vault.secrets.list({ limit: 5, only: [MISSING] })).toEqual({ items: [] });
    });
  });
}
