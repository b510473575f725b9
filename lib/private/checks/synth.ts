import { readFileSync, writeFileSync } from 'node:fs';
import { basename, isAbsolute, join, relative, sep } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { KsmCheckOptions, KsmFinding } from '../../checks';
import { show } from '../validate';
import { jsonReport, sarifReport } from './report';
import { checkedOptions, type RuleDescription, runOn, SEVERITIES, UNUSED, within } from './run';

interface Applied {
  readonly scope: IConstruct;
  readonly options: KsmCheckOptions;
  readonly rules: readonly RuleDescription[];
}

/** What the CDKTF CLI sets for a program: that it prints annotations itself. */
const PRINTS_ANNOTATIONS = 'CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS';

/** By app: what is checked when it is synthesized. */
const applied = new WeakMap<IConstruct, Applied[]>();

export function register(scope: IConstruct, options: KsmCheckOptions): void {
  if (scope?.node === undefined) {
    throw new Error(`KsmChecks.apply: scope is ${show(scope)}. Expected an app, a stack or a construct.`);
  }
  const { root: app } = scope.node;
  if (!App.isApp(app)) throw new Error(`KsmChecks.apply of '${scope.node.path}': expected a construct within an App.`);
  const one = { scope, options, rules: checkedOptions(options) };
  const known = applied.get(app);
  if (known !== undefined) {
    if (known.some((other) => other.scope === scope)) {
      throw new Error(
        `KsmChecks.apply of '${scope.node.path || 'the app'}' a second time. Expected one call with all options.`,
      );
    }
    known.push(one);
    return;
  }
  const all = [one];
  applied.set(app, all);
  // An app is validated after its stacks were written, so that the files are read and not made once more.
  app.node.addValidation({ validate: () => validate(app, all) });
}

function validate(app: App, all: readonly Applied[]): string[] {
  const findings = joined(
    all.map(({ scope, options }) => ({
      scope,
      findings: runOn(stacksOf(app, scope), scope, options, (stack) => written(app, stack)),
    })),
  );
  const stackAt = stacksByPath(app);
  const rules = [...new Map(all.flatMap((one) => one.rules).map((rule) => [rule.id, rule])).values()];
  writeFileSync(join(app.outdir, 'ksm-checks.json'), jsonReport(findings));
  writeFileSync(
    join(app.outdir, 'ksm-checks.sarif'),
    sarifReport(findings, rules, (path) => fileOf(app, stackAt(path))),
  );
  const open = findings.filter(({ accepted }) => accepted === undefined);
  const seen = open.filter(({ severity }) => severity !== 'error');
  annotate(app, seen, stackAt);
  if (process.env[PRINTS_ANNOTATIONS] === undefined) print(app, seen);
  return open.filter(({ severity }) => severity === 'error').map((finding) => `[${finding.path}] ${textOf(finding)}`);
}

/**
 * Of scopes within each other each finds the same: it is said once, as what
 * matters most. An acceptance is unused only where no one of them uses it.
 */
function joined(runs: readonly { readonly scope: IConstruct; readonly findings: KsmFinding[] }[]): KsmFinding[] {
  const keyOf = ({ rule, path, message }: KsmFinding) => JSON.stringify([rule, path, message]);
  const found = new Map<string, KsmFinding>();
  const times = new Map<string, number>();
  for (const finding of runs.flatMap(({ findings }) => findings)) {
    const key = keyOf(finding);
    const other = found.get(key);
    times.set(key, (times.get(key) ?? 0) + 1);
    if (other === undefined || weight(finding) < weight(other)) found.set(key, finding);
  }
  return [...found].flatMap(([key, finding]) => {
    const looking = runs.filter(({ scope }) => within(finding.path, scope)).length;
    return finding.rule === UNUSED && times.get(key)! < looking ? [] : [finding];
  });
}

const weight = ({ severity }: KsmFinding) => SEVERITIES.indexOf(severity as 'error');

function stacksOf(app: App, scope: IConstruct): TerraformStack[] {
  const above = scope.node.scopes.find((one) => TerraformStack.isStack(one)) as TerraformStack | undefined;
  return above ? [above] : app.node.findAll().filter((one): one is TerraformStack => TerraformStack.isStack(one));
}

/** Where HCL is written, there is no JSON to read. */
function written(app: App, stack: TerraformStack): Record<string, never> {
  if (app.hclOutput) return JSON.parse(JSON.stringify(stack.toTerraform()));
  return JSON.parse(readFileSync(join(app.outdir, app.manifest.forStack(stack).synthesizedStackPath), 'utf8'));
}

/**
 * The file of a stack, from where the program runs; under the name of the folder
 * alone if that is somewhere else.
 */
function fileOf(app: App, stack: TerraformStack | undefined): string {
  const file = stack ? app.manifest.forStack(stack).synthesizedStackPath : 'manifest.json';
  const folder = relative(process.cwd(), app.outdir);
  const near = folder !== '' && !isAbsolute(folder) && folder.split(sep)[0] !== '..';
  return [...(near ? folder.split(sep) : [basename(app.outdir)]), ...file.split(/[\\/]/)].join('/');
}

/** The stack of a path. They are looked up once: a program has many findings, and many constructs. */
function stacksByPath(app: App): (path: string) => TerraformStack | undefined {
  const stacks = stacksOf(app, app);
  return (path) => stacks.find((one) => inside(path, one.node.path));
}

/** Into the manifest, from which the CLI prints them: those of the constructs were collected before. */
function annotate(app: App, findings: readonly KsmFinding[], stackAt: ReturnType<typeof stacksByPath>): void {
  for (const finding of findings) {
    const stack = stackAt(finding.path);
    if (stack === undefined) continue;
    app.manifest.forStack(stack).annotations.push({
      constructPath: finding.path,
      level: `@cdktf/${finding.severity === 'info' ? 'info' : 'warn'}` as never,
      message: textOf(finding),
      stacktrace: [],
    });
  }
}

/** For a program that is run by itself, where nobody prints the annotations. What is only good to know stays in the report. */
function print(app: App, findings: readonly KsmFinding[]): void {
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  if (warnings.length === 0) return;
  const lines = warnings.map((finding) => `warning [${finding.path}] ${textOf(finding)}\n`);
  process.stderr.write(`${lines.join('')}All findings of KsmChecks: ${join(app.outdir, 'ksm-checks.json')}\n`);
}

const inside = (path: string, above: string) => path === above || path.startsWith(`${above}/`);

function textOf({ rule, message, cure }: KsmFinding): string {
  return `${rule}: ${message} ${cure}`;
}
