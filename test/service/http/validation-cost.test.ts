import * as schemas from '../../../contract/schemas';
import { createValidatorCompiler } from '../../../service/http/validation';
import { type Api, problemCode, startApi } from './api';

type Validator = ((value: unknown) => boolean) & { errors?: unknown[] | null };

/** Every shape of the contract that is an object: those of bodies, and then some. */
const objects = Object.entries(schemas).filter(
  ([, schema]) => typeof schema === 'object' && 'type' in schema && schema.type === 'object',
);
const compile = createValidatorCompiler();
const validatorOf = (schema: object) => compile({ schema, httpPart: 'body', method: '', url: '' }) as Validator;

const hostile: readonly [string, (properties: string[]) => object][] = [
  ['items that are wrong', (properties) => objectOf(properties, () => Array<object>(20_000).fill({}))],
  ['items of another type', (properties) => objectOf(properties, () => Array<number>(20_000).fill(0))],
  [
    'objects inside objects',
    (properties) => objectOf(properties, () => ({ title: 1, type: 1, fields: Array(20_000).fill({ value: 1 }) })),
  ],
  [
    'properties that nobody knows',
    () =>
      objectOf(
        Array.from({ length: 20_000 }, (_, index) => `x${index}`),
        () => 1,
      ),
  ],
];

function objectOf(names: string[], value: () => unknown): object {
  return Object.fromEntries(names.map((name) => [name, value()])) as object;
}

test.each(hostile)('no shape makes more than a handful of errors of a body with thousands of %s', (_what, bodyOf) => {
  expect(objects.length).toBeGreaterThan(20);
  for (const [name, schema] of objects) {
    const validate = validatorOf(schema as object);
    const properties = Object.keys((schema as unknown as { properties: object }).properties);
    if (!validate(bodyOf(properties))) {
      // A union says it of each of its members.
      expect([name, (validate.errors ?? []).length <= 5]).toEqual([name, true]);
    }
  }
});

describe('over HTTP', () => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  test('a list that is too long is said to be, whatever its items are', async () => {
    const token = await api.newToken('read');
    const answer = await api.call('PUT', '/v1/runs/x', { token, body: { held: Array(500_000).fill(0) } });
    expect(problemCode(answer)).toBe('invalid_request');
    expect(answer.json.errors).toEqual([
      { field: '/held', message: 'is an array of 500000; expected an array of at most 10000 items' },
    ]);
  });

  test('of a body as people write them every mistake is named', async () => {
    const fields = Array.from({ length: 15 }, () => ({ type: 7 }));
    const answer = await api.call('POST', '/v1/vault/records', {
      body: { data: { title: 'x', type: 'login', fields } },
    });
    expect(problemCode(answer)).toBe('invalid_request');
    expect(answer.json.errors.length).toBeGreaterThan(15);
  });

  test('of a large one the first mistake is named', async () => {
    const fields = Array.from({ length: 20_000 }, () => ({ type: 7 }));
    const answer = await api.call('POST', '/v1/vault/records', {
      body: { data: { title: 'x', type: 'login', fields } },
    });
    expect(problemCode(answer)).toBe('invalid_request');
    expect(answer.json.errors).toEqual([
      { field: expect.stringMatching(/^\/data\/fields\/0/), message: expect.any(String) },
    ]);
  });
});
