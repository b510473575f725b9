import type { CallContext } from './call';
import type { Diagnostic } from './diagnostic';
import type { IdentityDefinition } from './identity';
import type { AttributePath } from './path';
import type { PrivateCodec } from './private-state';
import type { Schema } from './schema';
import type { ObjectValue } from './value';

/**
 * One kind of resource. Files that define one keep this order of members. Each
 * method may throw; what it throws is turned into diagnostics by the provider's
 * `explain`. Every resource has a string attribute `id` that never changes.
 *
 * @typeParam S what a configured provider gives its resources to work with
 * @typeParam P what the resource keeps in its private state, beside what Terraform shows
 */
export interface ResourceDefinition<S, P = unknown> extends PrivateCodec<P> {
  readonly typeName: string;
  /** What people call it, lower case, for messages: "client device". */
  readonly noun: string;
  readonly schema: Schema;
  /** What it is known by outside of Terraform. @default none */
  readonly identity?: IdentityDefinition;
  /**
   * By the version that stored it: makes of a stored state, as JSON, that of the
   * next version. Attributes that are absent afterwards get their default.
   */
  readonly upgrade?: Readonly<Record<number, (stored: StoredObject) => StoredObject>>;

  /** Checks across attributes, each of which may be null or unknown; never uses the network. */
  validate?(config: ObjectValue): Diagnostic[];

  /**
   * What the attributes' own rules cannot plan. Must plan the same each time
   * for the same request; nothing is kept from one to the next.
   */
  modifyPlan?(request: PlanRequest<S, P>): Promise<PlanChanges<P>>;

  /** Makes it, and returns the planned attributes with every unknown one filled in. */
  create(request: CreateRequest<S, P>): Promise<Applied<P>>;

  /** The state as it is now, or null (also as its `state`, with warnings) if the resource is gone. */
  read(request: ReadRequest<S, P>): Promise<Applied<P> | Gone | null>;

  /** Makes the change that is planned in place, and returns the new state. */
  update(request: UpdateRequest<S, P>): Promise<Applied<P>>;

  /** Removes it. What is gone already was removed successfully. */
  delete(request: ReadRequest<S, P>): Promise<Noted> | Promise<void>;

  /** The state of something that exists, by its import id; null if nothing of that id exists. */
  import(request: ImportRequest<S>): Promise<Applied<P> | null>;

  /** The state of another provider's or type's resource as one of this; undefined: not of such a one. */
  move?(request: MoveRequest<S>): Promise<Applied<P> | undefined>;
}

/** JSON of a state file. */
export type StoredObject = { [attribute: string]: unknown };

/** What every call that reaches the vault has. */
export interface InCall<S> {
  readonly session: S;
  readonly call: CallContext;
}

export interface PlanRequest<S, P> {
  /** Null: a creation, also as the second half of a replacement. */
  readonly prior: ObjectValue | null;
  readonly config: ObjectValue;
  /** What the attributes' rules make of it. */
  readonly planned: ObjectValue;
  /** Whether something is made, in place of another or not. A replacement is planned again with a null `prior`, and then Terraform shows no warnings. */
  readonly creates: boolean;
  readonly private: P | undefined;
  /** Undefined: the provider's configuration is unknown as yet. */
  readonly session: S | undefined;
  readonly call: CallContext;
}

export interface PlanChanges<P> extends Noted {
  /** Attributes that are planned otherwise. */
  readonly planned?: ObjectValue;
  /** Attributes whose planned change replaces. */
  readonly requiresReplace?: readonly AttributePath[];
  /** @default what it was */
  readonly private?: P;
}

export interface CreateRequest<S, P> extends InCall<S> {
  readonly planned: ObjectValue;
  /** Here alone are the write-only attributes. */
  readonly config: ObjectValue;
  readonly private: P | undefined;
}

export interface UpdateRequest<S, P> extends CreateRequest<S, P> {
  readonly prior: ObjectValue;
}

export interface ReadRequest<S, P> extends InCall<S> {
  /** As it was stored: an attribute that is newer than the state, or that somebody edited, may be null. */
  readonly state: ObjectValue;
  readonly private: P | undefined;
}

export interface ImportRequest<S> extends InCall<S> {
  readonly id: string;
}

export interface MoveRequest<S> {
  /** Undefined: the provider is configured with values that are known only after apply. */
  readonly session: S | undefined;
  readonly call: CallContext;
  /** Host, namespace and type of the provider: `registry.terraform.io/hashicorp/null`. */
  readonly sourceProvider: string;
  readonly sourceTypeName: string;
  readonly sourceVersion: number;
  readonly sourceState: StoredObject;
}

/** A change or a look that had something to say beside its success. */
export interface Noted {
  readonly warnings?: readonly Diagnostic[];
}

/** Gone, and there is something to say about it. */
export interface Gone extends Noted {
  readonly state: null;
}

export interface Applied<P> extends Noted {
  readonly state: ObjectValue;
  /** @default what it was before; nothing for what was made */
  readonly private?: P | undefined;
}
