import type { Diagnostic } from './diagnostic';
import type { Schema } from './schema';
import type { ObjectValue } from './value';

/**
 * One kind of resource. Files that define one keep this order of members. Each
 * method may throw; what it throws is turned into diagnostics by the provider's
 * `explain`. Every resource has a string attribute `id` that never changes.
 *
 * @typeParam S what a configured provider gives its resources to work with
 */
export interface ResourceDefinition<S> {
  readonly typeName: string;
  /** What people call it, lower case, for messages: "client device". */
  readonly noun: string;
  readonly schema: Schema;

  /** Warnings about a creation that is planned, in place of another or not; some attributes may be unknown. Never a reason to refuse the plan. */
  planWarnings?(request: { readonly planned: ObjectValue; readonly session: S }): Promise<Diagnostic[]>;

  /** Makes it, and returns the planned attributes with every unknown one filled in. */
  create(request: { readonly planned: ObjectValue; readonly session: S }): Promise<ObjectValue>;

  /** The state as it is now, or null if the resource is gone. */
  read(request: { readonly state: ObjectValue; readonly session: S }): Promise<ObjectValue | null>;

  /** Makes the change that is planned in place, and returns the new state. */
  update(request: {
    readonly prior: ObjectValue;
    readonly planned: ObjectValue;
    readonly session: S;
  }): Promise<ObjectValue>;

  /** Removes it. What is gone already was removed successfully. */
  delete(request: { readonly state: ObjectValue; readonly session: S }): Promise<void>;

  /** The state of something that exists, by its import id; null if nothing of that id exists. */
  import(request: { readonly id: string; readonly session: S }): Promise<ObjectValue | null>;
}
