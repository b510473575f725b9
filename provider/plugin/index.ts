/**
 * How a provider is a plugin of Terraform: handshake, TLS, gRPC, the life and
 * the end of the process (HashiCorp's go-plugin). Knows nothing of what is
 * served. May import node:, `../framework/log` and `../protocol/invalid-request`.
 */
export { launchedByTerraform } from './handshake';
export { createLog, errorFields, levelFrom } from './log';
export { type ServeOptions, type Service, serve } from './serve';
