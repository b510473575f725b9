import { cdk, JsonFile, javascript, TextFile } from 'projen';

/**
 * One package.json at the root (docs/decisions/0001-one-package.md): the jsii
 * library `cdktf-ksm` is the root package; what the provider, the service and
 * the CLI need are dev dependencies, bundled by esbuild.
 */
const project = new cdk.JsiiProject({
  name: 'cdktf-ksm',
  description: 'Keeper Secrets Manager as code: CDK for Terraform constructs, a Terraform provider and its service',
  author: 'The cdktf-ksm authors',
  authorAddress: 'https://github.com/ksm-iac/cdktf-ksm',
  authorOrganization: true,
  authorUrl: 'https://github.com/ksm-iac/cdktf-ksm',
  repositoryUrl: 'https://github.com/ksm-iac/cdktf-ksm.git',
  license: 'Apache-2.0',
  copyrightOwner: 'The cdktf-ksm authors',
  keywords: ['cdktf', 'terraform', 'keeper', 'secrets', 'secrets-manager', 'ksm'],
  defaultReleaseBranch: 'main',
  stability: 'stable',

  projenrcTs: true,
  projenVersion: '0.103.25',
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.19.0',
  jsiiVersion: '5.9.50',
  typescriptVersion: '5.9.3',
  srcdir: 'lib',
  libdir: 'build',
  testdir: 'test',
  entrypoint: 'build/index.js',

  peerDeps: ['cdktf@^0.21.0', 'constructs@^10.4.2', '@cdktf/provider-null@^11.0.1'],
  peerDependencyOptions: { pinnedDevDependency: false },
  devDeps: [
    // the constructs
    'cdktf@0.21.0',
    'constructs@10.4.2',
    '@cdktf/provider-null@11.0.1',
    '@cdktf/provider-generator@0.21.0',
    'jsii-docgen@10.12.6',
    // contract, provider, service, CLI
    '@fastify/swagger@9.9.3',
    '@fastify/type-provider-typebox@5.2.0',
    '@sinclair/typebox@0.34.52',
    'ajv@8.20.0',
    'ajv-formats@3.0.1',
    '@msgpack/msgpack@3.1.3',
    '@bufbuild/protobuf@2.17.0',
    'axios@1.21.1',
    'commander@14.0.3',
    'fastify@5.12.8',
    'fflate@0.8.3',
    'kysely@0.28.18',
    'libsodium-wrappers@0.8.4',
    'libsql@0.5.29',
    'openpgp@6.3.2',
    'pino@10.4.0',
    '@peculiar/x509@2.2.0',
    'prom-client@15.1.3',
    'reflect-metadata@0.2.2',
    // build, checks and tests
    '@biomejs/biome@2.6.8',
    '@cyclonedx/cyclonedx-library@10.3.0',
    'ajv-formats-draft2019@1.6.1',
    '@bufbuild/buf@1.75.0',
    '@grpc/grpc-js@1.14.7',
    '@keeper-security/secrets-manager-core@17.5.0',
    '@types/jest@30.0.0',
    '@types/node@20.19.25',
    'blakejs@1.2.1',
    'dependency-cruiser@17.3.9',
    'esbuild@0.28.2',
    'fast-check@4.10.2',
    'jest@30.5.2',
    'ssh2@1.17.0',
    '@types/sarif@2.1.7',
    '@types/ssh2@1.15.5',
    'ts-jest@29.4.15',
    'ts-proto@2.18.0',
    'tsx@4.23.15',
    'tweetnacl@1.0.3',
    'yaml@2.9.1',
  ],

  github: false,
  depsUpgrade: false,
  eslint: false,
  prettier: false,
  docgen: false,
  sampleCode: false,
  licensed: true,
  package: false,
  buildWorkflow: false,
  release: false,
  jest: false,

  disableTsconfigDev: true,
});

// Without it package-lock.json names the registry of whoever ran npm last.
new javascript.NpmConfig(project).addConfig('omit-lockfile-registry-resolved', 'true');

project.package.addVersion('0.1.0');
// The languages that tests cover. Java has cdktf up to 0.19.2 alone, and Go lacks a module for hashicorp/null.
project.package.addField('jsii', {
  outdir: 'dist',
  targets: { python: { distName: 'cdktf-ksm', module: 'cdktf_ksm' } },
  tsconfig: 'tsconfig.json',
  validateTsconfig: 'strict',
});
// light-my-request 6.8 wants an ESM-only cookie@2 (Node 22), which jest cannot load.
project.package.addPackageResolutions('light-my-request@6.6.0');

// Tasks: the ones that a person types. Those that must work before `npm ci` are plain Node scripts.
project.packageTask.reset();
project.testTask.reset('node scripts/test.mjs');
project.compileTask.reset('jsii --silence-warnings=reserved-word', {
  description: 'Compile the construct library with jsii into build/',
});
project.compileTask.env('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');
const bundle = project.addTask('bundle', {
  description: 'Bundle the provider and the CLI into dist/bin/',
  exec: 'node scripts/bundle.mjs',
});
const generate = project.addTask('generate', {
  description: 'Regenerate every generated file: codec, bindings, OpenAPI, provider docs, API.md',
  exec: 'tsx scripts/generate/main.ts',
});
const lint = project.addTask('lint', { description: 'Types, style and import directions' });
lint.exec('tsc --noEmit -p tsconfig.dev.json');
lint.exec('biome check --error-on-warnings .');
lint.exec('depcruise --config .dependency-cruiser.cjs lib contract provider service cli');
project.addTask('format', { description: 'Format and apply safe fixes', exec: 'biome check --write .' });

// tsx runs this file, as it runs every other script of the project.
project.defaultTask?.reset('tsx .projenrc.ts');
project.tryRemoveFile('projenrc/tsconfig.json');
for (const name of ['jsii-diff', 'jsii-pacmak', 'jsii-rosetta', 'ts-node']) {
  project.deps.removeDependency(name);
}
// Again, by exact version: projen's own are ranges.
project.addDevDeps('jsii-diff@1.134.0', 'jsii-pacmak@1.140.0');
for (const name of [
  'clobber',
  'compat',
  'default',
  'eject',
  'package',
  'package-all',
  'package:js',
  'post-compile',
  'pre-compile',
  'watch',
]) {
  project.removeScript(name);
}
project.addScripts({
  build: 'npm run compile && npm run bundle',
  compile: 'projen compile',
  bundle: `projen ${bundle.name}`,
  generate: `projen ${generate.name}`,
  lint: `projen ${lint.name}`,
  format: 'projen format',
  test: 'node scripts/test.mjs',
  demo: 'node scripts/demo.mjs',
  bench: 'node scripts/bench.mjs',
  commander: 'node scripts/commander.mjs',
  cdktn: 'node scripts/cdktn.mjs',
  release: 'node scripts/release.mjs',
  'release:check': 'tsx --tsconfig tsconfig.dev.json scripts/release/checklist.ts',
  'release:verify': 'tsx --tsconfig tsconfig.dev.json scripts/release/verify.ts',
});

for (const path of [
  '/dist/',
  '/build/',
  '/.jsii',
  '*.tsbuildinfo',
  'cdktf.out',
  '.gen/',
  '.terraform/',
  '*.tfstate*',
  '/coverage/',
  '/bench/results/',
  // What a reader of README.md adds in a clone: a stack, and a vault with its master key.
  '/my-*/',
  '/examples/hcl/.terraform.lock.hcl',
  // What the consumer of examples/ keeps: a device's credential.
  'device-config.json',
  // And what Keeper's own CLI keeps in the current folder.
  'keeper.ini',
  // And of docs/service.md, for a container.
  '/deploy/master.key',
  '/deploy/.env',
]) {
  project.gitignore.addPatterns(path);
}
project.npmignore?.addPatterns('/*', '!/build/', '!/.jsii', '!/API.md', '!/LICENSE', '!/README.md');

new JsonFile(project, 'cdktf.json', {
  obj: {
    language: 'typescript',
    app: 'npx tsx --tsconfig tsconfig.dev.json examples/ci-pipeline/main.ts',
    projectId: 'ksm-iac-ci-pipeline',
    sendCrashReports: 'false',
    terraformProviders: [],
    terraformModules: [],
  },
  marker: false,
});
// Everything but the jsii library: type-checked here, never emitted (esbuild bundles, tsx and ts-jest transpile).
new JsonFile(project, 'tsconfig.dev.json', {
  obj: {
    compilerOptions: {
      target: 'ES2022',
      lib: ['es2022'],
      module: 'node16',
      moduleResolution: 'node16',
      esModuleInterop: true,
      skipLibCheck: true,
      noEmit: true,
      strict: true,
      noImplicitOverride: true,
      noImplicitReturns: true,
      noFallthroughCasesInSwitch: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: false,
      isolatedModules: true,
      resolveJsonModule: true,
      types: ['node', 'jest'],
      paths: { 'cdktf-ksm': ['./lib/index.ts'] },
    },
    include: ['lib', 'contract', 'provider', 'service', 'cli', 'scripts', 'bench', 'examples', 'test'].map(
      (d) => `${d}/**/*.ts`,
    ),
    // What has packages of its own is compiled by its own test.
    exclude: ['node_modules', 'build', 'dist', '**/cdktf.out', 'examples/consumers'],
  },
});
new TextFile(project, '.nvmrc', { lines: ['20'] });

project.synth();
