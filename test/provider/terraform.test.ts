import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { developmentOverrides } from '../../scripts/development-overrides';
import { schemaJsonOf } from '../../scripts/generate/provider-schema';
import { TOOLS } from '../support/terraform';
import { Bench, type Plugin } from './tiny/launch';
import { tinyServer } from './tiny/server';

/** Real Terraform, or OpenTofu, and the tiny provider: what the protocol's tests cannot know. */
const [COMMAND] = TOOLS;
if (!COMMAND) process.stderr.write('Neither terraform nor tofu is on the PATH: the tests with it are skipped.\n');
const withTerraform = COMMAND ? describe : describe.skip;

const bench = new Bench();
afterAll(() => bench.close());

const log = join(bench.folder, 'terraform.log');

/** Runs one command in the folder; the provider is taken from where it was bundled, and from nowhere else. */
function terraform(folder: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(COMMAND!, [...args, '-no-color'], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: bench.folder,
      TMPDIR: bench.folder,
      CHECKPOINT_DISABLE: '1',
      TF_CLI_CONFIG_FILE: join(bench.folder, 'terraformrc'),
      TF_LOG: 'trace',
      TF_LOG_PATH: log,
      ...env,
    },
  });
  return { status, output: stdout + stderr };
}

function stack(name: string, resources: string): string {
  const folder = join(bench.folder, name);
  mkdirSync(folder, { recursive: true });
  const head = 'terraform {\n  required_providers {\n    ksm = { source = "ksm-iac/ksm" }\n  }\n}\n';
  writeFileSync(join(folder, 'main.tf'), head + resources);
  return folder;
}

const NOTE = `
resource "terraform_data" "before" {}

resource "ksm_note" "a" {
  text   = "\${terraform_data.before.id}: \\"quoted\\" \\\\ $\${} ü 🔑"
  secret = "canary"
  size   = SIZE
  pinned = true
  labels = { "a.b" = "c", "" = "empty" }
  lines  = [{ at = 9007199254740991, line = null }]
  words  = ["b", "a", "b"]
}
`;
const note = (size: number) => NOTE.replace('SIZE', String(size));

withTerraform('with real Terraform', () => {
  beforeAll(() => {
    bench.bundle('test/provider/tiny/main.ts');
    writeFileSync(join(bench.folder, 'terraformrc'), developmentOverrides({ 'ksm-iac/ksm': bench.folder }));
  });

  test('a resource lives from its first plan to its end, and no process outstays its welcome', () => {
    const folder = stack('life', note(0.1));
    const attributes = () =>
      JSON.parse(readFileSync(join(folder, 'terraform.tfstate'), 'utf8')).resources.find(
        (resource: { type: string }) => resource.type === 'ksm_note',
      ).instances[0].attributes;
    const expectDone = (args: string[], status = 0) => {
      const run = terraform(folder, args);
      if (run.status !== status) throw new Error(`${args.join(' ')} ended with ${run.status}: ${run.output}`);
      return run.output;
    };

    expect(expectDone(['apply', '-auto-approve'])).toContain('2 added');
    expect(attributes()).toMatchObject({
      id: 'note-1',
      text: expect.stringMatching(/^[0-9a-f-]{36}: "quoted" \\ \$\{\} ü 🔑$/),
      size: 0.1,
      pinned: true,
      labels: { 'a.b': 'c', '': 'empty' },
      lines: [{ at: Number.MAX_SAFE_INTEGER, line: null }],
      words: ['a', 'b'],
    });
    expect(expectDone(['plan', '-detailed-exitcode'])).toContain('No changes');

    stack('life', note(2));
    expect(expectDone(['plan', '-detailed-exitcode'], 2)).toContain('# forces replacement');
    expect(expectDone(['apply', '-auto-approve'])).toContain('1 added, 0 changed, 1 destroyed');
    expect(expectDone(['state', 'rm', 'ksm_note.a'])).toContain('Removed');
    expect(expectDone(['import', 'ksm_note.a', 'note-7'])).toContain('Import successful');
    expect(attributes()).toMatchObject({ id: 'note-7', text: 'imported' });
    expect(expectDone(['destroy', '-auto-approve'])).toContain('2 destroyed');

    const trace = readFileSync(log, 'utf8');
    expect(trace).toContain('plugin process exited');
    // Two seconds lost at each process, and exit code 0 all the same.
    expect(trace).not.toContain('failed to exit gracefully');
    expect(trace.match(/Unexpected|unexpected data|parsing|corrupt/gi)).toBeNull();
    expect(bench.sockets).toEqual([]);
  });

  test.each<[string, NodeJS.ProcessEnv]>([
    ['a unix socket', {}],
    ['TCP', { KSM_IAC_PLUGIN_NETWORK: 'tcp' }],
    ['a connection without TLS', { TF_DISABLE_PLUGIN_TLS: '1' }],
  ])('what the provider refuses is told over %s', (_what, env) => {
    const folder = stack('refused', 'resource "ksm_note" "a" {\n  text = "refuse"\n}\n');
    const { status, output } = terraform(folder, ['validate'], env);
    expect(status).toBe(1);
    expect(output).toContain('Error: Refused');
    expect(output).toContain('The text is "refuse".');
  });

  test('the schema, with every kind of thing, is the one that Terraform gets', () => {
    const { status, output } = terraform(stack('schema', ''), ['providers', 'schema', '-json']);
    expect(status).toBe(0);
    const [real] = Object.values(JSON.parse(output.slice(output.indexOf('{'))).provider_schemas);
    const [own] = Object.values(schemaJsonOf(tinyServer()).provider_schemas);
    // Lists and identities are for newer versions, as are the words of a deprecation.
    const { list_resource_schemas, resource_identity_schemas, ...known } = own!;
    expect(list_resource_schemas && resource_identity_schemas).toBeDefined();
    expect(real).toMatchObject(JSON.parse(JSON.stringify(known)));
  });

  test('nested attributes, a data source, an ephemeral value, a function and a write-only argument work together', () => {
    const things = (room: string, full: boolean) => `
      data "ksm_weather" "w" { city = "Bonn" }
      ephemeral "ksm_visit" "v" { guest = "Ada" }
      resource "ksm_shelf" "s" {
        room    = "${room}"
        lock    = { kind = "bolt", code = "canary-code" }
        boards  = [{ height = 30 }, { height = 60.5 }]
        tags    = [{ word = "b" }, { word = "a" }]
        drawers = { top = { full = ${full} }, "" = {} }
      }
      resource "ksm_safe" "s" {
        combination         = ephemeral.ksm_visit.v.pass
        combination_version = 1
      }
      output "sky" { value = data.ksm_weather.w.hours[1].sky }
      output "loud" { value = provider::ksm::shout("ha", null).loud }
    `;
    const folder = stack('things', things('study', false));
    const run = (args: string[], status = 0) => {
      const done = terraform(folder, args);
      if (done.status !== status) throw new Error(`${args.join(' ')} ended with ${done.status}: ${done.output}`);
      return done.output;
    };
    expect(run(['apply', '-auto-approve'])).toMatch(/loud = "HA …"\nsky = "blue over Bonn"/);
    const text = readFileSync(join(folder, 'terraform.tfstate'), 'utf8');
    const attributesOf = (type: string) =>
      JSON.parse(text).resources.find((own: { type: string; mode: string }) => own.type === type).instances[0]
        .attributes;
    // Terraform makes both at once: the shelf may be the second.
    const { id } = attributesOf('ksm_shelf');
    expect(id).toMatch(/^shelf-[12]$/);
    expect(attributesOf('ksm_shelf')).toMatchObject({
      lock: { kind: 'bolt', code: 'canary-code', turns: 2 },
      boards: [
        { height: 30, serial: `${id}/0` },
        { height: 60.5, serial: `${id}/1` },
      ],
      tags: [{ word: 'a' }, { word: 'b' }],
      drawers: { top: { depth: 30, full: false }, '': { depth: 30, full: null } },
    });
    expect(attributesOf('ksm_safe')).toMatchObject({ combination: null, length: 'pass of Ada'.length });
    expect(text).not.toContain('pass of');
    expect(run(['plan', '-detailed-exitcode'])).toContain('No changes');

    stack('things', things('study', true));
    const update = run(['plan', '-detailed-exitcode'], 2);
    expect(update).toContain('0 to add, 1 to change, 0 to destroy');
    expect(update).not.toContain('canary-code');
    stack('things', things('hall', true));
    expect(run(['plan', '-detailed-exitcode'], 2)).toContain('# forces replacement');
    expect(run(['apply', '-auto-approve'])).toContain('1 added, 0 changed, 1 destroyed');
    expect(run(['destroy', '-auto-approve'])).toContain('2 destroyed');
    const trace = readFileSync(log, 'utf8');
    expect(trace).toMatch(/open Ada.*close Ada/s);
  });

  test('a required argument that is null is refused by validate, within nested ones too, all at once', () => {
    const folder = stack(
      'null',
      'variable "n" { default = null }\nresource "ksm_shelf" "s" {\n  room = null\n  lock = { kind = null }\n  boards = [{ height = 1 }, { height = null }]\n}\nresource "ksm_note" "n" { text = var.n }\n',
    );
    const { status, output } = terraform(folder, ['validate']);
    expect(status).toBe(1);
    expect(output.match(/Missing value for required argument/g)).toHaveLength(3);
    // A variable's value is only known to plan.
    const plan = terraform(
      stack('null', 'variable "n" { default = null }\nresource "ksm_note" "n" { text = var.n }\n'),
      ['plan'],
    );
    expect(plan).toMatchObject({ status: 1, output: expect.stringContaining('The argument "text" is required') });
  });

  test('a resource is moved here from another type', () => {
    const folder = stack('moved', 'resource "terraform_data" "d" {}\n');
    expect(terraform(folder, ['apply', '-auto-approve'])).toMatchObject({ status: 0 });
    stack(
      'moved',
      'moved {\n  from = terraform_data.d\n  to = ksm_shelf.s\n}\nresource "ksm_shelf" "s" { room = "moved" }\n',
    );
    const { status, output } = terraform(folder, ['apply', '-auto-approve']);
    expect({ status, output }).toMatchObject({ status: 0, output: expect.stringContaining('terraform_data.d') });
    expect(output).toContain('0 added, 0 changed, 0 destroyed');
  });

  test('the key "__proto__" of a map is refused in words', () => {
    const folder = stack('proto', 'resource "ksm_note" "n" {\n  text = "x"\n  labels = { "__proto__" = "x" }\n}\n');
    const { status, output } = terraform(folder, ['validate']);
    expect({ status, output }).toMatchObject({
      status: 1,
      output: expect.stringContaining('Unusable key "__proto__"'),
    });
  });

  test('a provider under a debugger is reattached to, and settles at Ctrl-C', async () => {
    const plugin = bench.start(
      join(bench.folder, 'terraform-provider-ksm.cjs'),
      { PATH: process.env.PATH, PLUGIN_UNIX_SOCKET_DIR: bench.folder, TF_LOG: 'info' },
      ['--debug'],
    );
    const folder = stack('reattached', 'resource "ksm_note" "a" {\n  text = "x"\n}\n');
    const env = { TF_REATTACH_PROVIDERS: await reattachOf(plugin) };
    for (const args of [['plan'], ['apply', '-auto-approve'], ['plan', '-detailed-exitcode']]) {
      expect(terraform(folder, args, env)).toMatchObject({ status: 0 });
    }
    plugin.process.kill('SIGINT');
    expect(await plugin.ended).toBe(0);
    expect(plugin.stderr).toContain('"@message":"settled"');
  });
});

async function reattachOf(plugin: Plugin): Promise<string> {
  const line = (await plugin.handshake()).join('|');
  return /='(.*)'$/.exec(line)![1]!;
}
