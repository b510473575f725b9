import { existsSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/process';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';

jest.setTimeout(240_000);

const stack = (devices: number) => `
resource "ksm_application" "app" { name = "many" }
resource "ksm_client_device" "device" {
  count          = ${devices}
  application_id = ksm_application.app.id
  name           = "device \${count.index}"
}`;
/** Terraform's default parallelism: so many creates are in flight at most. */
const IN_FLIGHT = 10;
const APPLY = ['apply', '-auto-approve', '-input=false', '-no-color'];

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Process ids with this working folder, where the system tells (Linux). */
function processesIn(dir: string): string[] {
  if (!existsSync('/proc/self/cwd')) return [];
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === dir;
    } catch {
      return false;
    }
  });
}

describeWithTools('interruption', (tool) => {
  let service: TestService;
  let workspace: Workspace;

  beforeEach(async () => {
    service = await TestService.start();
    workspace = new Workspace(tool, service.env);
  });
  afterEach(async () => {
    workspace.dispose();
    await service.dispose();
  });

  /** Client ids that the vault has, and those that state has. */
  const known = async () => {
    const application = await service.client().findApplication('many');
    const found = application && (await service.client().getApplication(application.id, ['devices']));
    const state = await workspace.resources();
    return {
      vault: (found?.devices ?? []).map(({ clientId }) => clientId).sort(),
      state: state
        .filter(({ type }) => type === 'ksm_client_device')
        .map(({ values }) => values.client_id as string)
        .sort(),
    };
  };

  /** Starts the apply and waits until some devices are made. */
  const applying = async (devices: number) => {
    workspace.write(stack(devices));
    const running = workspace.start(APPLY);
    await eventually(
      'some devices to be made',
      () => (running.stdout.match(/device\[\d+\]: Creation complete/g) ?? []).length >= 20,
      () => running.stdout + running.stderr,
    );
    return running;
  };

  /**
   * An apply whose terraform got SIGKILL. Terraform truncates its state before it writes it: a kill in between leaves
   * it with nothing to go on from, which is not what is tested here.
   */
  const killed = async (): Promise<void> => {
    const running = await applying(50);
    running.kill('SIGKILL');
    await running.ended;
    if (isJson(workspace.read('terraform.tfstate'))) return;
    const application = await service.client().findApplication('many');
    await service.client().deleteApplication(application!.id, { force: true });
    rmSync(join(workspace.dir, 'terraform.tfstate'));
    await killed();
  };

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'a service that gets %s in mid-apply loses nothing: it starts again and the next apply completes',
    async (signal) => {
      const running = await applying(200);
      const code = await service.end(signal);
      expect(code).toBe(signal === 'SIGTERM' ? 0 : null);
      await service.restart();
      await running.ended;
      expect((await workspace.run(APPLY)).code).toBe(0);
      const { vault, state } = await known();
      expect(state).toHaveLength(200);
      expect(vault).toEqual(state);
      expect(await workspace.plan()).toEqual({});
    },
  );

  test('a service that stays away fails the apply in a sentence; what was made is in the state', async () => {
    const running = await applying(50);
    await service.end('SIGKILL');
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toContain(service.endpoint);
    await service.restart();
    await workspace.apply();
    const { vault, state } = await known();
    expect(state).toHaveLength(50);
    // What the service made while its reply was lost belongs to a run that can no longer settle: it lapses with it.
    expect(state.filter((id) => !vault.includes(id))).toEqual([]);
    expect(vault.length - state.length).toBeLessThanOrEqual(IN_FLIGHT);
    expect(await workspace.plan()).toEqual({});
  });

  test('Ctrl-C lets what is in hand finish, keeps it in the state and revokes nothing that is', async () => {
    const running = await applying(50);
    running.kill('SIGINT');
    expect((await running.ended).code).not.toBe(0);
    const { vault, state } = await known();
    expect(state.length).toBeLessThan(50);
    expect(vault).toEqual(state);
    await workspace.apply();
    expect((await known()).vault).toHaveLength(50);
  });

  // Which processes are providers only /proc tells.
  const testWithProc = existsSync('/proc/self/cwd') ? test : test.skip;
  testWithProc(
    'a provider that gets SIGKILL in mid-apply: what was made is in the state, nothing in it is revoked, the next apply completes',
    async () => {
      const running = await applying(200);
      const providers = processesIn(workspace.dir).filter((pid) => Number(pid) !== running.child.pid);
      expect(providers.length).toBeGreaterThan(0);
      for (const pid of providers) process.kill(Number(pid), 'SIGKILL');
      const { code, stderr } = await running.ended;
      expect(code).toBe(1);
      expect(stderr).toContain('Plugin did not respond');
      const before = await known();
      expect(before.state.length).toBeGreaterThan(0);
      expect(before.state.filter((id) => !before.vault.includes(id))).toEqual([]);
      await workspace.apply();
      const { vault, state } = await known();
      expect(state).toHaveLength(200);
      expect(state.filter((id) => !vault.includes(id))).toEqual([]);
      // What was in flight may have been made without a reply: nobody knows, so it is unsure, and ends by itself.
      expect(vault.length - state.length).toBeLessThanOrEqual(IN_FLIGHT);
      expect(await workspace.plan()).toEqual({});
    },
  );

  test('after kill -9 of terraform no provider is left, and the next apply completes', async () => {
    await killed();
    // The orphan works in the folder of the Terraform that is gone.
    await eventually('the orphaned provider to end', () => processesIn(workspace.dir).length === 0);
    const before = await known();
    expect(before.vault.length - before.state.length).toBeLessThanOrEqual(IN_FLIGHT);
    expect((await workspace.run([...APPLY, '-lock=false'])).code).toBe(0);
    const { vault, state } = await known();
    expect(state).toHaveLength(50);
    expect(state.filter((id) => !vault.includes(id))).toEqual([]);
    expect(await workspace.plan('-lock=false')).toEqual({});
  });
});
