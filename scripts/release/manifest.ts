import { ARTEFACT_PREFIX } from '../../cli/private/provider-archive';

export const MANIFEST_NAME = `${ARTEFACT_PREFIX}_manifest.json`;

/** What the provider speaks: plugin protocol 6. */
export function manifest(): string {
  return `${JSON.stringify({ version: 1, metadata: { protocol_versions: ['6.0'] } }, null, 2)}\n`;
}
