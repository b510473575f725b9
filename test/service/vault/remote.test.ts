import { remoteVault } from './remote-vault';
import { fillVault, redeem, temporaryVault } from './temporary-vault';
import { vaultSuite } from './vault-suite';

vaultSuite(async () => {
  const temporary = await temporaryVault();
  const { vault, clock } = temporary;
  return {
    ...temporary,
    vault: remoteVault(vault),
    content: await fillVault(vault),
    redeem: (oneTimeToken) => redeem(vault, clock, oneTimeToken),
  };
});
