import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { KsmClient } from '../../contract/client';
import { runCli, startCli } from '../support/cli';
import { eventually } from '../support/process';
import { TestService } from '../support/service';

jest.setTimeout(240_000);

const FOLDER_UID = 'AAAAAAAAAAAAAAAAAAAAAA';
const PASSWORD = 'canary-password-7f3a';
const VAULT = {
  shared_folders: [{ uid: FOLDER_UID, path: 'Databases', permissions: [{ name: 'a@b.c' }] }],
  records: [
    { title: 'orders', login: 'app', password: PASSWORD, folders: [{ shared_folder: 'Databases', folder: 'eu' }] },
    { title: 'loose', password: PASSWORD },
  ],
};

const dir = mkdtempSync(join(tmpdir(), 'ksm-iac-cli-'));
const vaultFile = join(dir, 'vault.json');
const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(KSM_|TF_|NODE_EXTRA)/.test(name)));
const env = { ...own, HOME: dir, XDG_DATA_HOME: join(dir, 'share'), TMPDIR: join(dir) };

beforeAll(() => writeFileSync(vaultFile, JSON.stringify(VAULT)));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('service start --vault-id restates the id that states of Terraform belong to, and refuses what is none', async () => {
  const data = mkdtempSync(join(dir, 'restated-'));
  const start = ['service', 'start', '--data', data, '--listen', '127.0.0.1:0', '--vault-id'];
  const refused = await runCli([...start, 'short'], { env });
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('Write the id of a vault: 22 characters');
  const id = 'BBBBBBBBBBBBBBBBBBBBBA';
  const readyFile = join(data, 'ready.json');
  const running = startCli([...start, id, '--ready-file', readyFile], { env });
  try {
    await eventually(
      'the service',
      () => existsSync(readyFile),
      () => running.stderr,
    );
    const { endpoint, tokenFile, caCertificateFile } = JSON.parse(readFileSync(readyFile, 'utf8'));
    const client = new KsmClient({
      endpoint,
      token: readFileSync(tokenFile, 'utf8').trim(),
      caCertificate: readFileSync(caCertificateFile, 'utf8'),
      requestTimeoutMs: 30_000,
      operationTimeoutMs: 60_000,
      maxRetries: 0,
      userAgent: 'test',
    });
    expect((await client.info()).vaultId).toBe(id);
  } finally {
    running.kill('SIGTERM');
    await running.ended;
  }
});

describe('with a running service', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start();
  });
  afterAll(() => service.dispose());

  test('its data folder keeps what is secret to its owner', () => {
    const open = readdirSync(service.dataDir, { recursive: true, encoding: 'utf8' }).filter((name) => {
      const { mode } = statSync(join(service.dataDir, name));
      return (mode & 0o077) !== 0 && !/\.(pem|crt)$/.test(name);
    });
    expect(open).toEqual([]);
  });

  test('env gives a shell what Terraform needs, without the token in its text', async () => {
    const { code, stdout } = await runCli(['env', '--data', service.dataDir], { env });
    expect(code).toBe(0);
    expect(stdout).not.toContain(service.token);
    const read = execFileSync('sh', ['-c', `${stdout} printf '%s\\n' "$KSM_IAC_ENDPOINT" "$KSM_IAC_TOKEN"`], {
      encoding: 'utf8',
    });
    expect(read).toBe(`${service.endpoint}\n${service.token}\n`);
  });

  test('what a lost run left is listed with names, and revoked by id or by application', async () => {
    const data = ['--data', service.dataDir];
    const client = service.client({ runId: 'lost' });
    const { id } = await client.createApplication({ name: 'orphaned' });
    const device = await client.createDevice(id, { name: 'left behind' });
    await client.settleRun([id, device.id], { lost: true });
    const listed = await runCli(['orphans', 'list', ...data], { env });
    expect(listed.stdout).toMatch(/unsure +client_device +left behind +orphaned +admin/);
    const items = JSON.parse(
      (await runCli(['orphans', 'list', '--json', '--application', id, ...data], { env })).stdout,
    );
    expect(items.map((item: { id: string }) => item.id)).toEqual([id, device.id]);
    const revoked = await runCli(['orphans', 'revoke', '--application', id, ...data], { env });
    expect(revoked).toMatchObject({ code: 0, stdout: `${device.id}\n${id}\n`, stderr: 'ksm-iac: 2 revoked\n' });
    const again = await runCli(['orphans', 'revoke', device.id, ...data], { env });
    expect(again).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(`kept ${device.id}`) });
  });

  test('a token is made, printed alone on the last line, works, is listed and is revoked', async () => {
    const data = ['--data', service.dataDir];
    const asked = ['token', 'create', '--name', 'ci "prod"', '--scope', 'read', '--expires-in-days', '90'];
    const made = await runCli([...asked, ...data], { env });
    expect(made.code).toBe(0);
    const token = made.stdout.trimEnd().split('\n').at(-1)!;
    expect(token).toMatch(/^ksm_iac_[A-Za-z0-9_-]{43}$/);
    expect(made.stdout).toBe(`${token}\n`);
    expect(made.stderr).not.toContain(token);

    const list = await runCli(['token', 'list', '--json', ...data], { env });
    const [listed] = JSON.parse(list.stdout).filter(({ name }: { name: string }) => name === 'ci "prod"');
    expect(listed).toMatchObject({ scope: 'read', expiresAt: expect.stringMatching(/Z$/) });
    const lines = (await runCli(['token', 'list', ...data], { env })).stdout;
    expect(lines).toMatch(new RegExp(`^ci "prod" +read +all +all +[\\dTZ:-]+ +${listed.id}$`, 'm'));
    expect(list.stdout + lines).not.toContain(token);

    const reader = { env: { ...env, ...service.env, KSM_IAC_TOKEN: token } };
    const refused = await runCli(['token', 'create', '--name', 'more', '--scope', 'write'], reader);
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('needs the scope "admin"') });

    expect(await runCli(['token', 'revoke', listed.id, ...data], { env })).toMatchObject({ code: 0, stdout: '' });
    expect(await runCli(['token', 'list'], reader)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The API token is unknown or expired'),
    });
  });

  test.each([
    [['--name', 'ci'], '--scope'],
    [['--scope', 'read'], '--name'],
    [['--name', 'ci', '--scope', 'owner'], 'read, session, write, admin'],
    [['--name', 'ci', '--scope', 'read', '--expires-in-days', '0'], 'from 1 to 36500'],
    [['--name', 'ci', '--scope', 'read', '--expires-in-minutes', '0'], 'from 1 to 52560000'],
    [['--name', 'ci', '--scope', 'read', '--expires-in-minutes', '5', '--expires-in-days', '1'], 'cannot be used with'],
    [['--name', 'ci', '--scope', 'read', '--application', 'payments-*'], '--application'],
  ])('token create %j is refused: %s', async (args, said) => {
    const { code, stdout, stderr } = await runCli(['token', 'create', ...args, '--data', service.dataDir], { env });
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(said) });
  });

  test('a token is limited to applications and secrets, also to a UID that begins with a dash', async () => {
    const dash = `-${'a'.repeat(21)}`;
    const plain = 'b'.repeat(22);
    const limits = ['--applications', 'pay-*', 'bill-*', `--secrets=${dash}`, `--secrets=${plain}`, '--allow-edit'];
    const asked = ['token', 'create', '--name', 'team', '--scope', 'write', ...limits, '--expires-in-minutes', '5'];
    expect(await runCli([...asked, '--data', service.dataDir], { env })).toMatchObject({ code: 0 });
    const tokens = await service.client().listApiTokens();
    expect(tokens.find(({ name }) => name === 'team')).toMatchObject({
      applications: ['bill-*', 'pay-*'],
      secrets: [dash, plain],
      allowEdit: true,
    });
    const { code, stderr } = await runCli(['token', 'recover', '--data', service.dataDir], { env });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('runs on the data folder') });
  });

  test('what is deleted from the vault is named line by line, and a folder that is not empty wants --force', async () => {
    const data = ['--data', service.dataDir];
    const client = service.client();
    const { uid: folder } = await client.createVaultFolder({ name: 'To go\u200b' });
    const { uid: inner } = await client.createVaultFolder({ name: 'inside', parentUid: folder });
    const fields = { type: 'login', fields: [] };
    const { uid: record } = await client.createVaultRecord({ folderUid: inner, data: { title: 'old key', ...fields } });
    const refused = await runCli(['vault', 'delete', folder, ...data], { env });
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('1 folders and 1 records');
    const removed = await runCli(['vault', 'delete', record, inner, ...data], { env });
    expect(removed).toMatchObject({
      code: 0,
      stdout: `Deleted the record ${record} "old key".\nDeleted the folder ${inner}.\n`,
    });
    expect((await runCli(['vault', 'delete', '--force', folder, ...data], { env })).code).toBe(0);
    const again = await runCli(['vault', 'delete', folder, ...data], { env });
    expect([again.code, again.stderr.includes('may have been deleted already')]).toEqual([1, true]);
  });

  test('an export in an archive is imported; a later one of the living vault says what moves and what it erases', async () => {
    const data = ['--data', service.dataDir];
    const archive = join(dir, 'export.zip');
    const write = (records: object[]) =>
      writeFileSync(
        archive,
        zipSync({ 'export.json': strToU8(JSON.stringify({ records })), 'files/x': strToU8('pem') }),
      );
    const folders = (name: string) => [{ shared_folder: name }];
    const mail = { title: 'Mail', folders: folders('Living') };
    write([
      { uid: 1, ...mail, password: 'a', attachments: [{ file_uid: 'x', name: 'key.pem' }] },
      { uid: 2, ...mail, password: 'b' },
    ]);
    const first = await runCli(['vault', 'import', archive, ...data], { env });
    expect(first.stderr).toBe(`Imported 1 shared folder (1 created), 2 records (2 created).
Not imported:
  attachments: 1 (of "Mail")
`);
    const [one, two] = (await service.client().listVaultRecords()).filter(({ title }) => title === 'Mail');
    write([
      { uid: one!.uid, title: 'Mail', folders: folders('Elsewhere') },
      { uid: two!.uid, ...mail, password: 'b' },
    ]);
    const [dry, done] = [
      await runCli(['vault', 'import', '--dry-run', archive, ...data], { env }),
      await runCli(['vault', 'import', archive, ...data], { env }),
    ];
    expect(
      dry.stderr,
    ).toBe(`Nothing was written. It would import 2 shared folders (1 created, 1 unchanged), 2 records (1 moved, 1 unchanged).
It would move:
  "Elsewhere/Mail", from the folder "Living"
It would erase, since the file has no such fields:
  "Elsewhere/Mail": "password"
`);
    expect(done.stderr).toBe(
      dry.stderr
        .replace('Nothing was written. It would import', 'Imported')
        .replace('It would move', 'Moved')
        .replace('It would erase', 'Erased'),
    );
    const moved = (await service.client().listVaultRecords()).filter(({ title }) => title === 'Mail');
    expect(moved.map(({ uid, revision }) => [uid, revision])).toEqual([
      [one!.uid, 2],
      [two!.uid, 1],
    ]);
    const events = await service.client().listAuditEvents({ limit: 50 });
    expect(events.find(({ action, after }) => action === 'record.update' && after !== null)).toMatchObject({
      target: one!.uid,
      before: { folderUid: one!.folderUid },
      after: { folderUid: moved[0]!.folderUid },
    });
    const shared = await service.client().listVaultFolders();
    for (const { uid, name } of shared.filter((folder) => ['Living', 'Elsewhere'].includes(folder.name))) {
      expect(await runCli(['vault', 'delete', '--force', uid, ...data], { env })).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(name),
      });
    }
  });

  test('a vault is imported once; a second import changes nothing; a change of one record is an update', async () => {
    const dry = await runCli(['vault', 'import', '--dry-run', vaultFile, '--data', service.dataDir], { env });
    const first = await runCli(['vault', 'import', vaultFile, '--data', service.dataDir], { env });
    expect(first).toMatchObject({
      code: 0,
      stderr: `Imported 1 shared folder (1 created), 1 folder inside them (1 created), 2 records (2 created).
Not imported:
  permissions of users and teams: 1 (of the shared folder "Databases")
`,
    });
    const uid = expect.stringMatching(/^[\w-]{22}$/);
    const rows = (stdout: string) =>
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ {2,}/));
    expect(rows(first.stdout)).toEqual([
      ['KIND', 'PATH', 'OUTCOME', 'UID'],
      ['shared folder', 'Databases', 'created', FOLDER_UID],
      ['folder', 'Databases/eu', 'created', uid],
      ['record', 'Databases/eu/orders', 'created', uid],
      ['record', 'loose', 'created', uid],
    ]);
    // What has no UID in the file gets one by the import alone: a dry run that named one would name another.
    expect(rows(dry.stdout)).toEqual(
      rows(first.stdout).map(([kind, path, outcome, of]) => [
        kind,
        path,
        outcome,
        of === 'UID' || of === FOLDER_UID ? of : '-',
      ]),
    );
    const again = await runCli(['vault', 'import', vaultFile], { env: { ...env, ...service.env } });
    expect(again.stderr).toContain('Imported 1 shared folder (1 unchanged), 2 records (2 unchanged).');
    const same = ([kind, path, , uid]: string[]) => [kind, path, 'unchanged', uid];
    const [heading, ...made] = rows(first.stdout);
    expect(rows(again.stdout)).toEqual([heading, ...made.filter(([kind]) => kind !== 'folder').map(same)]);
    writeFileSync(
      vaultFile,
      JSON.stringify({ ...VAULT, records: [VAULT.records[0], { title: 'loose', password: 'new' }] }),
    );
    const changed = await runCli(['vault', 'import', vaultFile, '--data', service.dataDir, '--json'], { env });
    expect(JSON.parse(changed.stdout)).toEqual({
      sharedFolders: { created: 0, updated: 0, moved: 0, unchanged: 1 },
      folders: { created: 0, updated: 0, moved: 0, unchanged: 0 },
      records: { created: 0, updated: 1, moved: 0, unchanged: 1 },
      items: [
        { kind: 'shared folder', uid: FOLDER_UID, path: 'Databases', outcome: 'unchanged', erased: [] },
        { kind: 'record', uid, path: 'Databases/eu/orders', outcome: 'unchanged', erased: [] },
        { kind: 'record', uid: made[3]![3], path: 'loose', outcome: 'updated', erased: [] },
      ],
      notInFile: [],
      faults: [],
      notImported: [
        {
          what: 'permissions of users and teams',
          count: 1,
          first: 'shared_folders[0].permissions',
          folders: ['Databases'],
          records: [],
        },
      ],
    });
    writeFileSync(vaultFile, JSON.stringify(VAULT));
    expect((await service.client().listVaultRecords()).map(({ title }) => title).sort()).toEqual(['loose', 'orders']);
    expect(await service.client().getSecret(FOLDER_UID)).toMatchObject({ kind: 'folder', name: 'Databases' });
  });

  test('Ctrl-C stops an import between two records; the same command again finishes it', async () => {
    const many = join(dir, 'many.json');
    const records = Array.from({ length: 2000 }, (_, index) => ({ title: `record ${index}` }));
    writeFileSync(many, JSON.stringify({ records }));
    const before = (await service.client().listVaultRecords()).length;
    const running = startCli(['vault', 'import', many, '--data', service.dataDir], { env });
    await eventually('the first records', async () => (await service.client().listVaultRecords()).length > before);
    running.kill('SIGINT');
    const stderr = expect.stringMatching(
      /^error: Interrupted: \d+ of 2000 records are imported\. Run the same command/,
    );
    expect(await running.ended).toMatchObject({ code: 130, stdout: '', stderr });
    const again = await runCli(['vault', 'import', many, '--data', service.dataDir], { env });
    expect(again.stderr).toMatch(/2000 records \([1-9]\d* created, [1-9]\d* unchanged\)/);
    expect(await service.client().listVaultRecords()).toHaveLength(before + 2000);
  });

  test('a wrong token and a certificate that is not trusted are each named with the cure', async () => {
    const token = { ...env, ...service.env, KSM_IAC_TOKEN: 'canary-token' };
    const refused = await runCli(['vault', 'import', vaultFile], { env: token });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('API token') });
    expect(refused.stderr).not.toContain('canary-token');
    const untrusting: NodeJS.ProcessEnv = { ...env, ...service.env, KSM_IAC_CA_CERTIFICATE_FILE: '' };
    const untrusted = await runCli(['vault', 'import', vaultFile], { env: untrusting });
    expect(untrusted).toMatchObject({ code: 1, stderr: expect.stringMatching(/certificate/i) });
  });

  test('a second service on the same data folder and one on the same port are refused', async () => {
    const folder = await runCli(['service', 'start', '--data', service.dataDir, '--listen', '127.0.0.1:0'], { env });
    expect(folder).toMatchObject({ code: 1, stderr: expect.stringContaining(service.dataDir) });
    const { host } = new URL(service.endpoint);
    const port = await runCli(['service', 'start', '--data', join(dir, 'other'), '--listen', host], { env });
    expect(port).toMatchObject({ code: 1, stderr: expect.stringContaining(host.split(':')[1]!) });
    for (const { stderr } of [folder, port]) expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('its log is a line of JSON an event, and none of them holds a secret', () => {
    for (const line of service.output.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
    expect(service.output).not.toContain(PASSWORD);
    expect(service.output).not.toContain(service.token);
  });
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s stops the service with exit code 0, and env says what to start',
  async (signal) => {
    const service = await TestService.start();
    try {
      expect(await service.end(signal)).toBe(0);
      const { code, stderr } = await runCli(['env', '--data', service.dataDir], { env });
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining(`Start it: ksm-iac service start --data '${service.dataDir}'`),
      });
    } finally {
      await service.dispose();
    }
  },
);

describe('dev', () => {
  const leftovers = () => readdirSync(dir).filter((name) => name.startsWith('ksm-iac-dev-'));

  test('the command reaches a service with the imported vault, and its input, output and exit code are ours', async () => {
    const script = `
      const { readFileSync } = require('node:fs');
      const https = require('node:https');
      const { KSM_IAC_ENDPOINT: endpoint, KSM_IAC_TOKEN: token } = process.env;
      https.get(endpoint + '/v1/vault/records', { headers: { authorization: 'Bearer ' + token } }, (reply) => {
        reply.on('data', (chunk) => process.stdout.write(chunk)).on('end', () => process.exit(7));
      });`;
    const args = ['dev', '--vault-file', vaultFile, '--', process.execPath, '-e', script, '--', '--help'];
    const { code, stdout, stderr } = await runCli(args, { env });
    expect({ code, stderr: code === 7 ? '' : stderr }).toEqual({ code: 7, stderr: '' });
    expect(JSON.parse(stdout).items).toHaveLength(2);
    expect(stderr).toContain('Imported 1 shared folder');
    expect(stderr).toMatch(/TF_CLI_CONFIG_FILE is .*terraformrc/);
    expect(leftovers()).toEqual([]);
  });

  test('--data keeps the vault for the next time', async () => {
    const data = join(dir, 'kept');
    await runCli(['dev', '--data', data, '--vault-file', vaultFile, '--', 'true'], { env });
    const again = await runCli(['dev', '--data', data, '--vault-file', vaultFile, '--', 'true'], { env });
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('2 records (2 unchanged)') });
  });

  test('--data keeps the port too, unless it is taken: devices know the service by it', async () => {
    const dev = () =>
      runCli(['dev', '--data', join(dir, 'port'), '--', 'sh', '-c', 'echo "$KSM_IAC_DEVICE_HOSTNAME"'], { env });
    const { stdout: first } = await dev();
    expect(first).toMatch(/^127\.0\.0\.1:\d+\n$/);
    expect(await dev()).toMatchObject({ code: 0, stdout: first });
    expect(statSync(join(dir, 'port/dev.port')).mode & 0o777).toBe(0o600);
    const port = Number(first.split(':')[1]);
    const taken = createServer().listen(port, '127.0.0.1');
    try {
      await once(taken, 'listening');
      const elsewhere = await dev();
      expect(elsewhere).toMatchObject({ code: 0, stderr: expect.stringContaining(`port ${port} of the last run`) });
      expect(elsewhere.stdout).not.toBe(first);
    } finally {
      taken.close();
    }
  });

  test("a Node command trusts the service beside the user's own NODE_EXTRA_CA_CERTS", async () => {
    const own = join(dir, 'own-ca.pem');
    writeFileSync(own, '# mine, without an end of line');
    const script = `
      const { readFileSync } = require('node:fs');
      const mine = readFileSync(process.env.NODE_EXTRA_CA_CERTS, 'utf8').startsWith('# mine');
      require('node:https').get(process.env.KSM_IAC_ENDPOINT + '/healthz', (reply) => {
        console.log(mine, reply.statusCode);
        process.exit();
      });`;
    const trusting = { ...env, NODE_EXTRA_CA_CERTS: own };
    const { code, stdout, stderr } = await runCli(['dev', '--', process.execPath, '-e', script], { env: trusting });
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: 'true 200\n' });
    expect(stderr).toMatch(/NODE_EXTRA_CA_CERTS is .*: the certificates of .*own-ca\.pem, and the local CA/);
    const missing = await runCli(['dev', '--', process.execPath, '-e', script], {
      env: { ...env, NODE_EXTRA_CA_CERTS: '/no/such.pem' },
    });
    expect(missing).toMatchObject({ code: 0, stdout: 'false 200\n' });
    expect(missing.stderr).toContain('without the certificates of /no/such.pem: it does not exist.');
  });

  test('a signal that ends the command is 128 + n, a command that does not exist 127', async () => {
    expect(await runCli(['dev', '--', 'sh', '-c', 'kill -KILL $$'], { env })).toMatchObject({ code: 137 });
    const missing = await runCli(['dev', '--', 'no-such-command-here'], { env });
    expect(missing).toMatchObject({ code: 127, stderr: expect.stringContaining('there is no such command') });
    expect(leftovers()).toEqual([]);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s goes on to the command, which ends as it likes', async (signal) => {
    const command = `trap 'echo caught; exit 3' TERM INT; echo up; while :; do sleep 0.05; done`;
    // A session of its own: no terminal, which would signal the command as well.
    const running = startCli(['dev', '--', 'sh', '-c', command], { env, detached: true });
    try {
      await eventually(
        'the command to run',
        () => running.stdout.includes('up'),
        () => running.stderr,
      );
      running.kill(signal);
      expect(await running.ended).toMatchObject({ code: 3, stdout: 'up\ncaught\n' });
    } finally {
      if (running.child.exitCode === null) process.kill(-running.child.pid!, 'SIGKILL');
    }
    expect(leftovers()).toEqual([]);
  });

  test('TF_CLI_CONFIG_FILE of the user stays, unless there is no such file', async () => {
    const dev = (file: string) =>
      runCli(['dev', '--', 'sh', '-c', 'echo "$TF_CLI_CONFIG_FILE"'], { env: { ...env, TF_CLI_CONFIG_FILE: file } });
    const mine = join(dir, 'mine.tfrc');
    writeFileSync(mine, '');
    expect(await dev(mine)).toMatchObject({
      stdout: `${mine}\n`,
      stderr: expect.stringContaining('TF_CLI_CONFIG_FILE is yours and stays'),
    });
    expect(await dev('/no/such.tfrc')).toMatchObject({
      stdout: `${join(dir, 'share/ksm-iac/terraformrc')}\n`,
      stderr: expect.stringContaining('instead of /no/such.tfrc, which does not exist'),
    });
  });
});
