import type { ResourceDefinition } from '../../framework';
import type { Kept } from './kept';
import type { KsmSession } from './session';

/** A resource of this provider, with what an error of the service needs to point at the configuration. */
export interface KsmResource extends ResourceDefinition<KsmSession, Kept> {
  /** By the API's name of a field or parameter: the attribute that it is made of. */
  readonly attributeOfField: Readonly<Record<string, string>>;
}
