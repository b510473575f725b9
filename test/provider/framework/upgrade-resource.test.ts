import type { Known } from '../../../provider/framework/known';
import type { AttributePath } from '../../../provider/framework/path';
import type { ResourceDefinition } from '../../../provider/framework/resource';
import { upgradeResource } from '../../../provider/framework/upgrade-resource';

const lamp = {
  typeName: 'house_lamp',
  noun: 'lamp',
  schema: {
    version: 1,
    description: '',
    attributes: {
      id: { type: 'string', computed: true, description: '' },
      watts: { type: 'number', optional: true, description: '' },
      lit: { type: 'bool', optional: true, description: '' },
      tags: { type: { map: 'string' }, optional: true, description: '' },
      rooms: { type: { set: { object: { name: 'string' } } }, optional: true, description: '' },
    },
  },
} as unknown as ResourceDefinition<unknown>;

const known: Known<ResourceDefinition<unknown>> = { definition: lamp, subject: { kind: 'managed', ...lamp } };
const upgrade = (state: unknown, version = 1) => upgradeResource(known, { typeName: lamp.typeName, version, state });

test('stored state of the same form comes back as it is', () => {
  const state = { id: 'a', watts: 5, lit: false, tags: { a: 'b' }, rooms: [{ name: 'x' }] };
  expect(upgrade(state)).toEqual({ state, diagnostics: [] });
});

test('attributes that the schema does not have are dropped, and new ones without a default are null', () => {
  expect(upgrade({ id: 'a', gone: 1 }).state).toEqual({ id: 'a', watts: null, lit: null, tags: null, rooms: null });
});

test.each([
  ['text', 'x'],
  ['a list', []],
  ['nothing', null],
])('state that is %s is refused', (_, state) => {
  expect(upgrade(state)).toMatchObject({ state: null, diagnostics: [{ severity: 'error' }] });
});

test.each<[object, ...AttributePath]>([
  [{ id: 1 }, 'id'],
  [{ watts: '5' }, 'watts'],
  [{ lit: 'yes' }, 'lit'],
  [{ tags: { a: 1 } }, 'tags', { mapKey: 'a' }],
  [{ tags: [] }, 'tags'],
  [{ rooms: {} }, 'rooms'],
  [{ rooms: [{ name: 1 }] }, 'rooms'],
])('%j is refused at its place', (state, ...path) => {
  expect(upgrade(state)).toMatchObject({ state: null, diagnostics: [{ severity: 'error', path }] });
});

test('state of a newer provider is refused with both versions', () => {
  const { diagnostics } = upgrade({ id: 'a' }, 2);
  expect(diagnostics[0]?.detail).toContain('schema version 2 of house_lamp, and this provider knows versions up to 1');
});

test('a version below 0 is damage, said at once: nothing counts up from it', () => {
  const { state, diagnostics } = upgrade({}, Number.MIN_SAFE_INTEGER);
  expect(state).toBeNull();
  expect(diagnostics[0]?.detail).toContain('versions begin at 0');
});
