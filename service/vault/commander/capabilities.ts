import { FEATURES } from '../../../contract/api';
import type { Capabilities } from '../port';

export const capabilities: Capabilities = {
  kind: 'commander',
  features: [FEATURES.initializationToken, FEATURES.initializationConfig, FEATURES.seal, FEATURES.ephemeralDevices],
  unsupported: [
    { feature: FEATURES.vaultContent, reason: "Folders and records are loaded with Keeper's own tools." },
    { feature: FEATURES.deviceApi, reason: "Devices redeem at Keeper's own cloud, whose address is in their token." },
  ],
};
