/**
 * The wire of Terraform's plugin protocol 6: messages (`tfplugin6.proto`,
 * `generated/`), values, paths, schemas and diagnostics between wire and
 * framework, and in `server/` one file for each call. May import
 * `../framework`; knows neither how the bytes arrive nor any resource.
 */
export { InvalidRequestError } from './invalid-request';
export type { Method } from './method';
export { providerMethods } from './server';
