import { defaultsOf, type ResourceDefinition, refusal, type Schema } from '../../../../provider/framework';
import type { Desk } from '../desk';

/** A resource of every kind of value; it lives in Terraform's state alone. */

export const NOTE: Schema = {
  version: 1,
  description: 'A note.',
  attributes: {
    id: { type: 'string', computed: true, description: 'Its name.' },
    text: { type: 'string', required: true, description: 'What it says.' },
    secret: { type: 'string', optional: true, sensitive: true, description: 'What nobody should see.' },
    size: { type: 'number', optional: true, requiresReplace: true, description: 'A change replaces.' },
    pinned: { type: 'bool', optional: true, description: 'Whether it is pinned.' },
    labels: { type: { map: 'string' }, optional: true, description: 'Labels.' },
    lines: { type: { list: { object: { at: 'number', line: 'string' } } }, optional: true, description: 'Lines.' },
    words: { type: { set: 'string' }, optional: true, description: 'Words.' },
  },
};

/** What it keeps beside its state. */
interface Kept {
  readonly kept: boolean;
}

export const note: ResourceDefinition<Desk, Kept> = {
  typeName: 'ksm_note',
  noun: 'note',
  schema: NOTE,
  decodePrivate: (stored) => (typeof (stored as Kept)?.kept === 'boolean' ? (stored as Kept) : undefined),

  validate({ text }) {
    // biome-ignore lint/suspicious/noConsole: what a dependency may do
    if (text === 'print') console.log('printed by a dependency');
    if (text === 'refuse') throw refusal('Refused', 'The text is "refuse".', ['lines', 0, { mapKey: 'line' }]);
    return [];
  },

  async create({ planned, session }) {
    return { state: { ...planned, id: session.nextId('note') }, private: { kept: true } };
  },

  async read({ state }) {
    return { state };
  },

  async update({ planned }) {
    return { state: planned };
  },

  async delete() {},

  async import({ id }) {
    return { state: { ...defaultsOf(NOTE), id, text: 'imported' } };
  },
};
