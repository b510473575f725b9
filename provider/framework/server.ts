import type { Diagnostic } from './diagnostic';
import type { FunctionDefinition } from './function';
import type { IdentityDefinition } from './identity';
import type { AttributePath } from './path';
import type { Schema } from './schema';
import type { ObjectValue, Value } from './value';

/** Every request of Terraform's. */
export interface Request {
  /** Aborted when the caller waits no more. @default never */
  readonly signal?: AbortSignal | undefined;
}

/** A request that may be put off. */
export interface DeferrableRequest extends Request {
  /** Whether the client plans on without what cannot be known as yet. @default false */
  readonly deferralAllowed?: boolean | undefined;
}

export interface Outcome {
  readonly diagnostics: readonly Diagnostic[];
}

export interface DeferrableOutcome extends Outcome {
  /** The provider's configuration is unknown as yet, and the client goes on without this. */
  readonly deferred?: boolean;
}

export interface ConfigureRequest {
  readonly terraformVersion: string;
  readonly config: ObjectValue;
}

/** Kinds that have a schema and are found by their type's name. */
export type SchemaKind = 'managed' | 'data' | 'ephemeral' | 'list';

export interface ValidateRequest extends Request {
  readonly kind: SchemaKind;
  readonly typeName: string;
  readonly config: ObjectValue;
  /** Whether the client can keep an attribute out of its plan and state. @default false */
  readonly writeOnlyAllowed?: boolean | undefined;
}

export interface UpgradeResourceRequest extends Request {
  readonly typeName: string;
  readonly version: bigint | number;
  /** The state as JSON text in the state file decodes to, of whatever version wrote it. */
  readonly state: unknown;
}

export interface UpgradeIdentityRequest extends Request {
  readonly typeName: string;
  readonly version: bigint | number;
  /** As JSON text in the state file decodes to. */
  readonly identity: unknown;
}

export interface ReadResourceRequest extends DeferrableRequest {
  readonly typeName: string;
  readonly state: ObjectValue;
  readonly private: Uint8Array;
}

export interface PlanResourceRequest extends DeferrableRequest {
  readonly typeName: string;
  /** Null: a creation. */
  readonly prior: ObjectValue | null;
  /** Null: a deletion. */
  readonly proposed: ObjectValue | null;
  readonly config: ObjectValue | null;
  readonly private: Uint8Array;
}

export interface ApplyResourceRequest extends Request {
  readonly typeName: string;
  readonly prior: ObjectValue | null;
  readonly planned: ObjectValue | null;
  readonly config: ObjectValue | null;
  readonly private: Uint8Array;
}

export interface ImportResourceRequest extends DeferrableRequest {
  readonly typeName: string;
  /** Empty where there is an identity. */
  readonly id: string;
  readonly identity?: ObjectValue | null;
}

export interface MoveResourceRequest extends Request {
  readonly typeName: string;
  readonly sourceProvider: string;
  readonly sourceTypeName: string;
  readonly sourceVersion: number;
  readonly sourceState: unknown;
}

export interface GenerateConfigRequest extends Request {
  readonly typeName: string;
  readonly state: ObjectValue;
}

export interface ReadDataSourceRequest extends DeferrableRequest {
  readonly typeName: string;
  readonly config: ObjectValue;
}

export interface EphemeralRequest extends Request {
  readonly typeName: string;
  readonly private: Uint8Array;
}

export interface CallFunctionRequest extends Request {
  readonly name: string;
  readonly arguments: readonly Value[];
}

export interface ListResourcesRequest extends Request {
  readonly typeName: string;
  readonly config: ObjectValue;
  /** Whether the states are wanted with the identities. */
  readonly includeState: boolean;
  /** How many are wanted at most; 0: all. */
  readonly limit: number;
}

export interface StateOutcome extends DeferrableOutcome {
  /** Null: the resource does not exist. */
  readonly state: ObjectValue | null;
  readonly private: Uint8Array;
  /** Null: none, or not known as yet. */
  readonly identity?: ObjectValue | null;
}

export interface PlanOutcome extends DeferrableOutcome {
  readonly planned: ObjectValue | null;
  readonly requiresReplace: readonly AttributePath[];
  readonly private: Uint8Array;
  readonly identity?: ObjectValue | null;
}

export interface ImportOutcome extends DeferrableOutcome {
  readonly resources: readonly {
    readonly typeName: string;
    readonly state: ObjectValue;
    readonly private: Uint8Array;
    readonly identity?: ObjectValue | null;
  }[];
}

export interface OpenOutcome extends DeferrableOutcome {
  /** Null: it was not opened. */
  readonly result: ObjectValue | null;
  readonly renewAt?: Date | undefined;
  readonly private: Uint8Array;
}

export interface RenewOutcome extends Outcome {
  readonly renewAt?: Date | undefined;
  readonly private: Uint8Array;
}

export interface FunctionOutcome {
  /** Undefined: it failed. */
  readonly result?: Value;
  readonly error?: { readonly text: string; readonly argument?: number | undefined };
}

/** One thing that a list found, or diagnostics in place of one. */
export interface ListEvent extends Outcome {
  readonly displayName: string;
  readonly identity: ObjectValue | null;
  readonly state: ObjectValue | null;
}

/** What the provider has, by kind and name. */
export interface ProviderSchemas {
  readonly provider: Schema;
  readonly managed: Readonly<Record<string, Schema>>;
  readonly data: Readonly<Record<string, Schema>>;
  readonly ephemeral: Readonly<Record<string, Schema>>;
  readonly list: Readonly<Record<string, Schema>>;
  readonly functions: Readonly<Record<string, FunctionDefinition>>;
  /** Of the managed resources that have one. */
  readonly identities: Readonly<Record<string, IdentityDefinition>>;
  /** Whether some resource takes over the state of another type. */
  readonly moves: boolean;
}

/**
 * What a provider is, without any wire: one method for each call of Terraform.
 * None of them throws but where the provider has nothing of that name, and
 * then a DiagnosticError.
 */
export interface ProviderServer {
  readonly schemas: ProviderSchemas;
  validateProviderConfig(config: ObjectValue): Promise<Outcome>;
  configure(request: ConfigureRequest): Promise<Outcome>;
  validate(request: ValidateRequest): Promise<Outcome>;
  upgradeResource(request: UpgradeResourceRequest): Promise<Outcome & { readonly state: ObjectValue | null }>;
  upgradeIdentity(request: UpgradeIdentityRequest): Promise<Outcome & { readonly identity: ObjectValue | null }>;
  readResource(request: ReadResourceRequest): Promise<StateOutcome>;
  planResource(request: PlanResourceRequest): Promise<PlanOutcome>;
  applyResource(request: ApplyResourceRequest): Promise<StateOutcome>;
  importResource(request: ImportResourceRequest): Promise<ImportOutcome>;
  moveResource(request: MoveResourceRequest): Promise<StateOutcome>;
  generateConfig(request: GenerateConfigRequest): Promise<Outcome & { readonly config: ObjectValue }>;
  readDataSource(request: ReadDataSourceRequest): Promise<DeferrableOutcome & { readonly state: ObjectValue | null }>;
  openEphemeral(request: ReadDataSourceRequest): Promise<OpenOutcome>;
  renewEphemeral(request: EphemeralRequest): Promise<RenewOutcome>;
  closeEphemeral(request: EphemeralRequest): Promise<Outcome>;
  callFunction(request: CallFunctionRequest): Promise<FunctionOutcome>;
  list(request: ListResourcesRequest): AsyncIterable<ListEvent>;
  /** Terraform was interrupted: reads and waits end, no creation starts any more, and a write that runs finishes. */
  stop(): void;
  /** Terraform is done with this process, or `lost`: settles what the run made. Takes at most 10 s. */
  shutdown(ending?: { readonly lost: boolean }): Promise<void>;
}
