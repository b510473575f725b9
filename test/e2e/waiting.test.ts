import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../support/process';
import { TestService } from '../support/service';
import { slowLine } from '../support/slow-line';
import { describeWithTools, Workspace } from '../support/terraform';

jest.setTimeout(180_000);

const APPLY = ['apply', '-auto-approve', '-input=false', '-no-color'];
/** An attempt may take 60 s and an operation 600 s: whoever waits for either takes longer than this. */
const AT_ONCE_MS = 25_000;
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describeWithTools('waiting', (tool) => {
  let service: TestService;
  let workspace: Workspace;
  let fake: Server | undefined;

  beforeEach(async () => {
    service = await TestService.start();
    workspace = new Workspace(tool, service.env);
  });
  afterEach(async () => {
    fake?.closeAllConnections();
    fake?.close();
    workspace.dispose();
    await service.dispose();
  });

  /** A service that answers in this way, and how often it was asked. */
  async function answering(answer: RequestListener) {
    const asked = { times: 0 };
    const server = createServer((request, response) => {
      asked.times++;
      answer(request, response);
    });
    fake = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { asked, env: { KSM_IAC_ENDPOINT: endpoint, KSM_IAC_CA_CERTIFICATE_FILE: '' } };
  }

  const busy: RequestListener = (_, response) => {
    const problem = { type: 'about:blank', title: 'Busy', status: 503, code: 'vault_busy', detail: 'Later.' };
    response
      .writeHead(503, { 'retry-after': '2', 'content-type': 'application/problem+json' })
      .end(JSON.stringify({ ...problem, requestId: 'r' }));
  };

  describe.each([
    ['never answers', (() => undefined) as RequestListener],
    ['asks to be asked again for ever', busy],
  ])('for a service that %s', (_, answer) => {
    test.each([
      ['apply', APPLY],
      ['plan', ['plan', '-input=false', '-no-color']],
    ])('a first Ctrl-C ends the %s at once', async (command, args) => {
      workspace.write('resource "ksm_application" "app" { name = "any" }');
      if (command === 'plan') await workspace.apply();
      const { asked, env } = await answering(answer);
      const running = workspace.start(args, env);
      await eventually(
        'a request',
        () => asked.times > 0,
        () => running.stdout + running.stderr,
      );
      await sleep(500);
      const interrupted = Date.now();
      running.kill('SIGINT');
      const { code } = await running.ended;
      expect(Date.now() - interrupted).toBeLessThan(AT_ONCE_MS);
      expect(code).not.toBe(0);
    });
  });

  test('after a second Ctrl-C the service has what the state has, no more and no less', async () => {
    const line = await slowLine(service.endpoint, 150);
    try {
      workspace.write(`
resource "ksm_application" "app" { name = "many" }
resource "ksm_client_device" "device" {
  count          = 40
  application_id = ksm_application.app.id
  name           = "device \${count.index}"
}`);
      const running = workspace.start([...APPLY, '-parallelism=4'], { KSM_IAC_ENDPOINT: line.endpoint });
      await eventually(
        'the first device',
        () => /device\[\d+\]: Creation complete/.test(running.stdout),
        () => running.stdout + running.stderr,
      );
      running.kill('SIGINT');
      await sleep(50);
      running.kill('SIGINT');
      expect((await running.ended).code).not.toBe(0);
      const inState = (await workspace.resources())
        .filter(({ type }) => type === 'ksm_client_device')
        .map(({ values }) => values.client_id as string)
        .sort();
      const application = await service.client().findApplication('many');
      const { devices } = await service.client().getApplication(application!.id, ['devices']);
      expect(inState.length).toBeGreaterThan(0);
      expect(devices!.map(({ clientId }) => clientId).sort()).toEqual(inState);
    } finally {
      line.close();
    }
  });
});
