import type { AttributeType } from './type';
import type { Value } from './value';

/** A function of the provider: computes, and asks nobody; it runs in a process that is not configured. */
export interface FunctionDefinition {
  readonly name: string;
  /** One short sentence. */
  readonly summary: string;
  /** User documentation (Markdown). */
  readonly description: string;
  /** What to use instead: a warning for whoever calls it. */
  readonly deprecated?: string;
  readonly parameters: readonly FunctionParameter[];
  /** Any number of further arguments. */
  readonly variadic?: FunctionParameter;
  readonly returns: AttributeType;

  /** @throws FunctionArgumentError, or a DiagnosticError, of which Terraform shows the words */
  call(...given: Value[]): Value | Promise<Value>;
}

export interface FunctionParameter {
  readonly name: string;
  readonly type: AttributeType;
  /** User documentation (Markdown). */
  readonly description: string;
  /** Whether it may be null. @default false: Terraform refuses null by itself */
  readonly nullable?: boolean;
}

/** An argument cannot be used. */
export class FunctionArgumentError extends Error {
  override readonly name = 'FunctionArgumentError';

  /**
   * @param index of the argument, from 0 on
   * @param text what was received and what is expected; never a secret
   */
  constructor(
    readonly index: number,
    readonly text: string,
  ) {
    super(text);
  }
}
