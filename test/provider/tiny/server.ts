/** The smallest provider that has one of every kind: each is one file in `things/`, and one line here. */
import { createServer, type Log, type ProviderServer, type Schema, UNKNOWN } from '../../../provider/framework';
import { Desk } from './desk';
import { note } from './things/note';
import { safe } from './things/safe';
import { shelf } from './things/shelf';
import { shelves } from './things/shelves';
import { shout } from './things/shout';
import { visit } from './things/visit';
import { weather } from './things/weather';

export { NOTE } from './things/note';

const things = {
  resources: [note, shelf, safe],
  dataSources: [weather],
  ephemeralResources: [visit],
  listResources: [shelves],
  functions: [shout],
};

export const PROVIDER: Schema = {
  version: 0,
  description: 'Notes.',
  attributes: { prefix: { type: 'string', optional: true, description: 'Before each id.' } },
};

const ignore = () => {};
export const SILENT: Log = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

/** @param say what it was told, for tests that look */
export function tinyServer(say: (words: string) => void = ignore, log: Log = SILENT): ProviderServer {
  return createServer(
    {
      schema: PROVIDER,
      ...things,
      validate: () => [],
      configure: ({ terraformVersion, config }) => {
        say(`configure ${terraformVersion} ${String(config.prefix)}`);
        if (config.prefix === UNKNOWN) return { diagnostics: [] };
        return { session: new Desk(say, config.prefix === 'remembers'), diagnostics: [] };
      },
      explain: () => undefined,
    },
    log,
  );
}
