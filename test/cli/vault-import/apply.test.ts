import { applyImport, type ImportPlan, type VaultApi } from '../../../cli/vault-import';
import type { VaultRecordCreate } from '../../../contract/types';

const step = (title: string) => ({
  revision: undefined,
  path: title,
  body: { uid: title.padEnd(22, 'A'), folderUid: null, data: { title, type: 'login', fields: [] } },
});
const plan: ImportPlan = { folders: [], records: ['a', 'b', 'c', 'd', 'e', 'f'].map(step) };

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
      return { uid, title, type, folderUid: null, revision: 1 };
    },
  };
  let done = 0;
  const importing = applyImport(api, plan, (count) => {
    done = count;
  });
  await expect(importing).rejects.toThrow('refused');
  expect({ begun, finished, done }).toEqual({ begun: ['a', 'b', 'c', 'd'], finished: 3, done: 3 });
});
