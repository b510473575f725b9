import type { Diagnostic } from './diagnostic';
import type { InCall, Noted } from './resource';
import type { Schema } from './schema';
import type { ObjectValue } from './value';

/**
 * Something that is looked up and not managed.
 *
 * @typeParam S what a configured provider gives it to work with
 */
export interface DataSourceDefinition<S> {
  readonly typeName: string;
  /** What people call it, lower case, for messages. */
  readonly noun: string;
  readonly schema: Schema;

  /** Checks across attributes, each of which may be null or unknown; never uses the network. */
  validate?(config: ObjectValue): Diagnostic[];

  /** What it is. Attributes that the configuration sets stay as they are set. */
  read(request: InCall<S> & { readonly config: ObjectValue }): Promise<Noted & { readonly state: ObjectValue }>;
}
