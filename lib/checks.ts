import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { acceptAs } from './private/checks/acceptance';
import { runOn } from './private/checks/run';
import { register } from './private/checks/synth';
import { show } from './private/validate';

/**
 * How much a finding matters; the plain words do as well.
 *
 * @stability stable
 */
export class KsmSeverity {
  /** `error`: the synthesis fails. */
  public static readonly ERROR = 'error';
  /** `warning`: it is printed, and in the reports. */
  public static readonly WARNING = 'warning';
  /** `info`: in the reports, and an annotation, for what is only good to know. */
  public static readonly INFO = 'info';

  private constructor() {}
}

/**
 * One thing that a rule found.
 *
 * @stability stable
 */
export interface KsmFinding {
  /** Id of the rule. */
  readonly rule: string;
  /** `error`, `warning` or `info`, see `KsmSeverity`. */
  readonly severity: string;
  /** Path of the construct. */
  readonly path: string;
  /** What is there. No secret is in it. */
  readonly message: string;
  /** What to do. */
  readonly cure: string;
  /** Why it was accepted; none: it was not. */
  readonly accepted?: string;
}

/**
 * What a rule of your own is given: one stack at a time.
 *
 * @stability stable
 */
export interface KsmRuleContext {
  /** The stack. */
  readonly stack: TerraformStack;
  /** What Terraform is given, as an object: `configuration.resource.ksm_client_device`, by type and by name. */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no unknown
  readonly configuration: any;
}

/**
 * What a rule of your own found.
 *
 * @stability stable
 */
export interface KsmRuleMatch {
  /** Path of the construct: each block has it under `"//".metadata.path`. */
  readonly path: string;
  /** What is there. */
  readonly message: string;
}

/**
 * A rule of your own.
 *
 * @stability stable
 */
export interface IKsmRule {
  /** Id: lower-case words with dashes, and none of this library's. */
  readonly id: string;
  /** `error`, `warning` or `info`, see `KsmSeverity`. */
  readonly severity: string;
  /** Why it matters. */
  readonly reason: string;
  /** What to do. */
  readonly cure: string;

  /**
   * Looks at one stack. What it throws is a finding of its own, `rule-failed`.
   *
   * @param context the stack, and what Terraform is given of it
   */
  check(context: KsmRuleContext): KsmRuleMatch[];
}

/**
 * Which rules there are, and how much they matter.
 *
 * @stability stable
 */
export interface KsmCheckOptions {
  /**
   * Ids of rules that are not run.
   *
   * @default - none
   */
  readonly off?: string[];

  /**
   * Ids of rules that are run only when they are named here: `unsealed-in-state`.
   *
   * @default - none
   */
  readonly on?: string[];

  /**
   * Severities by id, in place of the rules' own.
   *
   * @default - each rule's own
   */
  readonly severities?: { [rule: string]: string };

  /**
   * A secret that more applications than this are granted is `widely-granted`: 1 or more.
   *
   * @default 10
   */
  readonly widelyGrantedMoreThan?: number;

  /**
   * A token that can be redeemed longer than this is `long-token-life`: minutes, 1 to 1440.
   *
   * @default 240
   */
  readonly longTokenLifeMinutes?: number;

  /**
   * Rules of your own, run after those of this library.
   *
   * @default - none
   */
  readonly rules?: IKsmRule[];
}

/**
 * That one finding is right as it is.
 *
 * @stability stable
 */
export interface KsmAcceptance {
  /** Id of the rule. */
  readonly rule: string;
  /** Why: one sentence that a reader of the program and of the reports understands. */
  readonly reason: string;
}

/**
 * Looks at a whole program when it is synthesized: who may read too much, what
 * leaks, what will fail at apply. Errors fail the synthesis, warnings are
 * annotations, which the CDKTF CLI prints; a program that is run by itself
 * prints them to standard error. Everything is in two reports beside the stacks:
 * `cdktf.out/ksm-checks.json` and, for code scanning, `cdktf.out/ksm-checks.sarif`
 * (SARIF 2.1.0).
 *
 * @stability stable
 *
 * @example
 *
 * KsmChecks.apply(app);
 * KsmChecks.accept(device, { rule: 'unlocked-ip', reason: 'Runners have another address each time.' });
 */
export class KsmChecks {
  /**
   * Has the checks run at synthesis. `Testing.synth` runs none: see `findings`.
   * Of scopes within each other a finding is said once, with the severity that
   * matters most.
   *
   * @param scope an app and all its stacks, also those declared later; a stack; or a construct and what stands below it
   * @param options which rules there are, and how much they matter
   */
  public static apply(scope: IConstruct, options: KsmCheckOptions = {}): void {
    register(scope, options);
  }

  /**
   * Says that what a rule finds of a construct, and of all below it, is right.
   * An acceptance of nothing is itself a finding, `unused-acceptance`, unless its
   * rule is not run. `widely-granted` is accepted at the secret or at any grant
   * of it.
   *
   * @param construct the construct
   * @param acceptance the rule, and a reason
   */
  public static accept(construct: IConstruct, acceptance: KsmAcceptance): void {
    acceptAs(construct, acceptance);
  }

  /**
   * What the rules find of one stack, for tests: without an `app.synth`.
   *
   * @param stack the stack
   * @param options which rules there are, and how much they matter
   */
  public static findings(stack: TerraformStack, options: KsmCheckOptions = {}): KsmFinding[] {
    if (!TerraformStack.isStack(stack))
      throw new Error(`KsmChecks.findings: stack is ${show(stack)}. Expected a stack.`);
    return runOn([stack], stack, options);
  }

  private constructor() {}
}
