import {
  defaultsOf,
  errorDiagnostic,
  type ResourceDefinition,
  type Schema,
  stringOf,
  UNKNOWN,
} from '../../../../provider/framework';
import type { Desk } from '../desk';

/** A resource with nested attributes of each kind, an identity, a plan of its own, and a past. */
const schema: Schema = {
  version: 1,
  description: 'A shelf.',
  attributes: {
    id: { type: 'string', computed: true, description: 'Its name.' },
    room: { type: 'string', required: true, requiresReplace: true, description: 'Where it stands. A change replaces.' },
    lock: {
      type: {
        nesting: 'single',
        attributes: {
          kind: { type: 'string', required: true, description: 'Of which kind.' },
          code: { type: 'string', optional: true, sensitive: true, description: 'What opens it.' },
          turns: { type: 'number', optional: true, computed: true, default: 2, description: 'How often. Default: 2.' },
        },
      },
      optional: true,
      description: 'What locks it.',
    },
    boards: {
      type: {
        nesting: 'list',
        attributes: {
          height: { type: 'number', required: true, description: 'In centimetres.' },
          serial: { type: 'string', computed: true, description: 'Given when it is made.' },
        },
      },
      optional: true,
      description: 'From the ground up.',
    },
    tags: {
      type: {
        nesting: 'set',
        attributes: { word: { type: 'string', required: true, description: 'What it says.' } },
      },
      optional: true,
      description: 'In no order.',
    },
    drawers: {
      type: {
        nesting: 'map',
        attributes: {
          depth: { type: 'number', optional: true, computed: true, default: 30, description: 'Default: 30.' },
          full: { type: 'bool', optional: true, description: 'Whether nothing goes in any more.' },
        },
      },
      optional: true,
      description: 'By name.',
    },
    /** Changes at each change. */
    changes: { type: 'number', computed: true, description: 'How often it was changed.' },
    old_name: { type: 'string', optional: true, deprecated: 'Use "room".', description: 'Its name of old.' },
  },
};

export const shelf: ResourceDefinition<Desk> = {
  typeName: 'ksm_shelf',
  noun: 'shelf',
  schema,
  identity: {
    version: 0,
    attributes: { id: { type: 'string', description: 'Its name.', importing: 'required' } },
    importId: (identity) => stringOf(identity, 'id'),
  },
  // Version 0 called the room "place".
  upgrade: { 0: ({ place, ...rest }) => ({ ...rest, room: place }) },

  validate({ lock, drawers }) {
    if (lock === null || typeof drawers !== 'object') return [];
    return Object.keys(drawers ?? {}).includes('secret')
      ? [errorDiagnostic('Two locks', 'A secret drawer has its own.', ['lock'])]
      : [];
  },

  async modifyPlan({ prior, planned }) {
    const unchanged = prior && JSON.stringify({ ...prior }) === JSON.stringify({ ...planned });
    return unchanged || !prior ? {} : { planned: { changes: UNKNOWN } };
  },

  async create({ planned, session }) {
    const state = { ...planned, id: session.nextId('shelf'), changes: 0 };
    return { state: session.keep(session.numbered(state)) };
  },

  async read({ state, session }) {
    const kept = session.shelves.get(stringOf(state, 'id'));
    return session.remembers ? (kept ? { state: kept } : null) : { state };
  },

  async update({ prior, planned, session }) {
    return { state: session.keep(session.numbered({ ...planned, changes: Number(prior.changes) + 1 })) };
  },

  async delete({ state, session }) {
    session.shelves.delete(stringOf(state, 'id'));
  },

  async import({ id }) {
    return { state: { ...defaultsOf(schema), id, room: 'unknown', changes: 0 } };
  },

  async move({ sourceTypeName, sourceState }) {
    if (sourceTypeName !== 'terraform_data') return undefined;
    return { state: { ...defaultsOf(schema), id: String(sourceState.id), room: 'moved', changes: 0 } };
  },
};
