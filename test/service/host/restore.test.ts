import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { recoverAdminToken } from '../../../service/host/recover-admin-token';
import type { ServiceAddress } from '../../../service/main';
import { ask, start, type Temporary, temporaryFolder } from '../running-service';

let temporary: Temporary;
let data: string;
let backup: string;
beforeEach(() => {
  temporary = temporaryFolder();
  data = join(temporary.folder, 'data');
  backup = join(temporary.folder, 'backup.db');
});
afterEach(() => temporary.remove());

/** The commands of a section of the manual, as an operator would type them. */
function commands(section: 'Back up' | 'Restore'): string {
  const manual = readFileSync(join(__dirname, '../../../docs/service.md'), 'utf8');
  const block = new RegExp(`### ${section}\\n[^#]*?\`\`\`sh\\n([^\`]*)\`\`\``).exec(manual)?.[1];
  expect(block).toBeDefined();
  return block!.replaceAll('DIR', data).replaceAll('FILE', backup);
}
const run = (script: string) => execFileSync('sh', ['-euc', script], { stdio: ['ignore', 'pipe', 'inherit'] });

function hasShell(): boolean {
  try {
    execFileSync('sqlite3', ['--version']);
    return true;
  } catch {
    return false;
  }
}

/** As a process of its own: the files are replaced under whoever still has them open. */
const sqlite = (statement: string) =>
  execFileSync(
    process.execPath,
    ['-e', `new (require('libsql'))(process.argv[1]).exec(process.argv[2])`, join(data, 'service.db'), statement],
    {
      cwd: join(__dirname, '../../..'),
      stdio: 'inherit',
    },
  );
/** `VACUUM INTO` where there is no sqlite3 command. */
const backUp = () => (hasShell() ? run(commands('Back up')) : sqlite(`VACUUM INTO '${backup}'`));

const add = async (service: ServiceAddress, name: string) =>
  expect((await ask(service, 'POST', '/v1/applications', { body: JSON.stringify({ name }) })).status).toBe(201);
const names = async (service: ServiceAddress) =>
  ((await ask(service, 'GET', '/v1/applications')).json.items as { name: string }[]).map(({ name }) => name).sort();

/** A service that was backed up, went on, had its journal folded in (`checkpoint`) or not, and was killed. */
async function crashed(checkpoint: boolean): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, '../serve.ts'), data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const service = JSON.parse(line) as ServiceAddress;
  await add(service, 'before');
  backUp();
  await add(service, 'after');
  if (checkpoint) {
    sqlite('PRAGMA wal_checkpoint(TRUNCATE)');
    expect(statSync(join(data, 'service.db-wal')).size).toBe(0);
    await add(service, 'later');
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const digests = () =>
  ['service.db', 'service.db-wal'].map((name) =>
    createHash('sha256')
      .update(readFileSync(join(data, name)))
      .digest('hex'),
  );

test.each([true, false])(
  'the steps of the manual restore a backup over the folder of a crashed service (journal folded in between: %s)',
  async (checkpoint) => {
    await crashed(checkpoint);
    run(commands('Restore'));
    const service = await start(data);
    expect(await names(service)).toEqual(['before']);
    await add(service, 'next');
    expect(await names(service)).toEqual(['before', 'next']);
    expect(statSync(join(data, 'service.db')).mode & 0o777).toBe(0o600);
    await service.stop();
  },
);

test('a backup beside the journal of the database before is refused with the cure, and both stay as they are', async () => {
  await crashed(true);
  run(`cp '${backup}' '${join(data, 'service.db')}'`);
  const before = digests();
  await expect(start(data)).rejects.toMatchObject({
    code: 'database_damaged',
    message: expect.stringMatching(
      /service\.db is damaged \(its journal .*service\.db-wal is that of another database, or of another time\)\. Nothing was changed\. .*remove .*-wal and .*-shm, copy the backup again, and start/,
    ),
  });
  expect(digests()).toEqual(before);
  run(commands('Restore'));
  const service = await start(data);
  expect(await names(service)).toEqual(['before']);
  await service.stop();
});

test('a backup beside the journal with which it was taken gives what there was at the crash', async () => {
  await crashed(false);
  run(`cp '${backup}' '${join(data, 'service.db')}'`);
  const service = await start(data);
  expect(await names(service)).toEqual(['after', 'before']);
  await service.stop();
});

test('the database and the master key alone, in a new folder, are enough, with an admin token that is recovered', async () => {
  await crashed(true);
  const fresh = join(temporary.folder, 'fresh');
  run(`umask 022; mkdir '${fresh}'; cp '${backup}' '${fresh}/service.db'; cp -p '${data}/master.key' '${fresh}/'`);
  await recoverAdminToken({ dataDir: fresh });
  const service = await start(fresh);
  expect(await names(service)).toEqual(['before']);
  expect(statSync(join(fresh, 'service.db-wal')).mode & 0o777).toBe(0o600);
  await service.stop();
});
