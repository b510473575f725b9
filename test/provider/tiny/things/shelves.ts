import { errorDiagnostic, type ListResourceDefinition, UNKNOWN } from '../../../../provider/framework';
import type { Desk } from '../desk';

/** A list resource: what there is of the resource of that name. */
export const shelves: ListResourceDefinition<Desk> = {
  typeName: 'ksm_shelf',
  noun: 'shelves',
  schema: {
    version: 0,
    description: 'Shelves.',
    attributes: { room: { type: 'string', optional: true, description: 'Only in this room.' } },
  },

  validate: ({ room }) => (room === '' ? [errorDiagnostic('No room', 'The room has no name.', ['room'])] : []),

  async *list({ config: { room = null }, session, call }) {
    for (const state of session.shelves.values()) {
      await new Promise((next) => setImmediate(next));
      call.signal.throwIfAborted();
      if (room === null || room === UNKNOWN || state.room === room)
        yield { displayName: `shelf ${String(state.id)}`, state };
    }
  },
};
