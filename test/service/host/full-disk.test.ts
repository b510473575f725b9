import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../support/process';
import { ask, start, temporaryFolder } from '../running-service';

/** A disk of 4 MB: only root may mount one, and not in every container. */
function mount(folder: string): boolean {
  mkdirSync(folder, { mode: 0o700 });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=700', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Lazily: a closed connection that is not collected yet still has its files open. */
const unmount = (folder: string) => execFileSync('umount', ['-l', folder]);

function fill(file: string): void {
  for (const bytes of [65_536, 4_096]) {
    try {
      for (;;) {
        appendFileSync(file, Buffer.alloc(bytes));
      }
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
    }
  }
}

const temporary = temporaryFolder();
const data = join(temporary.folder, 'data');
const mounted = mount(data);
afterAll(() => {
  if (mounted) {
    unmount(data);
  }
  temporary.remove();
});

// Skipped where this user may not mount a small disk to fill; test/service/store/failure.test.ts fills a database instead.
(mounted ? test : test.skip)(
  'with a full disk the service reads, refuses to write until there is space, and has lost nothing that it answered',
  async () => {
    const service = await start(data);
    try {
      const answered: string[] = [];
      const create = async () => {
        const name = `app ${answered.length}`;
        const { status, json } = await ask(service, 'POST', '/v1/applications', { body: JSON.stringify({ name }) });
        if (status === 201) {
          answered.push(name);
        }
        return { status, code: json.code };
      };
      const names = async () =>
        ((await ask(service, 'GET', '/v1/applications?limit=1000')).json.items as { name: string }[]).map(
          ({ name }) => name,
        );
      await create();
      const filler = join(data, 'filler');
      fill(filler);
      const refused = await eventually('a write to be refused', async () => {
        const reply = await create();
        return reply.status !== 201 && reply;
      });
      expect(refused).toEqual({ status: 503, code: 'vault_unavailable' });
      expect(await names()).toEqual(answered);
      await eventually('readiness to fail', async () => (await ask(service, 'GET', '/readyz')).status === 503);
      expect((await ask(service, 'GET', '/healthz')).status).toBe(200);

      rmSync(filler);
      await eventually('readiness to come back', async () => (await ask(service, 'GET', '/readyz')).status === 200);
      expect((await create()).status).toBe(201);
      expect(await names()).toEqual(answered);
    } finally {
      await service.stop();
    }
  },
  120_000,
);
