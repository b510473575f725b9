/**
 * Keeper's own clients, unchanged, as devices of the embedded vault: what works alone, what works under `ksm-iac ksm`,
 * and with which words the rest fails. Its results are the table
 * of README.md: `KSM_IAC_WRITE_CLIENTS=1` writes them there.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { runCli } from '../support/cli';
import { Running } from '../support/process';
import { TestService } from '../support/service';
import { fillVault, RECORD_PASSWORD, VAULT } from '../support/vault';

/** A Python with test/e2e/python/requirements.txt installed. */
const PYTHON = process.env.KSM_IAC_TEST_PYTHON;
/** A folder with the last release of the Python SDK that cannot be told a server's public key. */
const OLD_SDK = process.env.KSM_IAC_TEST_PYTHON_OLD_SDK;
/** A folder with the Java SDK of test/e2e/java/pom.xml and what it needs. */
const JAVA_SDK = process.env.KSM_IAC_TEST_JAVA_SDK;
const root = resolve(__dirname, '../..');
const README = join(root, 'README.md');
const READ = 'deploy key';

jest.setTimeout(240_000);

let service: TestService;
let applicationId: string;
let folder: string;
const own = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(KSM_|NODE_EXTRA|REQUESTS|PYTHONPATH)/.test(name)),
);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-iac-clients-'));
  service = await TestService.start();
  await fillVault(service);
  const client = service.client();
  applicationId = (await client.createApplication({ name: 'clients' })).id;
  await client.putGrant(applicationId, VAULT.deployment, {});
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await service.dispose();
});

const token = async () => {
  const { oneTimeToken } = await service.client().createDevice(applicationId, { name: 'client' });
  return oneTimeToken!;
};
const home = () => mkdtempSync(join(folder, 'home-'));
const underKsm = (args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) =>
  runCli(['ksm', '--data', service.dataDir, ...args], { cwd, env: { ...own, ...env } });

type Outcome = 'works' | { readonly failsWith: string };

/** The sentence in what a program has said, with what differs from run to run left out. */
function failure(said: string, sentence: RegExp): Outcome {
  const found = sentence.exec(said)?.[0];
  if (!found) throw new Error(`It failed in another way than expected (${sentence}):\n${said}`);
  return { failsWith: found.replace(/\d{4,}/, '…').replace(/\s+/g, ' ') };
}

interface Row {
  /** As the table names it. */
  readonly client: string;
  readonly version: () => string;
  readonly alone: () => Promise<Outcome>;
  readonly underKsm?: () => Promise<Outcome>;
}

const SDK = '@keeper-security/secrets-manager-core';

async function javaScript(): Promise<Outcome> {
  const { hostname, serverPublicKey, serverPublicKeyId } = service.deviceApi;
  const env = {
    ...own,
    DEVICE_CONFIG_FILE: join(home(), 'config.json'),
    DEVICE_HOSTNAME: hostname,
    DEVICE_SERVER_PUBLIC_KEY: serverPublicKey,
    DEVICE_SERVER_PUBLIC_KEY_ID: serverPublicKeyId,
    NODE_EXTRA_CA_CERTS: service.caCertificateFile,
  };
  for (const more of [{ DEVICE_ONE_TIME_TOKEN: await token() }, {}]) {
    const program = join(root, 'examples/ci-pipeline/redeem.mjs');
    const { stdout, stderr } = await new Running(process.execPath, [program], { env: { ...env, ...more } }).ended;
    expect({ stdout, stderr }).toEqual({ stdout: expect.stringContaining(READ), stderr: '' });
  }
  return 'works';
}

/** With the arguments for another server's key, then again with what it has stored. */
async function python(env: NodeJS.ProcessEnv): Promise<Outcome> {
  const { hostname, serverPublicKey, serverPublicKeyId } = service.deviceApi;
  const given = {
    ...own,
    ...env,
    REQUESTS_CA_BUNDLE: service.caCertificateFile,
    DEVICE_CONFIG_FILE: join(home(), 'config.json'),
    DEVICE_HOSTNAME: hostname,
    DEVICE_SERVER_PUBLIC_KEY: serverPublicKey,
    DEVICE_SERVER_PUBLIC_KEY_ID: serverPublicKeyId,
  };
  const snippet = /```python\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/devices.md'), 'utf8'))![1]!;
  for (const more of [{ DEVICE_ONE_TIME_TOKEN: await token() }, {}]) {
    const { stdout, stderr } = await new Running(PYTHON!, ['-c', snippet], { env: { ...given, ...more } }).ended;
    if (stderr.includes('could not be read')) return failure(stderr, /unexpected keyword argument 'server_public_key'/);
    expect(stdout).toBe(`${VAULT.deployKey} ${READ}\n`);
  }
  return 'works';
}

/** A program that knows of no other servers than Keeper's. */
async function pythonUnderKsm(env: NodeJS.ProcessEnv): Promise<Outcome> {
  const program = `
import os, sys
import keeper_secrets_manager_core as core
from keeper_secrets_manager_core.storage import FileKeyValueStorage
assert core.__file__.startswith(os.environ.get("EXPECTED", "/")), core.__file__
token = sys.argv[1] if len(sys.argv) > 1 else None
manager = core.SecretsManager(token=token, hostname=os.environ["KSM_HOSTNAME"], config=FileKeyValueStorage("config.json"))
print([record.title for record in manager.get_secrets()])
`;
  const dir = home();
  for (const tokens of [[await token()], []]) {
    const { stdout, stderr } = await underKsm(['--run', '--', PYTHON!, '-c', program, ...tokens], dir, env);
    expect({ stdout, stderr: stdout === '' ? stderr : '' }).toEqual({ stdout: `['${READ}']\n`, stderr: '' });
  }
  return 'works';
}

async function ksmAlone(): Promise<Outcome> {
  const args = ['-m', 'keeper_secrets_manager_cli', 'profile', 'init', '--token', await token()];
  const env = { ...own, REQUESTS_CA_BUNDLE: service.caCertificateFile, KSM_HOSTNAME: service.deviceApi.hostname };
  const { code, stdout, stderr } = await new Running(PYTHON!, args, { cwd: home(), env }).ended;
  expect(code).not.toBe(0);
  return failure(stdout + stderr, /The public key at \d+ does not exist in the SDK/);
}

async function ksmUnderKsm(): Promise<Outcome> {
  const dir = home();
  const PATH = `${dirname(PYTHON!)}${delimiter}${own.PATH}`;
  const ksm = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    underKsm(['--', ...args], dir, { PATH, ...env });
  const password = `keeper://${VAULT.deployKey}/field/password`;
  expect(await ksm(['profile', 'init', '--token', await token()])).toMatchObject({ code: 0 });
  const list = await ksm(['secret', 'list', '--json']);
  expect(JSON.parse(list.stdout)).toMatchObject([{ uid: VAULT.deployKey, title: READ }]);
  expect((await ksm(['secret', 'notation', password])).stdout.trim()).toBe(RECORD_PASSWORD);
  const executed = await ksm(['exec', '--', 'sh', '-c', 'echo "$SECRET"'], { SECRET: password });
  expect(executed.stdout.trim()).toBe(RECORD_PASSWORD);
  return 'works';
}

async function java(): Promise<Outcome> {
  const trust = join(home(), 'trust.p12');
  const ca = ['-file', service.caCertificateFile];
  execFileSync('keytool', ['-importcert', '-noprompt', '-keystore', trust, '-storepass', 'changeit', ...ca], {
    stdio: 'ignore',
  });
  const args = [
    `-Djavax.net.ssl.trustStore=${trust}`,
    '-Djavax.net.ssl.trustStorePassword=changeit',
    '-cp',
    join(JAVA_SDK!, '*'),
    join(__dirname, 'java/Device.java'),
  ];
  const env = { ...own, DEVICE_ONE_TIME_TOKEN: await token(), DEVICE_HOSTNAME: service.deviceApi.hostname };
  const { code, stdout, stderr } = await new Running('java', args, { env }).ended;
  expect(code).not.toBe(0);
  return failure(stdout + stderr, /Key number \d+ is not supported/);
}

const versionOf = (name: string, path?: string) =>
  execFileSync(PYTHON!, ['-c', `from importlib.metadata import version; print(version("${name}"), end="")`], {
    encoding: 'utf8',
    env: { ...own, ...(path === undefined ? {} : { PYTHONPATH: path }) },
  });

const INSTALL_PYTHON = 'install test/e2e/python/requirements.txt and name that Python in KSM_IAC_TEST_PYTHON';
/** What is missing to run them; undefined: nothing. */
const ROWS: readonly (Row & { readonly missing: string | undefined })[] = [
  {
    client: `JavaScript SDK \`${SDK}\``,
    version: () => JSON.parse(readFileSync(join(root, 'node_modules', SDK, 'package.json'), 'utf8')).version,
    alone: javaScript,
    missing: undefined,
  },
  {
    client: 'Python SDK `keeper-secrets-manager-core`',
    version: () => versionOf('keeper-secrets-manager-core'),
    alone: () => python({}),
    underKsm: () => pythonUnderKsm({}),
    missing: PYTHON ? undefined : INSTALL_PYTHON,
  },
  {
    client: 'Python SDK before 17.3.0',
    version: () => versionOf('keeper-secrets-manager-core', OLD_SDK),
    alone: () => python({ PYTHONPATH: OLD_SDK }),
    underKsm: () => pythonUnderKsm({ PYTHONPATH: OLD_SDK, EXPECTED: OLD_SDK }),
    missing:
      PYTHON && OLD_SDK
        ? undefined
        : `${INSTALL_PYTHON}, then pip install --no-deps --target DIR keeper-secrets-manager-core==17.2.0 and name DIR in KSM_IAC_TEST_PYTHON_OLD_SDK`,
  },
  {
    client: "Keeper's CLI `ksm`, `keeper-secrets-manager-cli`",
    version: () => versionOf('keeper-secrets-manager-cli'),
    alone: ksmAlone,
    underKsm: ksmUnderKsm,
    missing: PYTHON ? undefined : INSTALL_PYTHON,
  },
  {
    client: 'Java SDK `com.keepersecurity.secrets-manager:core`',
    version: () => /core-(.*)\.jar/.exec(readdirSync(JAVA_SDK!).find((file) => /^core-\d/.test(file))!)![1]!,
    alone: java,
    missing:
      JAVA_SDK && existsSync(JAVA_SDK)
        ? undefined
        : 'install a JDK and Maven, run mvn -f test/e2e/java dependency:copy-dependencies -DoutputDirectory=DIR and name DIR in KSM_IAC_TEST_JAVA_SDK',
  },
];

const cell = (outcome: Outcome | undefined) =>
  outcome === undefined ? '–' : outcome === 'works' ? 'works' : `fails: \`${outcome.failsWith}\``;

for (const row of ROWS) {
  if (row.missing) {
    test.skip(`${row.client}: ${row.missing} to run this`, () => {});
    continue;
  }
  test(`${row.client} does what README.md says of it`, async () => {
    const outcomes = [await row.alone(), await row.underKsm?.()];
    const line = `| ${[row.client, row.version(), ...outcomes.map(cell)].join(' | ')} |`;
    const lines = readFileSync(README, 'utf8').split('\n');
    const start = `| ${row.client} |`;
    if (process.env.KSM_IAC_WRITE_CLIENTS) {
      writeFileSync(README, lines.map((old) => (old.startsWith(start) ? line : old)).join('\n'));
    } else expect(lines.filter((said) => said.startsWith(start))).toEqual([line]);
  });
}

test('what no test has tried says so', () => {
  const [, table] = readFileSync(README, 'utf8').split(/^\| client \| version .*\n\|[ -|]*\n/m);
  const lines = table!.slice(0, table!.indexOf('\n\n')).split('\n');
  const untried = lines.filter((line) => !ROWS.some(({ client }) => line.startsWith(`| ${client} |`)));
  expect(untried.length).toBe(lines.length - ROWS.length);
  for (const line of untried) expect(line).toContain('| not tried: ');
});
