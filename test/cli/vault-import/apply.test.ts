import { applyImport, type ImportPlan, type VaultApi } from '../../../cli/vault-import';
import type { VaultRecordCreate } from '../../../contract/types';

const step = (title: string) => ({
  revision: undefined,
  path: title,
  twins: title,
  body: { uid: title.padEnd(22, 'A'), folderUid: null, data: { title, type: 'login', fields: [] } },
});
const plan: ImportPlan = {
  folders: [],
  records: ['a', 'b', 'c', 'd', 'e', 'f'].map(step),
  skipped: [],
  notInFile: [],
  drawn: new Set(),
};

test('an import that fails has nothing on its way any more, and says how far it came', async () => {
  const begun: string[] = [];
  let finished = 0;
  const api: VaultApi = {
    createVaultFolder: () => Promise.reject(new Error('no folder is planned')),
    async createVaultRecord({ uid = '', data: { title, type } }: VaultRecordCreate) {
      begun.push(title);
      await new Promise((resolve) => setTimeout(resolve, title === 'b' ? 0 : 20));
      if (title === 'b') throw new Error('refused');
      finished++;
      return { uid, title, type, folderUid: null, revision: 1, erased: [] };
    },
  };
  let done = 0;
  const importing = applyImport(api, plan, { dryRun: false }, (count) => {
    done = count;
  });
  await expect(importing).rejects.toThrow('refused');
  expect({ begun, finished, done }).toEqual({ begun: ['a', 'b', 'c', 'd'], finished: 3, done: 3 });
});

test('records that only their order tells apart are made one after another', async () => {
  const order: string[] = [];
  const api: VaultApi = {
    createVaultFolder: () => Promise.reject(new Error('no folder is planned')),
    async createVaultRecord({ uid = '', data: { title, type } }: VaultRecordCreate) {
      await new Promise((resolve) => setTimeout(resolve, order.length === 0 ? 20 : 0));
      order.push(title);
      return { uid, title, type, folderUid: null, revision: 1, erased: [] };
    },
  };
  const twins = ['first', 'second', 'third'].map((title) => ({ ...step(title), twins: 'same' }));
  await applyImport(
    api,
    { folders: [], records: [...twins, step('other')], skipped: [], notInFile: [], drawn: new Set() },
    { dryRun: false },
    () => undefined,
  );
  expect(order.filter((title) => title !== 'other')).toEqual(['first', 'second', 'third']);
});

test('a dry run asks only what becomes of records that are there', async () => {
  const asked: VaultRecordCreate[] = [];
  const api: VaultApi = {
    createVaultFolder: () => Promise.reject(new Error('a dry run makes no folder')),
    async createVaultRecord(body: VaultRecordCreate) {
      asked.push(body);
      return { uid: body.uid!, title: 't', type: 'login', folderUid: null, revision: 8, erased: ['password'] };
    },
  };
  const folder = {
    kind: 'shared folder',
    outcome: 'created',
    path: 'F',
    body: { uid: 'F'.repeat(22), name: 'F' },
  } as const;
  const records = [step('new'), { ...step('there'), revision: 7 }];
  const { items } = await applyImport(
    api,
    { folders: [folder], records, skipped: [], notInFile: [], drawn: new Set([records[0]!.body.uid]) },
    { dryRun: true },
    () => undefined,
  );
  // The UID that was drawn for the new one is not the one that the import will draw.
  expect(items.map(({ path, outcome, uid, erased }) => [path, outcome, uid, erased])).toEqual([
    ['F', 'created', folder.body.uid, []],
    ['new', 'created', null, []],
    ['there', 'updated', step('there').body.uid, ['password']],
  ]);
  expect(asked).toEqual([{ ...step('there').body, dryRun: true }]);
});
