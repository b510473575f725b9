/** The port's suite on the real Keeper Commander. */

import { createCommanderVault } from '../../../../service/vault/commander/commander';
import { Commander, describeCommander } from '../../../commander/commander';
import { temporaryVault } from '../temporary-vault';
import { vaultSuite } from '../vault-suite';
import { lacks } from './differences';

describeCommander('the vault port on Keeper Commander', () => {
  let commander: Commander;
  beforeAll(async () => {
    commander = await Commander.start({ gateway_cache_seconds: 0 });
  }, 240_000);
  afterAll(() => commander.stop());

  vaultSuite(async () => {
    const temporary = await temporaryVault({ startedAt: Date.now() });
    await commander.control('clear');
    const folder = await commander.control('folder', { name: 'Databases' });
    const otherFolder = await commander.control('folder', { name: 'Other' });
    const { url, apiKey } = commander;
    const { database, clock } = temporary;
    return {
      ...temporary,
      vault: await createCommanderVault({ url, apiKey, database, clock }),
      content: {
        folder,
        otherFolder,
        subfolder: 'AAAAAAAAAAAAAAAAAAAAAB',
        record: await commander.control('record', { title: 'In folder', folder }),
        loneRecord: await commander.control('record', { title: 'Lone' }),
      },
      redeem: async (token) => void (await commander.control('redeem', { token })),
      async passMinutes(minutes) {
        await commander.control('pass_minutes', { minutes });
        temporary.passMinutes(minutes);
      },
      lacks,
    };
  });
});
