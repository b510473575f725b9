/**
 * Keeps what this version leaves on a user's disk, for every later one to be tried on: a data folder, a backup of it, and a state of
 * Terraform. Run at a release, after `npm run build`; the values are made for it, and protect nothing.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { VERSION } from '../../contract/version';

const root = resolve(__dirname, '../..');
const CLI = join(root, 'dist/bin/ksm-iac.cjs');
export const STACK = `
resource "ksm_application" "payments" { name = "Payments" }
resource "ksm_shared_folder_grant" "folder" {
  application_id = ksm_application.payments.id
  folder_uid     = "nu0VapSH89AWjZ1uWqY6qA"
}
resource "ksm_record_grant" "record" {
  application_id = ksm_application.payments.id
  record_uid     = "SrqjpV_9G5MasxpSe1OVcg"
  editable       = true
}
resource "ksm_client_device" "token" {
  application_id = ksm_application.payments.id
  name           = "by token"
  reissue        = "never"
  # Over by the time that a later version looks.
  token_expires_in_minutes = 1
}
resource "ksm_client_device" "config" {
  application_id            = ksm_application.payments.id
  name                      = "by configuration"
  initialization            = "config"
  ip_lock                   = false
  rotation_triggers         = { on = "2026-Q4" }
}
resource "ksm_gateway" "gateway" {
  application_id = ksm_application.payments.id
  name           = "gateway"
  reissue        = "never"
  token_expires_in_minutes = 1
}
`;

async function main(): Promise<void> {
  const out = join(root, 'test/fixtures', VERSION);
  const work = mkdtempSync(join(tmpdir(), 'ksm-iac-fixtures-'));
  const data = join(work, 'data');
  const run = (command: string, args: string[], env: NodeJS.ProcessEnv = {}) => {
    const { status, stderr, stdout } = spawnSync(command, args, {
      cwd: work,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    if (status !== 0) throw new Error(`${[command, ...args].join(' ')}: ${stderr}${stdout}`);
    return stdout;
  };
  const readyFile = join(work, 'ready.json');
  const start = ['service', 'start', '--data', data, '--listen', '127.0.0.1:0', '--ready-file', readyFile];
  const service = spawn(process.execPath, [CLI, ...start], { stdio: 'ignore' });
  try {
    for (let tries = 0; !existsSync(readyFile); tries++) {
      if (tries > 600 || service.exitCode !== null) throw new Error('the service did not start');
      await new Promise((done) => setTimeout(done, 50));
    }
    const { endpoint } = JSON.parse(readFileSync(readyFile, 'utf8')) as { endpoint: string };
    run(process.execPath, [CLI, 'vault', 'import', join(root, 'examples/ci-pipeline/vault.json'), '--data', data]);
    run(process.execPath, [CLI, 'provider', 'install', '--dir', join(work, 'provider')]);
    const required = 'terraform {\n  required_providers {\n    ksm = { source = "ksm-iac/ksm" }\n  }\n}\n';
    writeFileSync(join(work, 'main.tf'), required + STACK);
    const env = {
      TF_CLI_CONFIG_FILE: join(work, 'provider/terraformrc'),
      KSM_IAC_ENDPOINT: endpoint,
      KSM_IAC_TOKEN: readFileSync(join(data, 'admin.token'), 'utf8').trim(),
      KSM_IAC_CA_CERTIFICATE_FILE: join(data, 'tls/ca.crt'),
    };
    run('terraform', ['init', '-input=false'], env);
    run('terraform', ['apply', '-auto-approve', '-input=false'], env);
    run(process.execPath, [CLI, 'backup', join(work, 'backup'), '--data', data]);
  } finally {
    service.kill('SIGTERM');
    if (service.exitCode === null) await once(service, 'exit');
  }
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const name of ['service.db', 'master.key', 'admin.token']) {
    writeFileSync(join(out, `${name}.gz`), gzipSync(readFileSync(join(data, name)), { level: 9 }));
  }
  writeFileSync(join(out, 'backup.gz'), gzipSync(readFileSync(join(work, 'backup')), { level: 9 }));
  // Not called as a state is, which nothing may leave in the checkout.
  writeFileSync(join(out, 'state.json'), readFileSync(join(work, 'terraform.tfstate')));
  rmSync(work, { recursive: true });
  console.log(`test/fixtures/${VERSION}`);
}

if (require.main === module) {
  main().catch((error: Error) => {
    console.error(`keep-fixtures: ${error.message}`);
    process.exit(1);
  });
}
