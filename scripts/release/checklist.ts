/**
 * `npm run release:check`: what has to be so before a release, each with its cure. It changes nothing; publishing is the
 * workflow's, after a person has looked at the draft.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { VERSION } from '../../contract/version';

const root = resolve(__dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Check {
  readonly what: string;
  /** Undefined: it is so; else what to do. */
  readonly cure: string | undefined;
}

export interface State {
  readonly version: string;
  /** Without `v`; undefined: nothing is released yet. */
  readonly tag?: string;
  readonly changelog: string;
  readonly lockVersion: string;
  readonly apiVersion: string;
  readonly uncommitted: string;
  readonly hasKey: boolean;
}

export function checksOf(state: State): Check[] {
  const { version } = state;
  const heading = new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d{2}-\\d{2}$`, 'm');
  const unreleased = /^## \[Unreleased\]\n([\s\S]*?)(?=^## \[)/m.exec(state.changelog)?.[1]?.trim() ?? '';
  const when = (holds: boolean, what: string, cure: string): Check => ({ what, cure: holds ? undefined : cure });
  return [
    when(
      /^\d+\.\d+\.\d+$/.test(version),
      `the version ${version} is a released one`,
      'Set addVersion in .projenrc.ts and run npx projen.',
    ),
    when(
      state.tag === undefined || state.tag === version,
      `the tag is v${version}`,
      `The tag is v${state.tag}: delete it, and tag the commit that has that version.`,
    ),
    when(
      heading.test(state.changelog),
      `CHANGELOG.md has ${version} with its day`,
      `Write "## [${version}] - YYYY-MM-DD" above what is new.`,
    ),
    when(unreleased === '', 'nothing is left under [Unreleased]', `Move what stands there below [${version}].`),
    when(state.lockVersion === version, 'package-lock.json has the version', 'Run node scripts/relock.mjs.'),
    when(
      state.apiVersion === version,
      'the kept API of the constructs is that of the version',
      'Run npm run build && node scripts/keep-assembly.mjs, and commit test/lib/released.',
    ),
    when(state.uncommitted === '', 'everything is committed', `Commit or remove:\n${state.uncommitted}`),
    when(
      state.hasKey,
      'the public key of releases is there',
      'Put the armoured public key into deploy/release-key.asc.',
    ),
  ];
}

function stateHere(tag: string | undefined): State {
  const api = gunzipSync(readFileSync(join(root, 'test/lib/released/.jsii.gz'))).toString();
  return {
    version: VERSION,
    tag: tag?.replace(/^v/, ''),
    changelog: read('CHANGELOG.md'),
    lockVersion: JSON.parse(read('package-lock.json')).version,
    apiVersion: JSON.parse(api).version,
    uncommitted: execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }).trimEnd(),
    hasKey: existsSync(join(root, 'deploy/release-key.asc')),
  };
}

if (require.main === module) {
  const { values } = parseArgs({ options: { tag: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) {
    console.log(
      'npm run release:check -- [--tag vX.Y.Z]\n\nWhat has to be so before a release. Exit code 0: all of it is; 1: something is not.',
    );
  } else {
    const checks = checksOf(stateHere(values.tag));
    for (const { what, cure } of checks)
      console.log(cure === undefined ? `ok    ${what}` : `to do ${what}\n      ${cure}`);
    if (checks.some(({ cure }) => cure !== undefined)) process.exitCode = 1;
    else
      console.log(
        `\nTag it (git tag -s v${VERSION} && git push --tags): the workflow makes a signed draft, verifies it, and waits for you.`,
      );
  }
}
