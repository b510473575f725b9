import { sql } from 'kysely';
import type { VaultRecord } from '../../../contract/types';
import { createEmbeddedVault } from '../../../service/vault/embedded/embedded';
import type { VaultContent } from '../../../service/vault/vault';
import { fillVault, login, redeem, type TemporaryVault, temporaryVault } from './temporary-vault';
import { vaultSuite } from './vault-suite';

vaultSuite(async () => {
  const temporary = await temporaryVault();
  const { vault } = temporary;
  return {
    ...temporary,
    content: await fillVault(vault),
    redeem: (oneTimeToken) => redeem(vault, temporary.clock, oneTimeToken),
  };
});

describe('the embedded vault', () => {
  let temporary: TemporaryVault;
  beforeEach(async () => {
    temporary = await temporaryVault();
  });
  afterEach(() => temporary.close());

  test('folders and records keep the UIDs they are loaded with, and are replaced by them', async () => {
    const { content } = temporary.vault;
    const uid = '-UidThatBeginsWithDash';
    expect(await content.putFolder({ uid, name: 'one' })).toEqual({
      folder: { uid, name: 'one', parentUid: null },
      created: true,
    });
    expect(await content.putFolder({ uid, name: 'two' })).toEqual({
      folder: { uid, name: 'two', parentUid: null },
      created: false,
    });
    const record = { uid: 'AAAAAAAAAAAAAAAAAAAAAA', folderUid: uid };
    expect(await content.putRecord({ ...record, data: login('a', 'x') })).toMatchObject({
      record: { ...record, title: 'a', type: 'login', revision: 1 },
      created: true,
    });
    for (const attempt of ['replaced', 'the same again: still revision 2']) {
      const { record: put, created } = await content.putRecord({ ...record, data: login('b', 'y') });
      expect({ attempt, put, created }).toMatchObject({ put: { ...record, title: 'b', revision: 2 }, created: false });
    }
    expect(await content.folders({ limit: 9 })).toEqual({ items: [{ uid, name: 'two', parentUid: null }] });
    expect((await content.records({ limit: 9 })).items).toEqual([
      { ...record, title: 'b', type: 'login', revision: 2 },
    ]);
  });

  test('a folder is renamed with the parent that it has, given or left out, and then has that name everywhere', async () => {
    const { content, applications, grants, secrets } = temporary.vault;
    const filled = await fillVault(temporary.vault);
    const { id: applicationId } = await applications.create({ name: 'payments' });
    await grants.put({ applicationId, secretUid: filled.folder, editable: false, createOnly: true });
    for (const [uid, parentUid, name] of [
      [filled.folder, null, 'Shared, renamed'],
      [filled.subfolder, filled.folder, 'Inner, renamed'],
      [filled.folder, undefined, 'Shared, again'],
    ] as const) {
      expect((await content.putFolder({ uid, parentUid, name })).folder).toMatchObject({ uid, name });
      const listed = (await content.folders({ limit: 9 })).items.find((folder) => folder.uid === uid);
      expect(listed?.name).toBe(name);
    }
    expect((await grants.get(applicationId, filled.folder)).title).toBe('Shared, again');
    expect((await secrets.find([filled.folder]))[0]?.name).toBe('Shared, again');
  });

  test('a write is done when it returns: what comes right after sees it', async () => {
    const { content } = temporary.vault;
    const filled = await fillVault(temporary.vault);
    const revision = async () =>
      (
        await temporary.database.db.selectFrom('records').select('revision').where('uid', '=', filled.record).execute()
      )[0];
    await content.putRecord({ uid: filled.record, data: login('In folder', 'second') });
    expect(await revision()).toEqual({ revision: 2 });
  });

  test('names of what an older version has stored are filled in when the vault opens, also after a start that was killed', async () => {
    const { database, masterKey, clock } = temporary;
    const filled = await fillVault(temporary.vault);
    for (let number = 0; number < 120; number++) {
      await temporary.vault.content.putRecord({ folderUid: filled.subfolder, data: login(`title ${number}`, 'x') });
    }
    const nothing = { sealed_name: null as never, name_hash: null as never };
    await database.db.updateTable('folders').set(nothing).execute();
    await database.db.updateTable('records').set(nothing).where('uid', '!=', filled.record).execute();
    const { secrets } = await createEmbeddedVault({ database, masterKey, clock, hostname: () => 'localhost:1' });
    const named = async (name: string) => (await secrets.list({ limit: 9, name })).items.map(({ kind }) => kind);
    expect([await named('Databases'), await named('title 119'), await named('In folder'), await named('Lone')]).toEqual(
      [['folder'], ['record'], ['record'], ['record']],
    );
  });

  test('a search by name opens no contents and reads no other rows', async () => {
    const { database, vault } = temporary;
    await fillVault(vault);
    // What cannot be opened is opened by nobody.
    await database.db
      .updateTable('records')
      .set({ record_data: Buffer.from('x') })
      .execute();
    const { id: applicationId } = await vault.applications.create({ name: 'payments' });
    const { uid } = (await vault.secrets.list({ limit: 9, name: 'Lone' })).items[0]!;
    const plan = await sql<{ detail: string }>`
      explain query plan select uid from records where position > 0 and name_hash = ${Buffer.alloc(32)}`.execute(
      database.db,
    );
    expect(plan.rows.map(({ detail }) => detail).join()).toContain('records_by_name');
    await expect(
      vault.grants.put({ applicationId, secretUid: uid, editable: false, createOnly: true }),
    ).resolves.toMatchObject({ grant: { title: 'Lone' } });
  });

  test('a UID that belongs to something else, or elsewhere, is vault_content_conflict', async () => {
    const { content } = temporary.vault;
    const filled = await fillVault(temporary.vault);
    const conflict = { code: 'vault_content_conflict' };
    await expect(content.putFolder({ uid: filled.record, name: 'x' })).rejects.toMatchObject(conflict);
    await expect(content.putRecord({ uid: filled.folder, data: login('x', 'x') })).rejects.toMatchObject(conflict);
    await expect(
      content.putFolder({ uid: filled.subfolder, name: 'x', parentUid: filled.otherFolder }),
    ).rejects.toMatchObject(conflict);
    await expect(content.putFolder({ name: 'x', parentUid: 'AAAAAAAAAAAAAAAAAAAAAA' })).rejects.toMatchObject({
      code: 'secret_not_found',
    });
  });

  test('a record is moved between folders and out of them, and stays readable where it is granted', async () => {
    const { content, secrets } = temporary.vault;
    const filled = await fillVault(temporary.vault);
    const data = login('In folder', 'first');
    for (const folderUid of [filled.otherFolder, null, filled.subfolder, filled.folder]) {
      const before = await recordOf(content, filled.record);
      const put = await content.putRecord({ uid: filled.record, folderUid, data });
      expect(put).toMatchObject({ created: false, movedFrom: before.folderUid });
      expect(await recordOf(content, filled.record)).toMatchObject({
        folderUid,
        title: 'In folder',
        revision: before.revision + 1,
      });
    }
    // Where it is already, and without a word about the folder, nothing moves.
    expect(await content.putRecord({ uid: filled.record, folderUid: filled.folder, data })).not.toHaveProperty(
      'movedFrom',
    );
    expect(await content.putRecord({ uid: filled.record, data })).not.toHaveProperty('movedFrom');
    await expect(
      content.putRecord({ uid: filled.record, folderUid: 'AAAAAAAAAAAAAAAAAAAAAA', data }),
    ).rejects.toMatchObject({
      code: 'secret_not_found',
    });
    expect(await recordOf(content, filled.record)).toMatchObject({ folderUid: filled.folder });
    expect(await secrets.find([filled.record])).toMatchObject([{ kind: 'record', name: 'In folder' }]);
  });

  test('replacing a record tells what it loses, and a dry run tells it beforehand and changes nothing', async () => {
    const { content } = temporary.vault;
    const field = (type: string, label: string, value: unknown[]) => ({ type, label, value });
    const full = {
      ...login('a', 'x'),
      custom: [field('text', 'Region', ['EU']), field('secret', 'Key', ['k'])],
      notes: 'n',
    };
    const { record } = await content.putRecord({ data: full });
    const moved = { ...login('a', 'y'), fields: [...login('a', 'y').fields, field('text', 'Region', ['EU'])] };
    const dry = await content.putRecord({ uid: record.uid, data: moved, dryRun: true });
    expect(dry).toMatchObject({ created: false, erased: ['Key', 'notes'], record: { revision: 2 } });
    expect(await recordOf(content, record.uid)).toMatchObject({ revision: 1 });
    expect(await content.putRecord({ uid: record.uid, data: moved })).toEqual(dry);
    expect(await content.putRecord({ data: full, dryRun: true })).toMatchObject({ created: true, erased: [] });
    expect((await content.records({ limit: 99 })).items).toHaveLength(1);
  });

  test('folders are paged with their parents, and records with the folder they are in', async () => {
    const { content } = temporary.vault;
    const filled = await fillVault(temporary.vault);
    const first = await content.folders({ limit: 2 });
    const second = await content.folders({ limit: 2, cursor: first.nextCursor });
    expect([...first.items, ...second.items]).toEqual([
      { uid: filled.folder, name: 'Databases', parentUid: null },
      { uid: filled.subfolder, name: 'Production', parentUid: filled.folder },
      { uid: filled.otherFolder, name: 'Other', parentUid: null },
    ]);
    const records = await content.records({ limit: 9 });
    expect(records.items.map(({ title, folderUid }) => [title, folderUid])).toEqual([
      ['In folder', filled.folder],
      ['In subfolder', filled.subfolder],
      ['Elsewhere', filled.otherFolder],
      ['Lone', null],
    ]);
  });

  test('a caller can join its own writes with those of the vault in one transaction', async () => {
    const { vault, database } = temporary;
    const creating = database.transaction(async () => {
      await vault.applications.create({ name: 'undone' });
      throw new Error('the caller failed');
    });
    await expect(creating).rejects.toThrow('the caller failed');
    expect(await vault.applications.list({ limit: 9 })).toEqual({ items: [] });
  });

  test('the server key has an id of its own and the point that devices encrypt to', async () => {
    const api = temporary.vault.deviceApi()!;
    expect(api.hostname).toBe('127.0.0.1:8443');
    expect(Number(api.serverPublicKeyId)).toBeGreaterThan(18);
    const point = Buffer.from(api.serverPublicKey, 'base64url');
    expect([point.length, point[0]]).toEqual([65, 4]);
  });
});

async function recordOf(content: VaultContent, uid: string): Promise<VaultRecord> {
  const { items } = await content.records({ limit: 999 });
  return items.find((record) => record.uid === uid)!;
}
