/** One configuration for every suite; scripts/test.mjs chooses which run. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  moduleNameMapper: { '^cdktf-ksm$': '<rootDir>/lib/index.ts' },
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.dev.json' }] },
  testTimeout: 30_000,
  // Secrets never reach a snapshot by accident: new snapshots are written by hand (`npx jest -u`), never in CI.
  ci: true,
};
