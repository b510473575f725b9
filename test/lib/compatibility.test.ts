/** The API against the one that was released last: who compiles against that one goes on compiling. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const root = resolve(__dirname, '../..');
const keptIn = join(__dirname, 'released');

type Assembly = { types: Record<string, { methods: Record<string, unknown>[] }> };

/** What jsii-diff says of the released API, changed a little, and the one of now. */
function diff(change: (assembly: Assembly) => void = () => {}): { status: number | null; said: string } {
  const folder = mkdtempSync(join(tmpdir(), 'ksm-api-'));
  try {
    const assembly = JSON.parse(gunzipSync(readFileSync(join(keptIn, '.jsii.gz'))).toString());
    change(assembly);
    writeFileSync(join(folder, '.jsii'), JSON.stringify(assembly));
    // Its dependencies' types are looked up as those of a package.
    copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/jsii-diff'), [folder, root], {
      encoding: 'utf8',
      env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
    });
    return { status, said: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the API of the constructs', () => {
  beforeAll(() => {
    execFileSync(join(root, 'node_modules/.bin/projen'), ['compile'], { cwd: root, stdio: 'pipe' });
  });

  test('breaks nothing of the one that was released', () => {
    const { status, said } = diff();
    if (status !== 0) throw new Error(said);
  });

  test('says of each type how stable it is', () => {
    const TYPE = /(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?^export (?:abstract )?(?:class|interface) (\w+)/gm;
    const sources = readdirSync(join(root, 'lib')).filter((file) => file.endsWith('.ts'));
    const types = sources.flatMap((file) => [...readFileSync(join(root, 'lib', file), 'utf8').matchAll(TYPE)]);
    expect(types.length).toBeGreaterThan(40);
    expect(types.filter(([, doc]) => !doc?.includes('\n * @stability stable\n')).map(([, , name]) => name)).toEqual([]);
  });

  test('is compared at all: a method that is gone is found', () => {
    const { status, said } = diff(({ types }) => {
      const { methods } = types['cdktf-ksm.KsmApplication']!;
      methods.push({ ...methods[0], name: 'goneSince', overrides: undefined });
    });
    expect([status, said]).toEqual([1, expect.stringMatching(/KsmApplication.*goneSince/i)]);
  });
});
