/**
 * Keeper's JSON import format: read, planned against a vault, sent, summed up. Knows no terminal and no connection.
 * May import contract/.
 */
export { applyImport, type ImportResult, type VaultApi } from './apply';
export { type ImportPlan, planImport } from './plan';
export { VaultFileError } from './problems';
export { skippedKinds, summaryLines } from './summary';
export type { VaultFile } from './types';
export { parseVaultFile } from './vault-file';
