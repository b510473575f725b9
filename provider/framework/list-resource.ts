import type { Diagnostic } from './diagnostic';
import type { InCall, Noted } from './resource';
import type { Schema } from './schema';
import type { ObjectValue } from './value';

/**
 * Finds what exists of a resource type that has an identity, for `terraform query`.
 *
 * @typeParam S what a configured provider gives it to work with
 */
export interface ListResourceDefinition<S> {
  /** That of the resource that it lists. */
  readonly typeName: string;
  /** What people call several of it, lower case, for messages. */
  readonly noun: string;
  /** What the search can be narrowed by. */
  readonly schema: Schema;

  /** Checks across attributes, each of which may be null or unknown; never uses the network. */
  validate?(config: ObjectValue): Diagnostic[];

  /** One by one, as they are found; the framework stops asking at the limit. */
  list(request: ListRequest<S>): AsyncIterable<ListedItem>;
}

export interface ListRequest<S> extends InCall<S> {
  readonly config: ObjectValue;
  /** How many are asked for at most. */
  readonly limit: number;
}

export interface ListedItem extends Noted {
  /** What people know it by. */
  readonly displayName: string;
  /** Its state, as an import would make it; the identity is taken from it. */
  readonly state: ObjectValue;
}
