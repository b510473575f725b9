/** One configuration for every suite; scripts/test.mjs chooses which run. */
const { compilerOptions } = require('./tsconfig.dev.json');

// jest runs CommonJS: under `node16` a dynamic import would stay one, which jest cannot load without flags.
const tsconfig = { ...compilerOptions, module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '5.0' };

module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  moduleNameMapper: { '^cdktf-ksm$': '<rootDir>/lib/index.ts' },
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig }] },
  testTimeout: 180_000,
  // One for each core, not one fewer: most suites wait for a process that they have started.
  maxWorkers: '100%',
  // Secrets never reach a snapshot by accident: new snapshots are written by hand (`npx jest -u`), never in CI.
  ci: true,
};
