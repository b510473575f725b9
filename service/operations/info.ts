import { API_VERSION } from '../../contract/api';
import type { Info } from '../../contract/types';
import type { Vault } from '../vault/vault';
import type { Caller } from './caller';
import type { Units } from './unit';

export function infoOperations(vault: Vault, units: Units, version: string) {
  return {
    get: (caller: Caller): Promise<Info> =>
      units.read(caller, async () => ({
        apiVersion: API_VERSION,
        version,
        vault: { kind: vault.kind },
        features: [...vault.features],
        deviceApi: vault.deviceApi(),
      })),
  };
}
