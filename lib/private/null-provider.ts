import type { NullProvider } from '@cdktf/provider-null/lib/provider';
import type { Resource } from '@cdktf/provider-null/lib/resource';

/** The one that package.json has as its peer. */
const NULL_VERSION = '^11.0.1';

/** Bindings of `hashicorp/null`, loaded by the first installation: programs without one need not wait for them. */
export function nullBindings(): { NullProvider: typeof NullProvider; NullResource: typeof Resource } {
  try {
    return {
      NullProvider: require('@cdktf/provider-null/lib/provider').NullProvider,
      NullResource: require('@cdktf/provider-null/lib/resource').Resource,
    };
  } catch (error) {
    if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error;
    // Package managers that install no peers, or were told not to.
    throw new Error(
      `GatewayInstallation needs the package @cdktf/provider-null, which is not installed. Run npm install "@cdktf/provider-null@${NULL_VERSION}"`,
      { cause: error },
    );
  }
}
