import { refusal } from '../../../provider/framework/diagnostic';
import type { Schema } from '../../../provider/framework/schema';
import type { ProviderServer } from '../../../provider/framework/server';
import { type ObjectValue, UNKNOWN } from '../../../provider/framework/value';

/** The smallest provider that uses every kind of value: notes, which live in Terraform's state alone. */

export const NOTE: Schema = {
  version: 1,
  description: 'A note.',
  attributes: {
    id: { type: 'string', computed: true, description: 'Its name.' },
    text: { type: 'string', required: true, description: 'What it says.' },
    secret: { type: 'string', optional: true, sensitive: true, description: 'What nobody should see.' },
    size: { type: 'number', optional: true, description: 'A change replaces.' },
    pinned: { type: 'bool', optional: true, description: 'Whether it is pinned.' },
    labels: { type: { map: 'string' }, optional: true, description: 'Labels.' },
    lines: { type: { list: { object: { at: 'number', line: 'string' } } }, optional: true, description: 'Lines.' },
    words: { type: { set: 'string' }, optional: true, description: 'Words.' },
  },
};

export const PROVIDER: Schema = {
  version: 0,
  description: 'Notes.',
  attributes: { prefix: { type: 'string', optional: true, description: 'Before each id.' } },
};

const NONE = new Uint8Array();
const done = { diagnostics: [] };

/** @param said what it was told, for tests that look */
export function tinyServer(said: string[] = []): ProviderServer {
  let created = 0;
  return {
    providerSchema: () => PROVIDER,
    resourceSchemas: () => ({ ksm_note: NOTE }),
    validateProviderConfig: async () => done,
    configure: async ({ terraformVersion, config }) => {
      said.push(`configure ${terraformVersion} ${String(config.prefix)}`);
      return done;
    },
    validateResource: async ({ config }) => {
      // What misbehaves on purpose, so that tests can watch.
      // biome-ignore lint/suspicious/noConsole: what a dependency may do
      if (config.text === 'print') console.log('printed by a dependency');
      if (config.text === 'fail') throw new Error(`failed on ${String(config.secret)}`);
      if (config.text !== 'refuse') return done;
      throw refusal('Refused', 'The text is "refuse".', ['lines', 0, { mapKey: 'line' }]);
    },
    upgradeResource: async ({ state }) => ({ ...done, state: state as ObjectValue }),
    readResource: async ({ state, private: own }) => ({ ...done, state, private: own }),
    planResource: async ({ prior, proposed, private: own }) => ({
      ...done,
      planned: proposed && { ...proposed, id: prior?.id ?? UNKNOWN },
      requiresReplace: prior && prior.size !== proposed?.size ? [['size']] : [],
      private: own,
    }),
    applyResource: async ({ prior, planned }) => ({
      ...done,
      state: planned && { ...planned, id: prior?.id ?? `note-${++created}` },
      private: Buffer.from('{"kept":true}'),
    }),
    importResource: async ({ typeName, id }) => ({
      ...done,
      resources: [{ typeName, state: { ...EMPTY, id, text: 'imported' }, private: NONE }],
    }),
    stop: () => void said.push('stop'),
    shutdown: async () => {
      said.push('shutdown');
    },
  };
}

const EMPTY: ObjectValue = Object.fromEntries(Object.keys(NOTE.attributes).map((name) => [name, null]));
