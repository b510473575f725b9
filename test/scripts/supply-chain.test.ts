/** What may run in the product, and what the workflows may do. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checksOf, type State } from '../../scripts/release/checklist';
import { packagesIn } from '../../scripts/release/inside';
import { ensureBundles } from '../support/bundles';

const root = resolve(__dirname, '../..');
const { devDependencies, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('what runs in the product', () => {
  const record = readFileSync(join(root, 'docs/decisions/0047-what-runs-in-the-product.md'), 'utf8');
  const allowed = [...record.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
  );

  test('is what the decision record says: a new package has a row there first', () => {
    ensureBundles();
    const inside = ['ksm-iac.cjs', 'terraform-provider-ksm.cjs'].flatMap((bundle) => packagesIn(bundle));
    const direct = [...new Set(inside.map(({ name }) => name))].filter((name) => name in devDependencies);
    expect(direct.sort()).toEqual([...allowed].sort());
  });

  test('is pinned to the digit, and the constructs depend on nothing', () => {
    expect(dependencies).toBeUndefined();
    for (const [name, version] of Object.entries(devDependencies)) {
      expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
    }
  });

  test('comes with hashes, but for what other platforms alone need', () => {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    for (const [path, entry] of Object.entries<{
      integrity?: string;
      optional?: boolean;
      link?: boolean;
      inBundle?: boolean;
    }>(packages)) {
      // What is bundled in a package has that one's hash.
      if (path === '' || entry.link || entry.optional || entry.inBundle) continue;
      expect([path, entry.integrity]).toEqual([path, expect.stringMatching(/^sha512-/)]);
    }
  });
});

describe.each(readdirSync(join(root, '.github/workflows')))('the workflow %s', (name) => {
  const text = readFileSync(join(root, '.github/workflows', name), 'utf8');

  test('uses actions by commit', () => {
    const used = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action!);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/);
  });

  test('may read by default, and writes where a job says so alone', () => {
    expect(/^permissions:(.*(?:\n {2}.*)*)/m.exec(text)![1]!.trim()).toMatch(/^(\{\}|contents: read)$/);
    expect(text).not.toMatch(/write-all|pull_request_target/);
    for (const [, job] of text.matchAll(/actions\/checkout@.*\n((?: {8}.*\n)*)/g)) {
      expect(job).toContain('persist-credentials: false');
    }
  });

  test('puts nothing that others write into a shell', () => {
    for (const [, run] of text.matchAll(/run: (?:\|\n((?: {10}.*\n)+)|(.*))/g)) expect(run ?? '').not.toContain('${{');
  });
});

describe('release:check', () => {
  const right: State = {
    version: '1.2.3',
    tag: '1.2.3',
    changelog: '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-11-27\n\n- New.\n',
    lockVersion: '1.2.3',
    apiVersion: '1.2.3',
    uncommitted: '',
    hasKey: true,
  };
  const toDo = (state: Partial<State>) =>
    checksOf({ ...right, ...state })
      .filter(({ cure }) => cure !== undefined)
      .map(({ what }) => what);

  test('has nothing to say of what is right', () => expect(toDo({})).toEqual([]));

  test.each<[Partial<State>, string]>([
    [{ tag: '1.2.4' }, 'the tag is v1.2.3'],
    [{ changelog: '## [Unreleased]\n\n- New.\n\n## [1.2.3] - 2026-11-27\n' }, 'nothing is left under [Unreleased]'],
    [{ changelog: '## [Unreleased]\n\n## [1.2.2] - 2026-11-27\n' }, 'CHANGELOG.md has 1.2.3 with its day'],
    [{ lockVersion: '1.2.2' }, 'package-lock.json has the version'],
    [{ apiVersion: '1.2.2' }, 'the kept API of the constructs is that of the version'],
    [{ uncommitted: ' M README.md' }, 'everything is committed'],
    [{ hasKey: false }, 'the public key of releases is there'],
  ])('finds %j', (state, what) => expect(toDo(state)).toEqual([what]));
});
