import { spawnSync } from 'node:child_process';
import { version } from '../../package.json';
import { Bench } from './tiny/launch';

const bench = new Bench();
let provider: string;

beforeAll(() => {
  provider = bench.bundle('provider/main.ts');
});
afterAll(() => bench.close());

const run = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, [provider, ...args], { env: { PATH: process.env.PATH, ...env }, encoding: 'utf8' });

describe('the provider started by hand', () => {
  test('says in a sentence that Terraform starts it, and ends with 1', () => {
    const { status, stdout, stderr } = run([]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe('This is a Terraform provider: Terraform starts it, it does nothing by itself. Try --help.\n');
  });

  test('prints its version and its help', () => {
    expect(run(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n` });
    expect(run(['--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('--debug') });
  });
});

describe('the provider that cannot start', () => {
  const refusal = (env: NodeJS.ProcessEnv) => run([], { ...bench.environment, ...env });

  test.each([
    ['a certificate that is none', { PLUGIN_CLIENT_CERT: 'none' }, 'PLUGIN_CLIENT_CERT is not a certificate'],
    ['a socket folder that is not there', { PLUGIN_UNIX_SOCKET_DIR: '/nowhere' }, '/nowhere'],
    ['a port that is none', { KSM_IAC_PLUGIN_NETWORK: 'tcp', PLUGIN_MIN_PORT: 'many' }, 'not "many"'],
  ])('says why: %s', (_what, env, words) => {
    const { status, stdout, stderr } = refusal(env);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(`The provider cannot start: `);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('    at ');
  });
});
