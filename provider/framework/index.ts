/**
 * What every provider needs and no wire knows: schema, validation, plan logic,
 * dispatch of Terraform's calls to resources, private state, diagnostics. May
 * import nothing but node: and itself; knows neither Keeper nor gRPC.
 */
export * from './access';
export * from './diagnostic';
export * from './log';
export * from './path';
export * from './provider';
export * from './provider-server';
export * from './resource';
export * from './schema';
export * from './server';
export * from './type';
export * from './validators';
export * from './value';
