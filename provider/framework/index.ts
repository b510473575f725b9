/**
 * What every provider needs and no wire knows: schema, validation, plan logic,
 * dispatch of Terraform's calls to resources, private state, diagnostics. May
 * import nothing but node: and itself; knows neither Keeper nor gRPC.
 */
export * from './access';
export * from './call';
export * from './data-source';
export * from './diagnostic';
export * from './ephemeral-resource';
export * from './function';
export * from './identity';
export { schemaOf } from './known';
export * from './lifetime';
export * from './list-resource';
export * from './log';
export * from './path';
export * from './private-state';
export * from './provider';
export * from './provider-server';
export * from './resource';
export * from './schema';
export * from './server';
export * from './shown';
export * from './subject';
export * from './type';
export * from './validators';
export * from './value';
