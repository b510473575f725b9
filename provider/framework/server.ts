import type { Diagnostic } from './diagnostic';
import type { AttributePath } from './path';
import type { Schema } from './schema';
import type { ObjectValue } from './value';

export interface Outcome {
  readonly diagnostics: readonly Diagnostic[];
}

export interface ConfigureRequest {
  readonly terraformVersion: string;
  readonly config: ObjectValue;
}

export interface ValidateResourceRequest {
  readonly typeName: string;
  readonly config: ObjectValue;
}

export interface UpgradeResourceRequest {
  readonly typeName: string;
  readonly version: bigint | number;
  /** The state as JSON text in the state file decodes to, of whatever version wrote it. */
  readonly state: unknown;
}

export interface ReadResourceRequest {
  readonly typeName: string;
  readonly state: ObjectValue;
  readonly private: Uint8Array;
}

export interface PlanResourceRequest {
  readonly typeName: string;
  /** Null: a creation. */
  readonly prior: ObjectValue | null;
  /** Null: a deletion. */
  readonly proposed: ObjectValue | null;
  readonly config: ObjectValue | null;
  readonly private: Uint8Array;
}

export interface ApplyResourceRequest {
  readonly typeName: string;
  readonly prior: ObjectValue | null;
  readonly planned: ObjectValue | null;
  readonly config: ObjectValue | null;
  readonly private: Uint8Array;
}

export interface ImportResourceRequest {
  readonly typeName: string;
  readonly id: string;
}

export interface StateOutcome extends Outcome {
  /** Null: the resource does not exist. */
  readonly state: ObjectValue | null;
  readonly private: Uint8Array;
}

export interface PlanOutcome extends Outcome {
  readonly planned: ObjectValue | null;
  readonly requiresReplace: readonly AttributePath[];
  readonly private: Uint8Array;
}

export interface ImportOutcome extends Outcome {
  readonly resources: readonly {
    readonly typeName: string;
    readonly state: ObjectValue;
    readonly private: Uint8Array;
  }[];
}

/** What a provider is, without any wire: one method for each call of Terraform. None of them throws. */
export interface ProviderServer {
  providerSchema(): Schema;
  resourceSchemas(): Readonly<Record<string, Schema>>;
  validateProviderConfig(config: ObjectValue): Promise<Outcome>;
  configure(request: ConfigureRequest): Promise<Outcome>;
  validateResource(request: ValidateResourceRequest): Promise<Outcome>;
  upgradeResource(request: UpgradeResourceRequest): Promise<Outcome & { readonly state: ObjectValue | null }>;
  readResource(request: ReadResourceRequest): Promise<StateOutcome>;
  planResource(request: PlanResourceRequest): Promise<PlanOutcome>;
  applyResource(request: ApplyResourceRequest): Promise<StateOutcome>;
  importResource(request: ImportResourceRequest): Promise<ImportOutcome>;
  /** Terraform was interrupted: no creation starts any more; what is in flight finishes. */
  stop(): void;
  /** Terraform is done with this process: settles what the run made. Takes at most 10 s. */
  shutdown(): Promise<void>;
}
