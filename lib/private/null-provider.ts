import type { NullProvider } from '@cdktf/provider-null/lib/provider';
import type { Resource } from '@cdktf/provider-null/lib/resource';

/** Bindings of `hashicorp/null`, loaded by the first installation: programs without one need not wait for them. */
export function nullBindings(): { NullProvider: typeof NullProvider; NullResource: typeof Resource } {
  return {
    NullProvider: require('@cdktf/provider-null/lib/provider').NullProvider,
    NullResource: require('@cdktf/provider-null/lib/resource').Resource,
  };
}
