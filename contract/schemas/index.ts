/** Request and reply shapes: validation and OpenAPI come from them. For the service and tests; the provider never loads them. */
export * from './api-token';
export * from './application';
export * from './audit-event';
export * from './client-device';
export * from './common';
export * from './gateway';
export * from './grant';
export * from './info';
export * from './orphan';
export * from './problem';
export * from './run';
export * from './secret';
