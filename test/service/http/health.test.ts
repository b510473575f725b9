import { type Api, problemCode, startApi } from './api';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

test('health, readiness and metrics need no token', async () => {
  expect(await api.expect(200, 'GET', '/healthz', { token: '' })).toEqual({ status: 'ok' });
  expect(await api.expect(200, 'GET', '/readyz', { token: '' })).toEqual({ status: 'ready' });
  expect((await api.call('GET', '/metrics', { token: '' })).text).toContain('process_cpu');
  for (const path of ['/healthz', '/readyz', '/metrics']) {
    expect(await api.call('HEAD', path, { token: '' })).toMatchObject({ status: 200, text: '' });
  }
});

test('metrics count by route and status, whatever ids and paths were asked for', async () => {
  for (const id of ['AAAAAAAAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBBBBBBBB']) {
    await api.call('GET', `/v1/applications/${id}`);
    await api.call('GET', `/nothing/${id}`);
  }
  const { text } = await api.call('GET', '/metrics');
  expect(text).toContain('method="GET",route="/v1/applications/:applicationId",status="404"} 2');
  expect(text).toContain('method="any",route="unmatched",status="404"} 2');
  expect(text).not.toMatch(/AAAA|BBBB/);
});

test('a service whose database is gone is alive and not ready', async () => {
  await api.database.close();
  expect((await api.call('GET', '/healthz')).status).toBe(200);
  expect(problemCode(await api.call('GET', '/readyz'))).toBe('vault_unavailable');
});

test('an unforeseen failure is an internal error whose cause only the log has', async () => {
  await api.database.close();
  const answer = await api.call('GET', '/v1/applications');
  expect(problemCode(answer)).toBe('internal_error');
  expect(answer.text).not.toMatch(/driver|destroy/i);
  expect(api.log()).toContain(answer.json.requestId);
  expect(api.log()).toMatch(/driver|destroy/i);
});

test('a service that stops takes no new request', async () => {
  await api.app.drain.begin();
  const answer = await api.call('GET', '/v1/info');
  expect(problemCode(answer)).toBe('shutting_down');
  expect(answer.headers.connection).toBe('close');
});
