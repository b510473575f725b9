/** What earlier versions left on a user's disk (test/fixtures, made by scripts/release/keep-fixtures.ts), in the hands of this one. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { STACK } from '../../scripts/release/keep-fixtures';
import { runCli, startCli } from '../support/cli';
import { eventually, type Running } from '../support/process';
import { describeWithTools, Workspace } from '../support/terraform';

jest.setTimeout(180_000);

const fixtures = resolve(__dirname, '../fixtures');

describe.each(readdirSync(fixtures))('what %s left', (version) => {
  let folder: string;
  let data: string;
  let service: Running | undefined;
  const kept = (name: string) => gunzipSync(readFileSync(join(fixtures, version, `${name}.gz`)));
  beforeEach(() => {
    service = undefined;
    folder = mkdtempSync(join(tmpdir(), 'ksm-upgrade-'));
    data = join(folder, 'data');
    mkdirSync(data, { mode: 0o700 });
    for (const name of ['service.db', 'master.key', 'admin.token'])
      writeFileSync(join(data, name), kept(name), { mode: 0o600 });
  });
  afterEach(async () => {
    service?.kill('SIGTERM');
    await service?.ended;
    rmSync(folder, { recursive: true, force: true });
  });

  test('is a vault in which everything fits together', async () => {
    expect(await runCli(['vault', 'check', '--data', data])).toMatchObject({ code: 0 });
  });

  test('is a backup that can be restored', async () => {
    const [backup, key, restored] = ['backup', 'key', 'restored'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(backup, kept('backup'));
    writeFileSync(key, kept('master.key'), { mode: 0o600 });
    expect(await runCli(['restore', backup, '--data', restored, '--master-key-file', key])).toMatchObject({ code: 0 });
    expect(await runCli(['vault', 'check', '--data', restored, '--master-key-file', key])).toMatchObject({ code: 0 });
  });

  describeWithTools('is a state', (tool) => {
    test('that plans nothing, can be changed, and can be destroyed', async () => {
      const readyFile = join(folder, 'ready.json');
      const started = startCli([
        'service',
        'start',
        '--data',
        data,
        '--listen',
        '127.0.0.1:0',
        '--ready-file',
        readyFile,
      ]);
      service = started;
      const ready = await eventually(
        'the service',
        () => {
          try {
            return JSON.parse(readFileSync(readyFile, 'utf8')) as { endpoint: string; caCertificateFile: string };
          } catch {
            return undefined;
          }
        },
        () => started.stderr,
      );
      const workspace = new Workspace(tool, {
        KSM_IAC_ENDPOINT: ready.endpoint,
        KSM_IAC_TOKEN: kept('admin.token').toString().trim(),
        KSM_IAC_CA_CERTIFICATE_FILE: ready.caCertificateFile,
      });
      try {
        workspace.write(STACK);
        writeFileSync(join(workspace.dir, 'terraform.tfstate'), readFileSync(join(fixtures, version, 'state.json')));
        expect(await workspace.plan()).toEqual({});
        workspace.write(STACK.replace('"Payments"', '"Renamed"').replace('"2026-Q4"', '"2027-Q1"'));
        expect(await workspace.plan()).toEqual({
          'ksm_application.payments': 'update',
          'ksm_client_device.config': 'delete,create',
        });
        await workspace.apply();
        expect(await workspace.plan()).toEqual({});
        await workspace.destroy();
      } finally {
        workspace.dispose();
      }
    });
  });
});
