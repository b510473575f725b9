import { eventually } from '../support/process';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';

jest.setTimeout(240_000);

const DEVICES = 200;
const STACK = `
resource "ksm_application" "app" { name = "many" }
resource "ksm_client_device" "device" {
  count          = ${DEVICES}
  application_id = ksm_application.app.id
  name           = "device \${count.index}"
}`;
const APPLY = ['apply', '-auto-approve', '-input=false', '-no-color'];

describeWithTools('interruption', (tool) => {
  let service: TestService;
  let workspace: Workspace;

  beforeEach(async () => {
    service = await TestService.start();
    workspace = new Workspace(tool, service.env).write(STACK);
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
  const applying = async () => {
    const running = workspace.start(APPLY);
    await eventually(
      'some devices to be made',
      () => (running.stdout.match(/device\[\d+\]: Creation complete/g) ?? []).length > 20,
      () => running.stdout + running.stderr,
    );
    return running;
  };

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'a service that gets %s in mid-apply loses nothing: it starts again and the next apply completes',
    async (signal) => {
      const running = await applying();
      const code = await service.end(signal);
      expect(code).toBe(signal === 'SIGTERM' ? 0 : null);
      // Terraform retries what failed for a while; the service comes back only when it has given up or is done.
      await service.restart();
      await running.ended;
      expect((await workspace.run(APPLY)).code).toBe(0);
      const { vault, state } = await known();
      expect(state).toHaveLength(DEVICES);
      expect(vault).toEqual(state);
      expect(await workspace.plan()).toEqual({});
    },
  );

  test('a service that stays away fails the apply in a sentence; what was made is in the state', async () => {
    const running = await applying();
    await service.end('SIGKILL');
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toContain(service.endpoint);
    await service.restart();
    await workspace.apply();
    const { vault, state } = await known();
    expect(state).toHaveLength(DEVICES);
    // What the service made while its reply was lost belongs to a run that can no longer settle: it lapses with it.
    expect(state.filter((id) => !vault.includes(id))).toEqual([]);
    expect(await workspace.plan()).toEqual({});
  });

  test('Ctrl-C lets what is in hand finish, keeps it in the state and revokes nothing that is', async () => {
    const running = await applying();
    running.kill('SIGINT');
    expect((await running.ended).code).not.toBe(0);
    const { vault, state } = await known();
    expect(state.length).toBeLessThan(DEVICES);
    expect(vault).toEqual(state);
    await workspace.apply();
    expect((await known()).vault).toHaveLength(DEVICES);
  });

  test('after kill -9 of terraform no provider is left, and the next apply completes', async () => {
    const running = await applying();
    running.kill('SIGKILL');
    // The pipes close when the last process that holds them has ended, the orphaned provider included.
    await running.ended;
    expect((await workspace.run([...APPLY, '-lock=false'])).code).toBe(0);
    const { vault, state } = await known();
    expect(state).toHaveLength(DEVICES);
    expect(state.filter((id) => !vault.includes(id))).toEqual([]);
    expect(await workspace.plan('-lock=false')).toEqual({});
  });
});
