import { type ResourceDefinition, stringOf } from '../../../../provider/framework';
import type { Desk } from '../desk';

/** A resource with a secret that no plan and no state ever sees. */
export const safe: ResourceDefinition<Desk> = {
  typeName: 'ksm_safe',
  noun: 'safe',
  schema: {
    version: 0,
    description: 'A safe.',
    attributes: {
      id: { type: 'string', computed: true, description: 'Its name.' },
      combination: { type: 'string', required: true, writeOnly: true, description: 'What opens it.' },
      combination_version: { type: 'number', optional: true, description: 'A change sets the combination anew.' },
      length: { type: 'number', computed: true, description: 'How long the combination was when it was made.' },
    },
  },

  async create({ planned, config, session }) {
    const { length } = stringOf(config, 'combination');
    return { state: { ...planned, combination: 'leaked', id: session.nextId('safe'), length } };
  },

  async read({ state }) {
    return { state };
  },

  async update({ planned, config, session }) {
    session.say(`combination of ${stringOf(config, 'combination').length}`);
    return { state: planned };
  },

  async delete() {},

  async import() {
    return null;
  },
};
