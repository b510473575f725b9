/**
 * Keeper's JSON import format: read, planned against a vault, sent, summed up. Knows no terminal and no connection.
 * May import contract/ and what of private/ knows them as little.
 */
export { applyImport, type ImportedItem, type ImportResult, type VaultApi } from './apply';
export { isArchive, vaultFileOf } from './archive';
export { type ImportPlan, planImport } from './plan';
export { VaultFileError } from './problems';
export { skippedKinds, summaryLines } from './summary';
export type { VaultFile } from './types';
export { parseVaultFile } from './vault-file';
