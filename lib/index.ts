/**
 * The public API of `cdktf-ksm`, and nothing but exports. Everything in `lib/`
 * may import cdktf, constructs, @cdktf/provider-null and each other: it is the
 * jsii library.
 */
export * from './application';
export * from './assertions';
/** The generated L1 constructs, one to one with the provider's schema: for what the constructs above do not offer. */
export * as bindings from './bindings';
export * from './checks';
export * from './client-device';
export * from './credential';
export * from './ephemeral-client-device';
export * from './functions';
export * from './gateway';
export * from './gateway-installation';
export * from './provider';
export * from './record-grant';
export * from './resource';
export * from './resource-options';
export * from './secret';
export * from './service';
export * from './shared-folder';
export * from './shared-folder-grant';
export * from './vault-record';
