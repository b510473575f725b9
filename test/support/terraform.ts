/** Real `terraform` and `tofu` in temporary folders, with the built provider from a mirror. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ARCHIVES, ensureBundles } from './bundles';
import { type Ended, Running } from './process';

/** The tools that this machine has. */
export const TOOLS: readonly string[] = ['terraform', 'tofu'].filter((tool) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, tool))),
);

/** One suite for each tool; without any, one skipped test that says what to install. */
export function describeWithTools(title: string, suite: (tool: string) => void): void {
  if (TOOLS.length > 0) describe.each(TOOLS)(`${title} (%s)`, suite);
  else test.skip(`${title}: install terraform or tofu to run this`, () => {});
}

/** A test that synthesizes a whole app: cdktf asks the tool for its version then. Skipped where there is none. */
export function testSynthesis(title: string, body: (env: NodeJS.ProcessEnv) => void): void {
  const tool = TOOLS[0];
  if (tool === undefined) test.skip(`${title}: install terraform or tofu to run this`, () => {});
  else test(title, () => body({ TERRAFORM_BINARY_NAME: tool }));
}

const HEADER = `terraform {
  required_providers {
    ksm = { source = "ksm-iac/ksm" }
  }
}
provider "ksm" {}
`;

export interface Resource {
  readonly address: string;
  readonly type: string;
  readonly values: Record<string, unknown>;
}

export interface PlannedChange {
  readonly address: string;
  readonly change: { readonly actions: readonly string[]; readonly after_unknown: Record<string, unknown> };
}

/** A root module. */
export class Workspace {
  constructor(
    private readonly tool: string,
    private readonly env: NodeJS.ProcessEnv,
    readonly dir = mkdtempSync(join(tmpdir(), 'ksm-iac-ws-')),
  ) {}

  /** Replaces the configuration; the first time it initialises too. */
  write(hcl: string): this {
    writeFileSync(join(this.dir, 'main.tf'), HEADER + hcl);
    if (!existsSync(join(this.dir, '.terraform.lock.hcl'))) this.init();
    return this;
  }

  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
    return new Running(this.tool, args, { cwd: this.dir, env: { ...this.environment(), ...env } });
  }

  /** Runs a command whatever its exit code. */
  run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return this.start(args, env).ended;
  }

  async apply(...args: string[]): Promise<void> {
    succeeded(await this.run(['apply', '-auto-approve', '-input=false', '-no-color', ...args]));
  }

  /** Everything that an apply said while it failed. */
  async applyFails(env: NodeJS.ProcessEnv = {}): Promise<string> {
    const ended = await this.run(['apply', '-auto-approve', '-input=false', '-no-color'], env);
    if (ended.code === 0) throw new Error(`The apply should fail, but:\n${ended.stdout}`);
    return unwrap(ended.stdout + ended.stderr);
  }

  async destroy(): Promise<void> {
    succeeded(await this.run(['destroy', '-auto-approve', '-input=false', '-no-color']));
  }

  /** Address → actions of everything that a plan would do; empty when nothing. Fails when the plan does. */
  async plan(...args: string[]): Promise<Record<string, string>> {
    const { changes } = await this.planned(...args);
    return Object.fromEntries(changes.map(({ address, change }) => [address, change.actions.join(',')]));
  }

  /** As `plan`, with what it said. */
  async planned(...args: string[]): Promise<{ changes: PlannedChange[]; said: string }> {
    const { stdout, stderr } = succeeded(await this.run(['plan', '-input=false', '-no-color', '-out=tfplan', ...args]));
    const json = succeeded(await this.run(['show', '-json', 'tfplan'])).stdout;
    const { resource_changes = [] } = JSON.parse(json) as { resource_changes?: PlannedChange[] };
    const changes = resource_changes.filter(({ change }) => !['no-op', 'read'].includes(change.actions.join()));
    return { changes, said: unwrap(stdout + stderr) };
  }

  async resources(): Promise<Resource[]> {
    const json = succeeded(await this.run(['show', '-json'])).stdout;
    return (
      (JSON.parse(json) as { values?: { root_module: { resources?: Resource[] } } }).values?.root_module.resources ?? []
    );
  }

  async values(address: string): Promise<Record<string, unknown>> {
    const found = (await this.resources()).find((resource) => resource.address === address);
    if (!found) throw new Error(`${address} is not in the state.`);
    return found.values;
  }

  read(file: string): string {
    return readFileSync(join(this.dir, file), 'utf8');
  }

  dispose(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  private init(): void {
    execFileSync(this.tool, ['init', '-input=false', '-no-color'], {
      cwd: this.dir,
      env: this.environment(),
      stdio: 'pipe',
    });
  }

  /** Nothing of the machine's own Terraform settings gets in. */
  environment(): NodeJS.ProcessEnv {
    const own = Object.entries(process.env).filter(([name]) => !/^(TF_|KSM_)/.test(name));
    const home = join(this.dir, '.home');
    mkdirSync(home, { recursive: true });
    return {
      ...Object.fromEntries(own),
      HOME: home,
      // A provider that is killed leaves its socket there.
      TMPDIR: this.dir,
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1',
      TF_CLI_CONFIG_FILE: cliConfigFile(),
      ...this.env,
    };
  }
}

let installed: string | undefined;

/** The CLI configuration that `ksm-iac provider install` writes. */
function cliConfigFile(): string {
  if (installed === undefined) {
    const { cli } = ensureBundles();
    // Beside the bundles, not in a folder for this run: nothing tells jest's sandbox when a worker ends. One for each
    // worker, since each of them installs anew.
    const worker = process.env.JEST_WORKER_ID;
    const dir = join(dirname(cli), `../test-provider-${ARCHIVES ? 'executable-' : ''}${worker}`);
    const form = ARCHIVES ? ['--archives', ARCHIVES] : [];
    execFileSync(process.execPath, [cli, 'provider', 'install', '--dir', dir, ...form], { stdio: 'pipe' });
    installed = join(dir, 'terraformrc');
  }
  return installed;
}

/** Diagnostics are wrapped and framed for a terminal; tests look for sentences. */
function unwrap(text: string): string {
  return text.replace(/\n[│|╷╵]? */g, ' ').replace(/\s+/g, ' ');
}

function succeeded(ended: Ended): Ended {
  if (ended.code !== 0) throw new Error(`It ended with exit code ${ended.code}:\n${ended.stdout}\n${ended.stderr}`);
  return ended;
}
