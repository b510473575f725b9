import type { Diagnostic } from './diagnostic';
import type { PrivateCodec } from './private-state';
import type { InCall, Noted } from './resource';
import type { Schema } from './schema';
import type { ObjectValue } from './value';

/**
 * Something that lasts as long as one run, and is in no plan and no state.
 * Terraform opens it in plan and in apply, whenever its configuration is known.
 *
 * @typeParam S what a configured provider gives it to work with
 * @typeParam P what it needs to be renewed and closed
 */
export interface EphemeralResourceDefinition<S, P = unknown> extends PrivateCodec<P> {
  readonly typeName: string;
  /** What people call it, lower case, for messages. */
  readonly noun: string;
  readonly schema: Schema;

  /** Checks across attributes, each of which may be null or unknown; never uses the network. */
  validate?(config: ObjectValue): Diagnostic[];

  /** Makes it. Attributes that the configuration sets stay as they are set. */
  open(request: InCall<S> & { readonly config: ObjectValue }): Promise<Opened<P> & { readonly result: ObjectValue }>;

  /** Makes it last longer; called at `renewAt`, while the run lasts. */
  renew?(request: InCall<S> & { readonly private: P | undefined }): Promise<Opened<P>>;

  /** Ends it, also after an interrupt. What has ended already was closed successfully. */
  close?(request: InCall<S> & { readonly private: P | undefined }): Promise<Noted> | Promise<void>;
}

export interface Opened<P> extends Noted {
  /** @default never */
  readonly renewAt?: Date | undefined;
  /** For `renew` and `close`; after a renewal, @default what it was */
  readonly private?: P | undefined;
}
