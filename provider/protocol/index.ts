/**
 * The wire of Terraform's plugin protocol 6: messages (`tfplugin6.proto`,
 * `generated/`), values, paths, schemas and diagnostics between wire and
 * framework, and the table of its calls. May import `../framework`; knows
 * neither how the bytes arrive nor any resource.
 */
import type { Log } from '../framework/log';
import type { ProviderServer } from '../framework/server';
import { CALLS } from './calls';
import type { Method } from './method';

export { InvalidRequestError } from './invalid-request';
export type { Method } from './method';

/** Every call of Terraform's, by its gRPC path, answered by this server. */
export function providerMethods(server: ProviderServer, log: Log): ReadonlyMap<string, Method> {
  return new Map(
    Object.entries(CALLS).map(([name, serve]) => [`/tfplugin6.Provider/${name}`, serve(name, server, log)]),
  );
}
