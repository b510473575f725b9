/** Import directions of the project: who may import whom. `npm run lint` fails on a forbidden import. */
const packages = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Import cycles hide layers, those of types alone too.',
      from: { pathNot: '^(lib/|provider/protocol/generated)' },
      to: { circular: true },
    },
    {
      name: 'no-cycles-in-lib',
      severity: 'error',
      comment: 'An application makes devices and a device names its application: their types know each other.',
      from: { path: '^lib/', pathNot: '^lib/bindings' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'lib-imports-only-cdktf',
      severity: 'error',
      comment: 'lib/ is the jsii library and nothing else. Files are written by the checks alone, which report.',
      from: { path: '^lib/', pathNot: '^lib/private/checks/synth' },
      to: { pathNot: ['^lib/', packages('cdktf', 'constructs', '@cdktf/provider-null')] },
    },
    {
      name: 'checks-write-reports',
      severity: 'error',
      from: { path: '^lib/private/checks/synth' },
      to: { pathNot: ['^lib/', packages('cdktf', 'constructs'), '^(fs|path)$'] },
    },
    {
      name: 'contract-imports-nobody',
      severity: 'error',
      comment: 'contract/ is what the others agree on.',
      from: { path: '^contract/' },
      to: { path: '^(lib|provider|service|cli)/' },
    },
    {
      name: 'no-schemas-at-run-time-in-contract',
      severity: 'error',
      comment:
        'Types, limits, codes and client stay free of the schema library: the provider loads them at every start.',
      from: { path: '^contract/', pathNot: '^contract/schemas/' },
      to: { path: ['^contract/schemas/', packages('@sinclair/typebox')], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'provider-imports-contract',
      severity: 'error',
      from: { path: '^provider/' },
      to: { path: '^(lib|service|cli)/' },
    },
    {
      name: 'provider-never-loads-schemas',
      severity: 'error',
      comment: 'The schema library costs 50 ms at each of three to five starts a command.',
      from: { path: '^provider/' },
      to: {
        path: ['^contract/schemas/', packages('@sinclair/typebox', '@grpc/grpc-js')],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'framework-knows-no-wire',
      severity: 'error',
      from: { path: '^provider/framework/' },
      to: { path: '^provider/(protocol|plugin|resources)/' },
    },
    {
      name: 'resources-import-framework',
      severity: 'error',
      from: { path: '^provider/resources/' },
      to: { path: '^provider/(protocol|plugin)/' },
    },
    {
      name: 'protocol-knows-no-plugin-and-no-resource',
      severity: 'error',
      from: { path: '^provider/protocol/' },
      to: { path: '^provider/(plugin|resources)/' },
    },
    {
      name: 'resource-files-are-strangers',
      severity: 'error',
      comment: 'Resource files never import each other; only index.ts knows them all.',
      from: { path: '^provider/resources/', pathNot: ['/index[.]ts$', '/private/'] },
      to: { path: '^provider/resources/(?!private/)' },
    },
    {
      name: 'service-imports-contract',
      severity: 'error',
      from: { path: '^service/' },
      to: { path: '^(lib|provider|cli)/' },
    },
    {
      name: 'operations-know-no-http-and-no-driver',
      severity: 'error',
      from: { path: '^service/operations/' },
      to: { path: ['^service/(http|device-api)/', '^service/vault/(embedded|commander)/', packages('fastify')] },
    },
    {
      name: 'host-knows-no-faces-and-no-vault',
      severity: 'error',
      comment: 'How a service lives on a machine is the same whatever it serves, and from whichever vault.',
      from: { path: '^service/host/' },
      to: { path: '^service/((main|check)\\.ts|http/|device-api/|vault/)' },
    },
    {
      name: 'drivers-only-from-main',
      severity: 'error',
      comment:
        'Only a main.ts, and the check of what it left on disk, names concrete adapters; the device API is the face of the embedded vault.',
      from: { path: '^service/', pathNot: '^service/((main|check)\\.ts|vault/(embedded|commander)/|device-api/)' },
      to: { path: '^service/vault/(embedded|commander)/' },
    },
    {
      name: 'cli-imports-all-but-lib',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^lib/' },
    },
    {
      name: 'tests-and-scripts-are-leaves',
      severity: 'error',
      from: { path: '^(lib|contract|provider|service|cli)/' },
      to: { path: '^(test|scripts|bench|examples)/' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.dev.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'require', 'default'],
      extensions: ['.ts', '.js', '.cjs'],
    },
  },
};
