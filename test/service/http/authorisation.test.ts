import fastify from 'fastify';
import { authorise } from '../../../service/http/authorisation';
import { type Api, problemCode, startApi } from './api';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

/** Method and path of every route below `/v1`, as OpenAPI has them. */
async function routesOf(): Promise<(readonly [string, string])[]> {
  const { paths } = (await api.call('GET', '/openapi.json')).json;
  return Object.entries<object>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => [method.toUpperCase(), path.replace(/\{\w+\}/g, 'x')] as const),
  );
}

test('a route that declares no need is refused when the app is built', async () => {
  const app = fastify();
  app.register(async (v1) => {
    authorise(v1, async () => undefined);
    v1.get('/declared', { config: { action: 'info.read' } }, () => 'ok');
    v1.get('/forgotten', () => 'ok');
  });
  await expect(app.ready()).rejects.toThrow('The route GET /forgotten declares neither an action');
});

test('whoever may not change is refused before the body is parsed, on every route that changes', async () => {
  const token = await api.newToken('read');
  const refused: string[] = [];
  for (const [method, path] of await routesOf()) {
    const answer = await api.call(method, path, { token, ...(method === 'GET' ? {} : { body: '{"name":' }) });
    if (answer.status === 403) {
      expect(problemCode(answer)).toBe('forbidden');
      refused.push(`${method} ${path}`);
    } else {
      // Nothing changed: it reads, or it speaks of the caller's own run.
      expect([method, path]).toEqual(expect.arrayContaining([expect.stringMatching(/^GET$|^\/v1\/runs\//)]));
    }
  }
  expect(refused).toContain('POST /v1/vault/records');
  expect(refused).toContain('GET /v1/api-tokens');
  expect(refused.length).toBeGreaterThan(12);
});
