import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TestService } from '../support/service';
import { describeWithTools, Workspace } from '../support/terraform';

jest.setTimeout(240_000);

const STACK = 'resource "ksm_application" "app" { name = "any" }';
/** Nothing listens there. */
const NOWHERE = 'https://127.0.0.1:9';
const CANARY = 'ksm_iac_canary-token-7f3a';

describeWithTools('connection', (tool) => {
  let service: TestService;
  let workspace: Workspace;

  beforeAll(async () => {
    service = await TestService.start();
    workspace = new Workspace(tool, service.env).write(STACK);
  });
  afterAll(async () => {
    workspace.dispose();
    await service.dispose();
  });

  test('validate needs no service, no endpoint and no token', async () => {
    const offline = { KSM_IAC_ENDPOINT: '', KSM_IAC_TOKEN: '', KSM_IAC_CA_CERTIFICATE_FILE: '' };
    expect(await workspace.run(['validate'], offline)).toMatchObject({ code: 0 });
    expect(await workspace.run(['validate'], { KSM_IAC_ENDPOINT: NOWHERE })).toMatchObject({ code: 0 });
  });

  test.each([
    ['without an endpoint', { KSM_IAC_ENDPOINT: '' }, 'KSM_IAC_ENDPOINT'],
    ['without a token', { KSM_IAC_TOKEN: '' }, 'KSM_IAC_TOKEN'],
    ['of an unreachable service', { KSM_IAC_ENDPOINT: NOWHERE }, NOWHERE],
    ['of a service whose certificate is not trusted', { KSM_IAC_CA_CERTIFICATE_FILE: '' }, 'ca_certificate'],
    ['with a CA file that does not exist', { KSM_IAC_CA_CERTIFICATE_FILE: '/no/such/ca.pem' }, '/no/such/ca.pem'],
    ['with a wrong token', { KSM_IAC_TOKEN: CANARY }, 'The API token is unknown or expired'],
  ])('an apply %s fails with one error that names the cure', async (_, env, named) => {
    const said = await workspace.applyFails(env);
    expect(said.match(/Error: /g)).toHaveLength(1);
    expect(said).toContain(named);
    expect(said).not.toContain(CANARY);
    expect(said).not.toMatch(/\bat \S+ \(?\S+:\d+:\d+/);
  });

  test('where several provider blocks are, the cure is for one of them', async () => {
    const said = await workspace.applyFails({ KSM_IAC_CA_CERTIFICATE_FILE: '' });
    expect(said).toContain('With several provider blocks give each its own ca_certificate_file');
    expect(await workspace.applyFails({ KSM_IAC_TOKEN: CANARY })).toContain(
      'the argument token of this provider block, or KSM_IAC_TOKEN for every block without one',
    );
  });

  test('a proxy of the environment, whichever variable names it, is never asked about a service on this machine', async () => {
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(502).end();
    }).on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url}`);
      socket.destroy();
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];
    const env = Object.fromEntries(names.flatMap((name) => [name, name.toLowerCase()]).map((name) => [name, address]));
    try {
      expect(await workspace.run(['plan', '-input=false'], { ...env, NO_PROXY: '', no_proxy: '' })).toMatchObject({
        code: 0,
      });
      const plain = { ...env, KSM_IAC_ENDPOINT: 'http://127.0.0.1:9', KSM_IAC_CA_CERTIFICATE_FILE: '' };
      expect(await workspace.applyFails(plain)).toContain('http://127.0.0.1:9');
      expect(asked).toEqual([]);
    } finally {
      proxy.close();
    }
  });

  test('a refresh that the service refuses changes no state', async () => {
    await workspace.apply();
    expect(await workspace.run(['plan', '-input=false'], { KSM_IAC_TOKEN: CANARY })).toMatchObject({ code: 1 });
    expect(await workspace.plan()).toEqual({});
    await workspace.destroy();
  });
});
