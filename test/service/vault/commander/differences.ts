/**
 * What is different on the real Keeper from the embedded vault. The port's suite is told what it may not expect there;
 * the sentences make the table of docs/commander.md (scripts/generate/vault-docs.ts).
 */

import type { Lacks } from '../vault-suite';

interface Difference {
  /** Of what. */
  readonly subject: string;
  readonly embedded: string;
  readonly keeper: string;
  /** For the suite, where it has a test of that. */
  readonly lacks?: Lacks;
}

export const DIFFERENCES: readonly Difference[] = [
  {
    subject: 'names',
    embedded: 'any',
    keeper:
      "not `${…}`, no title with a dash first, no name of Commander's own: `unsupported_by_vault`, before anything is sent",
    lacks: { names: /^-|\$\{/ },
  },
  {
    subject: 'when an application was made that others made, and when a grant was made',
    embedded: 'known',
    keeper: 'null',
    lacks: { grantTimes: true },
  },
  { subject: 'path of a folder or a record', embedded: 'known', keeper: 'null', lacks: { paths: true } },
  {
    subject: 'an unused token lapses',
    embedded: 'to the minute',
    keeper:
      "a minute after its end for a device, five for a gateway: clocks differ, and Keeper's list of gateways is a minute old",
    lacks: { lapseMinutes: { device: 1, gateway: 5 } },
  },
  {
    subject: 'a folder inside a shared folder',
    embedded: '`not_a_folder`',
    keeper: '`secret_not_found`',
    lacks: { subfolders: true },
  },
  {
    subject: 'a configuration that nobody has used',
    embedded: 'not accessed',
    keeper: 'accessed by Commander, which bound it',
    lacks: { ownBind: true },
  },
  {
    subject: 'two gateways of one name, of which one has not initialised',
    embedded: 'allowed',
    keeper: '`gateway_name_pending`',
  },
  {
    subject: 'one-time tokens',
    embedded: 'bare, with `hostname` beside them',
    keeper: "with Keeper's region, as `EU:…`",
  },
];

export const lacks: Lacks = Object.assign({}, ...DIFFERENCES.map((difference) => difference.lacks));
