import { API_VERSION } from '../../contract/api';
import { KsmError } from '../../contract/errors';
import type { DeviceApi, Info } from '../../contract/types';
import type { Vault } from '../vault/port';
import type { Caller } from './caller';
import type { Units } from './unit';

export interface InfoOptions {
  readonly vault: Vault;
  readonly vaultId: string;
  readonly version: string;
  readonly caCertificate?: string | null | undefined;
}

export function infoOperations(units: Units, { vault, vaultId, version, caCertificate = null }: InfoOptions) {
  const address = (): DeviceApi | null => {
    const known = vault.deviceApi();
    return known && { ...known, caCertificate };
  };
  return {
    get: (caller: Caller): Promise<Info> =>
      units.read(caller, { action: 'info.read' }, async () => ({
        apiVersion: API_VERSION,
        version,
        vaultId,
        vault: { kind: vault.kind },
        features: [...vault.features],
        unsupported: [...vault.unsupported],
        deviceApi: address(),
        principal: { name: caller.principal.name, scope: caller.principal.scope },
      })),

    /** For everybody, without a token. @throws KsmError `unsupported_by_vault` where Keeper's own cloud answers devices */
    deviceApi(): DeviceApi {
      const known = address();
      if (!known) {
        throw new KsmError(
          'unsupported_by_vault',
          `The vault of this service is of the kind "${vault.kind}": devices redeem at Keeper's own cloud, whose address is in their token.`,
        );
      }
      return known;
    },
  };
}
