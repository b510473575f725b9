/** The port's suite on the real Keeper Commander, and on what that said when it was recorded. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCommanderVault } from '../../../../service/vault/commander/commander';
import { askControl, Commander, describeCommander } from '../../../commander/commander';
import { NOBODYS } from '../../../commander/placeholders';
import { REFRESH, Recorder, Replay, readTranscripts } from '../../../commander/transcript';
import { temporaryVault } from '../temporary-vault';
import { type VaultUnderTest, vaultSuite } from '../vault-suite';
import { lacks } from './differences';

const FILE = join(__dirname, 'transcripts.jsonl');
const SUITE = 'the vault port';

async function openOn(stage: Recorder | Replay): Promise<VaultUnderTest> {
  const title = expect.getState().currentTestName!.replace(new RegExp(`^.*? ${SUITE} `), '');
  const temporary = await temporaryVault({ startedAt: stage.begin(title) });
  const { url, apiKey } = stage;
  const control = (word: string, facts?: object) => askControl(url, word, facts);
  await control('clear');
  const folder = await control('folder', { name: 'Databases' });
  const otherFolder = await control('folder', { name: 'Other' });
  const { database, clock } = temporary;
  return {
    ...temporary,
    vault: await createCommanderVault({ url, apiKey, database, clock }),
    content: {
      folder,
      otherFolder,
      subfolder: 'AAAAAAAAAAAAAAAAAAAAAB',
      record: await control('record', { title: 'In folder', folder }),
      loneRecord: await control('record', { title: 'Lone' }),
    },
    redeem: async (token) => void (await control('redeem', { token })),
    async passMinutes(minutes) {
      await control('pass_minutes', { minutes });
      temporary.passMinutes(minutes);
    },
    lacks,
    async close() {
      await temporary.close();
      if (stage instanceof Replay) stage.end();
    },
  };
}

describeCommander('Keeper Commander', () => {
  let commander: Commander;
  let recorder: Recorder;
  beforeAll(async () => {
    commander = await Commander.start({ gateway_cache_seconds: 0, plain_uids: true });
    recorder = await Recorder.before(commander);
  }, 240_000);
  afterAll(async () => {
    await recorder.close();
    await commander.stop();
  });

  describe(SUITE, () => vaultSuite(() => openOn(recorder)));

  test('what it said is what was recorded, but for chance and time', () => {
    const text = recorder.text();
    if (process.env.KSM_IAC_RECORD) writeFileSync(FILE, text);
    if (text !== readFileSync(FILE, 'utf8')) throw new Error(`${differenceTo(text)}\n${REFRESH}`);
  });
});

function differenceTo(text: string): string {
  const [now, kept] = [text, readFileSync(FILE, 'utf8')].map((all) => all.split('\n'));
  const at = now!.findIndex((line, index) => line !== kept![index]);
  const title = now!
    .slice(0, at + 1)
    .filter((line) => line.startsWith('{"test"'))
    .at(-1);
  return `Line ${at + 1}, ${title}\nrecorded: ${kept![at]}\nnow:      ${now![at]}`;
}

describe('what Keeper Commander was recorded to say', () => {
  const transcripts = readTranscripts(readFileSync(FILE, 'utf8'));
  let replay: Replay;
  beforeAll(async () => {
    replay = await Replay.of(transcripts);
  });
  afterAll(() => replay.close());

  describe(SUITE, () => vaultSuite(() => openOn(replay)));

  test('every transcript is of a test', () => {
    expect([...transcripts.keys()].filter((title) => !replay.played.has(title))).toEqual([]);
  });

  test('no transcript has anything of the shape of a token, a key, a configuration or an id', () => {
    const long = readFileSync(FILE, 'utf8').match(/[\w+/-]{22,}/g) ?? [];
    const isKnown = (word: string) => NOBODYS.test(word) || /^(--|\/api\/v\d\/)[a-z-]+$/.test(word);
    expect([...new Set(long.filter((word) => !isKnown(word)))]).toEqual([]);
  });
});
