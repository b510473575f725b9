/** Names that Commander cannot carry, at the service's own API: no Commander is needed, since nothing is asked of it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningService } from '../../../../service/main';
import { ask, start, type Temporary, temporaryFolder } from '../../running-service';

let temporary: Temporary;
let busy: Server;
let service: RunningService;
let asked = 0;
beforeAll(async () => {
  temporary = temporaryFolder();
  busy = createServer((_request, response) => {
    asked++;
    response.writeHead(503).end('{"error":"Queue is full"}');
  });
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(busy.address() as AddressInfo).port}/api/v2`;
  service = await start(temporary.folder, { commander: { url, apiKey: 'key' } });
});
afterAll(async () => {
  await service.stop();
  busy.close();
  temporary.remove();
});

const APPLICATION = '/v1/applications/AAAAAAAAAAAAAAAAAAAAAA';
const CLIENT = 'A'.repeat(86);

test.each([
  ['POST', '/v1/applications', '${word}'],
  ['POST', '/v1/applications', '-x'],
  ['POST', '/v1/applications', 'Commander Service Mode'],
  ['PATCH', APPLICATION, '-x'],
  ['POST', `${APPLICATION}/devices`, '${word}'],
  ['POST', `${APPLICATION}/gateways`, '${word}'],
  ['PATCH', `${APPLICATION}/gateways/${CLIENT}`, '${word}'],
])('%s %s with the name %j is refused at once, and nothing is sent', async (method, path, name) => {
  const before = asked;
  for (const headers of [
    {} as Record<string, string>,
    { 'idempotency-key': `${method}-${name}-0123456789abcdef`.replace(/[^\w-]/g, '') },
  ]) {
    const { status, json } = await ask(service, method, path, { body: JSON.stringify({ name }), headers });
    expect({ status, code: json.code, field: json.errors?.[0].field }).toEqual({
      status: 422,
      code: 'unsupported_by_vault',
      field: '/name',
    });
  }
  expect(asked).toBe(before);
});
