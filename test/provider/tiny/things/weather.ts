import { type DataSourceDefinition, stringOf } from '../../../../provider/framework';
import type { Desk } from '../desk';

/** A data source. */
export const weather: DataSourceDefinition<Desk> = {
  typeName: 'ksm_weather',
  noun: 'weather',
  schema: {
    version: 0,
    description: 'The weather.',
    attributes: {
      city: { type: 'string', required: true, description: 'Where.' },
      hours: {
        type: {
          nesting: 'list',
          attributes: {
            at: { type: 'number', computed: true, description: 'When.' },
            sky: { type: 'string', computed: true, description: 'How it looks.' },
          },
        },
        computed: true,
        description: 'Hour by hour.',
      },
    },
  },

  async read({ config }) {
    const sky = `blue over ${stringOf(config, 'city')}`;
    return {
      state: {
        hours: [
          { at: 6, sky },
          { at: 12, sky },
        ],
      },
    };
  },
};
