import type { Ending } from './call';
import type { DataSourceDefinition } from './data-source';
import type { Diagnostic } from './diagnostic';
import type { EphemeralResourceDefinition } from './ephemeral-resource';
import type { FunctionDefinition } from './function';
import type { InFlight } from './lifetime';
import type { ListResourceDefinition } from './list-resource';
import type { ResourceDefinition } from './resource';
import type { Schema } from './schema';
import type { ConfigureRequest } from './server';
import type { Subject } from './subject';
import type { ObjectValue } from './value';

/** What a configured provider works with; it is told what Terraform was given, so that nothing else outlives the run. */
export interface Session {
  /** Names this process: what one run imported is told from what a later one reads. Not a secret. */
  readonly runId: string;
  /** How long one operation on a resource may take with all its calls and waits, in milliseconds. @default no limit */
  readonly operationTimeoutMs?: number;
  /** A refresh found this resource, which stood in the state of an earlier run. */
  wasRead(id: string): void;
  /** A refresh found this resource gone. */
  wasMissing(id: string): void;
  /** An apply returned this resource, created or changed, to Terraform. */
  wasApplied(id: string): void;
  /** An apply deleted this resource. */
  wasDeleted(id: string): void;
  /** Ends it: Terraform is done with this process, or configures it anew. Never rejects. */
  close(ending: SessionEnding): Promise<void>;
}

export interface SessionEnding {
  /** The calls that still run. */
  readonly inFlight: InFlight;
  /** Terraform went away without a word: nobody knows what it saved. */
  readonly lost: boolean;
}

/** What failed, for the words of a diagnostic. */
export interface FailedCall {
  readonly action: Action;
  readonly subject: Subject;
  /** Of what there is already. */
  readonly id?: string | undefined;
  /** As it is configured, where it has an attribute `name`. */
  readonly name?: string | undefined;
  /** Why the call was ended before it was done, if it was. */
  readonly ending?: Ending | undefined;
}

export type Action =
  | 'validate'
  | 'plan'
  | 'create'
  | 'read'
  | 'update'
  | 'delete'
  | 'import'
  | 'move'
  | 'upgrade'
  | 'open'
  | 'renew'
  | 'close'
  | 'list';

export interface ProviderDefinition<S extends Session> {
  readonly schema: Schema;
  readonly resources: readonly ResourceDefinition<S>[];
  readonly dataSources?: readonly DataSourceDefinition<S>[];
  readonly ephemeralResources?: readonly EphemeralResourceDefinition<S>[];
  readonly listResources?: readonly ListResourceDefinition<S>[];
  readonly functions?: readonly FunctionDefinition[];
  /** Checks across attributes of the provider's configuration; never uses the network. */
  validate(config: ObjectValue): Diagnostic[];
  /** Without a session and without errors, the configuration is unknown as yet. Never uses the network. */
  configure(request: ConfigureRequest): { readonly session?: S; readonly diagnostics: readonly Diagnostic[] };
  /** Diagnostics for a failure of this provider's kind; undefined for one that only a bug explains. */
  explain(error: unknown, call: FailedCall): Diagnostic[] | undefined;
}
