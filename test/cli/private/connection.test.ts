import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentLines } from '../../../cli/commands/env';
import { resolveConnection } from '../../../cli/private/connection';
import { readServiceNote } from '../../../cli/private/service-note';

const CANARY = 'ksm_iac_canary-7f3a';
const root = mkdtempSync(join(tmpdir(), 'ksm-iac-note-'));
/** What a shell, HCL or URL might trip over. */
const data = join(root, `it's "odd" $HOME \`x\``);
let server: Server;

beforeAll(async () => {
  mkdirSync(data);
  server = createServer((socket) => socket.destroy());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  writeFileSync(join(data, 'admin.token'), `${CANARY}\n`);
  writeFileSync(join(data, 'ca.pem'), 'PEM');
  note({ endpoint: endpoint(), caCertificateFile: join(data, 'ca.pem'), tokenFile: join(data, 'admin.token') });
});
afterAll(() => {
  server.close();
  rmSync(root, { recursive: true, force: true });
});

const endpoint = () => `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
const note = (content: unknown) => writeFileSync(join(data, 'service.json'), JSON.stringify(content));

test('--data names the service that runs on it, with its token and CA', async () => {
  expect(await resolveConnection(data, {})).toEqual({
    endpoint: endpoint(),
    token: CANARY,
    caCertificate: 'PEM',
    direct: true,
  });
});

test('the printed lines give a shell exactly these values, and never show the token', async () => {
  const lines = environmentLines(await readServiceNote(data), { KSM_IAC_CA_CERTIFICATE: 'older' });
  expect(lines.join('\n')).not.toContain(CANARY);
  const script = `${lines.join('\n')}\nprintf '%s\\n' "$KSM_IAC_ENDPOINT" "$KSM_IAC_TOKEN" "$KSM_IAC_CA_CERTIFICATE_FILE" "\${KSM_IAC_CA_CERTIFICATE-unset}"`;
  const env = { ...process.env, KSM_IAC_CA_CERTIFICATE: 'older' };
  expect(execFileSync('sh', ['-c', script], { encoding: 'utf8', env }).split('\n').slice(0, -1)).toEqual([
    endpoint(),
    CANARY,
    join(data, 'ca.pem'),
    'unset',
  ]);
});

test('over plain HTTP no CA is left over from before', async () => {
  const lines = environmentLines({ endpoint: 'http://127.0.0.1:1', tokenFile: '/t', caCertificateFile: null }, {});
  expect(lines).toContain('unset KSM_IAC_CA_CERTIFICATE_FILE');
});

test('a folder without a running service says what to start', async () => {
  await expect(readServiceNote(join(root, 'none'))).rejects.toThrow(
    `No service runs on the data folder ${join(root, 'none')}. Start it: ksm-iac service start --data '${join(root, 'none')}'`,
  );
  const gone = createServer();
  await new Promise<void>((done) => gone.listen(0, '127.0.0.1', done));
  const { port } = gone.address() as AddressInfo;
  await new Promise((done) => gone.close(done));
  const stale = join(root, 'stale');
  mkdirSync(stale);
  writeFileSync(join(stale, 'service.json'), JSON.stringify({ endpoint: `https://127.0.0.1:${port}`, tokenFile: 't' }));
  await expect(readServiceNote(stale)).rejects.toThrow(/nothing answers there.*Start it/);
  writeFileSync(join(stale, 'service.json'), '{"endpoint": 3}');
  await expect(readServiceNote(stale)).rejects.toThrow('is not the note of a service');
});

test('without --data the environment names the service; what is missing or contradicts itself is named', async () => {
  const env = { KSM_IAC_ENDPOINT: 'https://ksm.example', KSM_IAC_TOKEN: CANARY };
  expect(await resolveConnection(undefined, env)).toEqual({
    endpoint: 'https://ksm.example',
    token: CANARY,
    caCertificate: undefined,
  });
  const refusal = (more: NodeJS.ProcessEnv) =>
    resolveConnection(undefined, more).then(
      () => 'accepted',
      (error: Error & { exitCode: number }) => `${error.exitCode} ${error.message}`,
    );
  expect(await refusal({})).toMatch(/^2 No service is named\. Give --data DIR/);
  expect(await refusal({ KSM_IAC_TOKEN: CANARY })).toMatch(/^2 KSM_IAC_TOKEN is set, but KSM_IAC_ENDPOINT is not/);
  expect(await refusal({ ...env, KSM_IAC_ENDPOINT: CANARY })).toMatch(
    /^2 KSM_IAC_ENDPOINT is not usable\. It is not a URL/,
  );
  expect(await refusal({ ...env, KSM_IAC_ENDPOINT: 'http://ksm.example' })).toMatch(/^2 .* Plain HTTP to ksm\.example/);
  expect(await refusal({ ...env, KSM_IAC_ENDPOINT: 'http://127.0.0.1:8' })).toBe('accepted');
  expect(await refusal({ ...env, KSM_IAC_CA_CERTIFICATE: 'a', KSM_IAC_CA_CERTIFICATE_FILE: 'b' })).toMatch(/both set/);
  expect(await refusal({ ...env, KSM_IAC_CA_CERTIFICATE_FILE: join(root, 'no.pem') })).toMatch(
    /^1 Cannot read .*no\.pem/,
  );
  for (const more of [{ KSM_IAC_TOKEN: CANARY }, { ...env, KSM_IAC_ENDPOINT: CANARY }]) {
    expect(await refusal(more)).not.toContain(CANARY);
  }
});

test('a CA file that holds no certificate is named, and what it holds is not shown', async () => {
  const file = join(root, 'ca.txt');
  writeFileSync(file, CANARY);
  const env = { KSM_IAC_ENDPOINT: endpoint(), KSM_IAC_TOKEN: CANARY, KSM_IAC_CA_CERTIFICATE_FILE: file };
  const failure = await resolveConnection(undefined, env).catch((error: Error) => error.message);
  expect(failure).toContain(`KSM_IAC_CA_CERTIFICATE_FILE (${file})`);
  expect(failure).toContain('no certificate in PEM form');
  expect(failure).not.toContain(CANARY);
});
