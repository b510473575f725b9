/** Names and texts that registries prescribe. */
import { VERSION } from '../../contract/version';

export function nameOf(platform: string): string {
  return `terraform-provider-ksm_${VERSION}_${platform}.zip`;
}

/** What the provider speaks: plugin protocol 6. */
export function manifest(): string {
  return `${JSON.stringify({ version: 1, metadata: { protocol_versions: ['6.0'] } }, null, 2)}\n`;
}
