import type { Diagnostic } from './diagnostic';
import type { ResourceDefinition } from './resource';
import type { Schema } from './schema';
import type { ConfigureRequest } from './server';
import type { ObjectValue } from './value';

/** What a configured provider works with; it is told what Terraform was given, so that nothing else outlives the run. */
export interface Session {
  /** A refresh or an import gave this resource to Terraform. */
  wasRead(id: string): void;
  /** A refresh found this resource gone. */
  wasMissing(id: string): void;
  /** An apply returned this resource, created or changed, to Terraform. */
  wasApplied(id: string): void;
  /** An apply deleted this resource. */
  wasDeleted(id: string): void;
  /** Terraform is done with this process. Never rejects. */
  close(): Promise<void>;
}

/** What failed, for the words of a diagnostic. */
export interface FailedCall<S> {
  readonly action: 'plan' | 'create' | 'read' | 'update' | 'delete' | 'import';
  readonly resource: ResourceDefinition<S>;
}

export interface ProviderDefinition<S extends Session> {
  readonly schema: Schema;
  readonly resources: readonly ResourceDefinition<S>[];
  /** Checks across attributes of the provider's configuration; never uses the network. */
  validate(config: ObjectValue): Diagnostic[];
  /** Without a session and without errors, the configuration is unknown as yet. Never uses the network. */
  configure(request: ConfigureRequest): { readonly session?: S; readonly diagnostics: readonly Diagnostic[] };
  /** Diagnostics for a failure of this provider's kind; undefined for one that only a bug explains. */
  explain(error: unknown, call: FailedCall<S>): Diagnostic[] | undefined;
}
