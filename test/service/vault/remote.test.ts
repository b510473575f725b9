import { clientIdOf, newKeyPair } from '../../../service/vault/embedded/crypto';
import { remoteVault } from './remote-vault';
import { fillVault, temporaryVault } from './temporary-vault';
import { vaultSuite } from './vault-suite';

vaultSuite(async () => {
  const temporary = await temporaryVault();
  const { vault, clock } = temporary;
  return {
    ...temporary,
    vault: remoteVault(vault),
    content: await fillVault(vault),
    async redeem(oneTimeToken) {
      const client = await vault.redemption.find(clientIdOf(Buffer.from(oneTimeToken!, 'base64url')));
      if (!client || clock.now() >= client.tokenExpiresAt) throw new Error('refused');
      await vault.redemption.bind(client, newKeyPair().publicKey, '127.0.0.1', async () => undefined);
    },
  };
});
