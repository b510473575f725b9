/** The commands of docs/service.md: what can be run here is run, the rest is held to options that there are. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type RunningService, startService } from '../../service/main';
import { installCommand, runCli } from '../support/cli';
import { Running } from '../support/process';

jest.setTimeout(240_000);

const root = resolve(__dirname, '../..');
const page = readFileSync(join(root, 'docs/service.md'), 'utf8');
const blocks = [...page.matchAll(/```sh\n([^`]*)```/g)].map(([, text]) => text!);
/** Of blocks and of what stands in running text, up to what ends a command of a shell. */
const commands = [...page.matchAll(/(?<![\w/.-])(?:ksm-iac )+((?:[a-z]+ ?)+(?: ?[^`\n;&|)]*)?)/g)]
  .map(([, line]) => line!.trim())
  .filter((line) => line.includes('--'));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-iac-docs-'));
  installCommand(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every block of commands is one that a shell can read', () => {
  expect(blocks.length).toBeGreaterThan(8);
  for (const block of blocks) execFileSync('sh', ['-n'], { input: block.replace(/\[--.*\]/g, '') });
});

test('every option that a command has there, it has', async () => {
  expect(commands.length).toBeGreaterThan(15);
  const helps = new Map<string, string>();
  for (const line of commands) {
    const [first = '', second = ''] = line.split(' ');
    const name = ['backup', 'restore', 'env', 'dev'].includes(first) ? first : `${first} ${second}`;
    if (!helps.has(name)) helps.set(name, (await runCli([...name.split(' '), '--help'])).stdout);
    for (const [option] of line.matchAll(/--[a-z-]+/g))
      expect([line, helps.get(name)]).toEqual([line, expect.stringContaining(option)]);
  }
});

test('every metric that the page names is one that a service has', async () => {
  const named = new Set(page.match(/ksm_iac_\w+|process_resident_memory_bytes/g));
  expect(named.size).toBeGreaterThan(8);
  const service = await startService({ dataDir: join(folder, 'metrics'), listen: '127.0.0.1:0', logLevel: 'silent' });
  try {
    const { text } = await ask(service, '/metrics');
    const has = new Set([...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name));
    expect([...named].filter((name) => !has.has(name))).toEqual([]);
  } finally {
    await service.stop();
  }
});

test('the drill of a restore and the check are what they say', async () => {
  const data = join(folder, 'data');
  const service = await startService({ dataDir: data, listen: '127.0.0.1:0', logLevel: 'silent' });
  try {
    const drills = blocks.filter((block) => /^ksm-iac (backup|vault check)/.test(block) && !block.includes('/var/'));
    expect(drills).toHaveLength(2);
    for (const drill of drills) {
      const script = drill.replaceAll('DIR', data).replaceAll('FILE', join(folder, 'backup'));
      const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, KSM_IAC_MASTER_KEY: undefined };
      const { code, stderr } = await new Running('sh', ['-euc', script], { env }).ended;
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('is sound') });
    }
  } finally {
    await service.stop();
  }
});

test('from another machine the address, a token of its own and the CA are enough', async () => {
  const data = join(folder, 'shared');
  const listen = '127.0.0.1:0';
  const service = await startService({ dataDir: data, listen, advertise: 'localhost:8443', logLevel: 'silent' });
  try {
    const [here, there] = ['cp DIR/tls/ca.crt', 'ksm-iac application list'].map(
      (part) => blocks.find((block) => block.includes(part))!,
    );
    const own = Object.entries(process.env).filter(([name]) => !/^(KSM|TF)_/.test(name));
    const env = { ...Object.fromEntries(own), HOME: folder, PATH: `${folder}:${process.env.PATH}` };
    const copied = { cwd: mkdtempSync(join(folder, 'copied-')), env };
    const vault = join(root, 'examples/ci-pipeline/vault.json');
    expect(await runCli(['vault', 'import', vault, '--data', data])).toMatchObject({ code: 0 });
    const uids = 'nu0VapSH89AWjZ1uWqY6qA SrqjpV_9G5MasxpSe1OVcg';
    const typed = here!.replaceAll('DIR', data).replace('UID1 UID2', uids);
    expect(await new Running('sh', ['-euc', typed], copied).ended).toMatchObject({ code: 0 });
    const address = service.endpoint.replace('127.0.0.1', 'localhost');
    // What it installs is tried in test/scripts/packages.test.ts.
    const script = there!
      .replace('https://ksm.example.com:8443', address)
      .replace(/^npm install --global --omit=optional \.\/ksm-iac-0\.1\.0\.tgz\n/, '');
    expect(script).not.toContain('npm install');
    expect(await new Running('sh', ['-euc', `${script}test -f "$TF_CLI_CONFIG_FILE"`], copied).ended).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('no such application'),
    });
    const tokens = await runCli(['token', 'list', '--json', '--data', data]);
    expect(JSON.parse(tokens.stdout)).toContainEqual(
      expect.objectContaining({ name: 'alice', scope: 'write', expiresAt: expect.any(String) }),
    );
  } finally {
    await service.stop();
  }
});

function ask(service: RunningService, path: string): Promise<{ text: string }> {
  return new Promise((resolve, reject) => {
    get(`${service.endpoint}${path}`, { ca: readFileSync(service.caCertificateFile!), agent: false }, async (reply) => {
      let text = '';
      for await (const chunk of reply) text += chunk;
      resolve({ text });
    }).on('error', reject);
  });
}
