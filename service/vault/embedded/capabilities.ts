import { FEATURES } from '../../../contract/api';
import type { Capabilities } from '../port';

export const capabilities: Capabilities = { kind: 'embedded', features: Object.values(FEATURES), unsupported: [] };
