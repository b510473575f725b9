/**
 * What was measured on Keeper Commander's Service Mode, in our words, and for each what holds it here: a test that runs the
 * real package, or why there is none. facts.test.ts looks that every test that is named is there.
 */

const SUITE = 'test/service/vault/vault-suite.ts';
const MODES = 'test/service/vault/commander/modes.test.ts';
const FAULTS = 'test/service/vault/commander/faults.test.ts';
const TEXT = 'test/service/vault/commander/text.test.ts';
const ORPHAN = 'test/service/vault/commander/orphan.test.ts';
const KILL = 'test/service/vault/commander/kill.test.ts';
const E2E = 'test/e2e/commander.test.ts';

/** A test by its file and (a part of) its title. */
type Held = readonly [file: string, title: string];

export interface Fact {
  readonly fact: string;
  readonly tests?: readonly Held[];
  /** Why no test of ours depends on it. */
  readonly why?: string;
}

const held = (fact: string, ...tests: Held[]): Fact => ({ fact, tests });
const none = (fact: string, why: string): Fact => ({ fact, why });

const NOT_SENT = 'the driver never sends it';

export const FACTS: Readonly<Record<string, readonly Fact[]>> = {
  'the ten that matter most': [
    held(
      'a status of 200 and "success" prove nothing',
      [SUITE, 'the same grant again is unchanged'],
      [SUITE, 'what is not there or not of the kind is refused by name'],
    ),
    held('a UID that begins with a dash cannot be given by position', [
      MODES,
      'whose UID begins with a dash is addressed by its title',
    ]),
    held('only sync-down refreshes names and titles', [E2E, 'what others took away is planned again']),
    held(
      'a create that is sent again makes a second application',
      [SUITE, 'two creations of one name at the same time make one application'],
      [MODES, 'a creation whose call to Keeper is lost %s its effect is read back'],
    ),
    held('an update of a share takes it away and makes it anew', [
      MODES,
      'a grant that an update took away and could not make anew is put back',
    ]),
    held('a configuration whose bind fails leaves its device', [ORPHAN, 'a configuration shows as used']),
    held('gateways cannot be listed while the router is down', [
      MODES,
      'while gateways cannot be known, the rest of an application is',
    ]),
    held('a quote inside double quotes is refused', [TEXT, 'arrives unchanged, as one argument']),
    none(
      'a Kubernetes configuration comes without its indentation',
      'b64 alone is asked for, and the constructs make the manifest',
    ),
    held('60 requests a minute for each endpoint and address', [
      MODES,
      'a rate limit is waited for, and nothing loses its place',
    ]),
  ],
  '1. HTTP': [
    held('with the queue off there is no v2', [MODES, 'with its queue off (v1) it works the same']),
    none('replies close their connection, and have sorted ASCII JSON', 'the HTTP client and JSON.parse take either'),
    held('no key, a wrong one, an expired one', [MODES, '%s is said in words, and nothing was run']),
    held('a word that is not on the allow-list', [MODES, '%s is said in words, and nothing was run']),
    held('an address that is not allowed', [MODES, '%s is said in words, and nothing was run']),
    none('bodies that are no JSON object, or have no command', 'one function writes the body'),
    held('more than 4,096 characters, unbalanced quotes', [TEXT, 'arrives unchanged, as one argument']),
    held('the rate limit, 429 without Retry-After', [MODES, 'a rate limit is waited for, and nothing loses its place']),
    held('Keeper throttles', [FAULTS, 'Keeper throttles within a command']),
    held('the queue is full, 503', [FAULTS, 'a full queue is waited for']),
    none('v1 on the queue gives up after 300 s', 'v2 is used where there is a queue'),
    held('an unknown id, 404', [FAULTS, 'the service and Commander are restarted together']),
    held('a result that is not ready, 202', [SUITE, 'a new device is pending, and its token is in the reply alone']),
    held('an exception in a command, 500', [
      MODES,
      'a creation whose call to Keeper is lost %s its effect is read back',
    ]),
    none('wrong keys use up the budget of the right one', 'it is Commander’s to hold; the guide says so'),
  ],
  '2. Queue and timing': [
    held(
      'a result can be fetched again for an hour',
      [MODES, 'a device whose reply to us was lost is fetched once more, token included'],
      [FAULTS, 'a result that is lost is fetched once more'],
    ),
    none('a command costs 107 ms on v1 and none on v2', 'a measurement; see the benchmark'),
    held(
      'one worker, in the order of their coming; who hangs up stops nothing',
      [KILL, 'kills of the seed'],
      [FAULTS, 'a creation whose connection ends %s is read back, and made again'],
    ),
    held('with the queue off commands run at once, and printed replies are mixed up', [
      FAULTS,
      'without a queue nothing proves that a command has ended',
    ]),
    none('at the level DEBUG Commander writes tokens', 'its own setting; the guide says never'),
  ],
  '3. Encryption': [
    held('replies of commands are AES-256-GCM, errors are in clear', [MODES, 'encrypted replies open with the key']),
  ],
  '4. Command text': [
    held(
      'two tokenizers; single quotes satisfy both',
      [TEXT, 'arrives unchanged, as one argument'],
      [TEXT, 'what Commander looks for itself stands as it is'],
    ),
    held('HTML entities are refused', [TEXT, 'arrives unchanged, as one argument']),
    held('the parser of replies searches the whole command', [TEXT, 'and says nothing to the parser of replies']),
    held(
      'line breaks, NUL, --, ${…}, its own records',
      [TEXT, 'a title with a dash first'],
      [SUITE, 'the name %j comes back unchanged, or is refused'],
    ),
    held(
      'a title with a dash first',
      [TEXT, 'a title with a dash first'],
      [SUITE, 'the name %j comes back unchanged, or is refused'],
    ),
  ],
  '5. Commands': [
    held(
      'app create, get, update, remove',
      [SUITE, 'an application is found by its id and by its exact name'],
      [SUITE, 'a rename keeps the id'],
      [SUITE, 'a deletion is refused with the list'],
    ),
    none(
      'app list, app remove --purge',
      `${NOT_SENT}: what it has is in the cache and in app get; the trash is Keeper’s to empty`,
    ),
    held(
      'share add, update, remove',
      [SUITE, 'a shared folder and single records'],
      [SUITE, 'another permission changes it in place'],
      [SUITE, 'a removed grant is gone'],
    ),
    held(
      'client add, with a token or a configuration',
      [SUITE, 'a new device is pending'],
      [SUITE, 'a device with a configuration is active at once'],
    ),
    held(
      'client remove by full ids, many at once',
      [SUITE, 'of many that stand in the way'],
      [SUITE, 'a revoked device is gone from everywhere'],
    ),
    none('client revoke, client remove --client=all', `${NOT_SENT}: they reach beyond one application`),
    held(
      'pam gateway new, list, edit, remove',
      [SUITE, 'a new gateway is pending'],
      [SUITE, 'it can be renamed once it has initialised'],
      [SUITE, 'a removed gateway is gone'],
    ),
    none('set-max-instances, app share, app unshare', NOT_SENT),
    held('a grant in an application that others share reaches them too', [
      E2E,
      'a grant in an application that others share is planned with how many they are',
    ]),
    held('list-sf, sync-down', [SUITE, 'pages hold every shared folder once']),
    held('a title that is taken, in any letter case', [SUITE, 'a name that is taken in another letter case']),
    held('what is unknown, or gone on the server', [SUITE, 'what does not exist is application_not_found']),
    held(
      'a share that is there already, or of an unknown secret: 200',
      [SUITE, 'the same grant again is unchanged'],
      [SUITE, 'what is not there or not of the kind'],
    ),
    held('the second half of an update fails: 207', [MODES, 'a grant that an update took away']),
    held('no client matches: 200', [FAULTS, '%s whose reply is lost is done once']),
    held('a gateway that has not initialised cannot be edited', [SUITE, 'it can be renamed once it has initialised']),
    none(
      'a role without allow_pam_gateway',
      'the simulated account has all rights; the sentence reaches the reader as it is',
    ),
    none('missing and wrong options', 'one builder writes them, from values that are checked'),
    held('an error of Keeper, a lost connection', [
      MODES,
      'a creation whose call to Keeper is lost %s its effect is read back',
    ]),
    none('--secret and --client take names, and one of several silently', 'full ids and UIDs alone are sent'),
    none(
      'a grant on an application that others use shares with them',
      'the contract has no field for a warning; the guide says it',
    ),
    held('client ids are base64url without padding', [E2E, 'the token opens the application']),
    held('when a token ends is not shown', [SUITE, 'a token that nobody redeemed in time lapses']),
    held('times are in the zone of Commander’s host', [MODES, 'its times are said to be off']),
    held('a token can look like an error', [FAULTS, 'a token that looks like an error to Commander']),
    held(
      'a gateway that has not initialised shows nowhere',
      [SUITE, 'a new gateway is pending'],
      [ORPHAN, 'a gateway is listed nowhere by Keeper'],
    ),
  ],
  '6. The classifier': [
    held('words in a reply choose its status', [FAULTS, 'a token that looks like an error to Commander']),
    held('a success without data is a failure', [MODES, 'whose UID begins with a dash is addressed by its title']),
  ],
  '7. Failures': [
    held(
      'a reply that is lost after the effect looks like one without',
      [MODES, 'a device whose call to Keeper was lost'],
      [ORPHAN, 'a device is suspected until its token has ended unredeemed'],
    ),
    held('a last sync that fails', [MODES, 'a creation whose call to Keeper is lost %s its effect is read back']),
    none('its calls to the router have no time-out', 'the operation’s own deadline ends the waiting'),
    held('a throttled command sleeps', [FAULTS, 'Keeper throttles within a command']),
    held(
      'a session that expires',
      [MODES, 'a session that has expired is renewed'],
      [MODES, 'a session that ends is said to have ended'],
    ),
    held('a command can take effect twice', [SUITE, 'two creations of one name at the same time make one application']),
  ],
  '9. Nested shared folders': [
    held(
      'the kind decides the rules',
      [MODES, 'nested shared folders are found, granted'],
      [MODES, 'records in nested shared folders are found, granted'],
    ),
    held('list-sf never shows a nested folder', [MODES, 'nested shared folders are found, granted']),
    none('mixed commands are not atomic, and hide the rest', 'one secret a command'),
    held('an inherited entry is no grant', [MODES, 'nested shared folders are found, granted']),
    none(
      'a nested record that changed elsewhere keeps its old title until a full sync',
      'Commander’s own; a title is for people alone',
    ),
  ],
  '10. The stock install': [
    held('its allow-list has no list-sf and no nsf-list', [MODES, 'on the stock install, which lists no folders']),
    held('its own applications are left alone', [MODES, 'applications that Commander makes for itself are left alone']),
    held('the version is asked for', [MODES, 'one that was set up for Terraform, and is as new as it must be, works']),
    held('get shows passwords: never of a record', [MODES, 'on the stock install, which lists no folders']),
    held('what is permitted is probed without running anything', [
      MODES,
      'a setup %s is said to be so, and nothing is changed',
    ]),
  ],
  '11. Usage, tokens, and what else there is': [
    none('usage, token add, client list', NOT_SENT),
    none('pools of gateways, gateways’ nodes', NOT_SENT),
    held('another account behind the same address', [MODES, 'another account behind the same URL']),
  ],
};
