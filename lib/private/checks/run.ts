import { type TerraformStack, Testing } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { IKsmRule, KsmCheckOptions, KsmFinding, KsmRuleMatch } from '../../checks';
import {
  didYouMean,
  type Finding,
  sentences,
  show,
  validInteger,
  validKeys,
  validTexts,
  withoutNulls,
} from '../validate';
import { type Accepted, acceptancesIn } from './acceptance';
import { constructAt, type Json, modelOf, type StackModel } from './model';
import { type Match, RULES, type World } from './rules';

export const SEVERITIES = ['error', 'warning', 'info'] as const;

/** What reports say of a rule. */
export interface RuleDescription {
  readonly id: string;
  readonly severity: string;
  readonly reason: string;
  readonly cure: string;
}

export const UNUSED = 'unused-acceptance';

/** Found by the machinery itself. */
export const OWN_RULES: readonly RuleDescription[] = [
  {
    id: UNUSED,
    severity: 'warning',
    reason: 'An acceptance that accepts nothing hides the next finding of its rule.',
    cure: 'Remove it.',
  },
  {
    id: 'rule-failed',
    severity: 'error',
    reason: 'A rule that failed has checked nothing.',
    cure: 'Mend the rule, or turn it off.',
  },
];

const OPTIONS: Record<keyof KsmCheckOptions, true> = {
  off: true,
  on: true,
  severities: true,
  widelyGrantedMoreThan: true,
  longTokenLifeMinutes: true,
  rules: true,
};

/** All rules that there are with these options, and what is wrong with them. */
export function checkedOptions(given: KsmCheckOptions): readonly RuleDescription[] {
  const options = withoutNulls(given, OPTIONS);
  const shape = [
    validKeys(given ?? {}, OPTIONS),
    validList('off', options.off, 'ids of rules', (one) => typeof one === 'string'),
    validList('on', options.on, 'ids of rules', (one) => typeof one === 'string'),
    validTexts('severities', options.severities),
    validList('rules', options.rules, 'rules, each with a check', isRule),
  ];
  refuse(shape);
  const own = options.rules ?? [];
  const known = [...RULES, ...OWN_RULES].map(({ id }) => id);
  const ids = [...known, ...own.map(({ id }) => id)];
  const wrong = [
    validInteger('widelyGrantedMoreThan', options.widelyGrantedMoreThan, 1, 1_000_000),
    validInteger('longTokenLifeMinutes', options.longTokenLifeMinutes, 1, 1440),
    ...[...(options.off ?? []), ...(options.on ?? []), ...Object.keys(options.severities ?? {})]
      .filter((id) => !ids.includes(id))
      .map((id) => sentences(`${show(id)} is no rule.`, didYouMean(id, ids), `Expected one of ${ids.join(', ')}.`)),
    ...[...Object.values(options.severities ?? {}), ...own.map(({ severity }) => severity)]
      .filter((severity) => !SEVERITIES.includes(severity as 'error'))
      .map(
        (severity) => `severity is ${show(severity)}. Expected ${SEVERITIES.map((word) => show(word)).join(' or ')}.`,
      ),
    ...own
      .filter(
        ({ id }, i) =>
          !/^[a-z][a-z0-9-]*$/.test(String(id)) || known.includes(id) || own.findIndex((one) => one.id === id) !== i,
      )
      .map(
        ({ id }) => `the id of a rule is ${show(id)}. Expected lower-case words with dashes, and none that there is.`,
      ),
  ];
  refuse(wrong);
  return [...RULES, ...own, ...OWN_RULES];
}

function refuse(findings: readonly Finding[]): void {
  const wrong = findings.filter((finding) => finding !== undefined);
  if (wrong.length > 0) throw new Error(`KsmChecks: ${wrong.join(' ')}`);
}

function validList(field: string, value: unknown, what: string, fits: (one: unknown) => boolean): Finding {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) return `${field} is ${show(value)}. Expected a list of ${what}.`;
  const wrong = value.findIndex((one) => !fits(one));
  return wrong < 0 ? undefined : `${field}.${wrong} is ${show(value[wrong])}. Expected a list of ${what}.`;
}

function isRule(one: unknown): boolean {
  return typeof (one as Partial<IKsmRule> | undefined | null)?.check === 'function';
}

/** For tests: with what aspects do, which `Testing.synth` has run, and with the paths, which it leaves out. */
function configurationOf(stack: TerraformStack): { [key: string]: Json } {
  Testing.synth(stack);
  return JSON.parse(JSON.stringify(stack.toTerraform()));
}

/**
 * @param scope what is looked at: findings elsewhere are left out
 * @param read what Terraform is given of a stack
 */
export function runOn(
  stacks: readonly TerraformStack[],
  scope: IConstruct,
  given: KsmCheckOptions,
  read: (stack: TerraformStack) => { [key: string]: Json } = configurationOf,
): KsmFinding[] {
  const ids = checkedOptions(given).map(({ id }) => id);
  const options = withoutNulls(given, OPTIONS);
  const models = stacks.map((stack) => modelOf(stack, read(stack)));
  const world: World = {
    root: scope.node.root,
    stacks: models,
    widelyGrantedMoreThan: options.widelyGrantedMoreThan ?? 10,
    longTokenLifeMinutes: options.longTokenLifeMinutes ?? 240,
  };
  const findings: KsmFinding[] = [];
  // Of the whole program, since the secret of a grant may stand in another stack.
  const acceptances = acceptancesIn(world.root);
  const isOff = (id: string) =>
    options.off?.includes(id) === true ||
    (RULES.some((rule) => rule.id === id && rule.optIn) && options.on?.includes(id) !== true);
  const add = ({ id, severity, cure }: RuleDescription, { path, message, cure: fitting = cure, also = [] }: Match) => {
    if (isOff(id) || !within(path, scope)) return;
    const accepted = [constructAt(world.root, path), ...also]
      .map((construct) => acceptedFor(acceptances, construct, id))
      .find((reason) => reason !== undefined);
    findings.push({
      rule: id,
      severity: options.severities?.[id] ?? severity,
      path,
      message,
      cure: fitting,
      ...(accepted && { accepted }),
    });
  };
  for (const rule of RULES) {
    if (isOff(rule.id)) continue;
    for (const match of rule.check(world)) add(rule, match);
  }
  for (const rule of options.rules ?? []) runOwn(rule, models, add);
  for (const accepted of [...acceptances.values()].flat()) {
    // One that stands above may be for another stack.
    if (accepted.used || isOff(accepted.rule) || !within(accepted.construct.node.path, scope)) continue;
    const { path } = accepted.construct.node;
    if (ids.includes(accepted.rule)) {
      add(OWN_RULES[0]!, { path, message: `Nothing of the rule ${show(accepted.rule)} is found here.` });
    } else {
      add(OWN_RULES[0]!, {
        path,
        message: `${show(accepted.rule)} is no rule.`,
        cure: didYouMean(accepted.rule, ids) ?? `Expected one of ${ids.join(', ')}.`,
      });
    }
  }
  return findings;
}

function runOwn(
  rule: IKsmRule,
  models: readonly StackModel[],
  add: (rule: RuleDescription, match: KsmRuleMatch) => void,
): void {
  // Read one by one: a rule from another language is a proxy.
  const { id, severity, reason, cure } = rule;
  for (const { stack, configuration } of models) {
    try {
      for (const { path, message } of rule.check({ stack, configuration }))
        add({ id, severity, reason, cure }, { path, message });
    } catch (error) {
      add(OWN_RULES[1]!, {
        path: stack.node.path,
        message: `The rule ${show(id)} failed: ${(error as Error).message}`,
      });
    }
  }
}

export function within(path: string, scope: IConstruct): boolean {
  const { path: above } = scope.node;
  return above === '' || path === above || path.startsWith(`${above}/`);
}

/** Inherited: the nearest one counts, and each that fits is used. */
function acceptedFor(
  acceptances: Map<IConstruct, Accepted[]>,
  construct: IConstruct,
  rule: string,
): string | undefined {
  let reason: string | undefined;
  for (const scope of construct.node.scopes) {
    for (const accepted of acceptances.get(scope) ?? []) {
      if (accepted.rule !== rule) continue;
      accepted.used = true;
      reason = accepted.reason;
    }
  }
  return reason;
}
