import type { ServerCapabilities } from '../generated/tfplugin6';

export const CAPABILITIES: ServerCapabilities = {
  // Deletions need no plan of ours.
  planDestroy: false,
  // The schema is asked for once a command, and not once a process.
  getProviderSchemaOptional: true,
  // No resource takes over another type's state.
  moveResourceState: false,
};
