import fc from 'fast-check';
import { Held } from '../../../../provider/resources/private/held';

function setUp() {
  let now = 0;
  const held = new Held(() => now);
  return { held, at: (seconds: number) => (now = seconds * 1000) };
}

test('what was read is in the state already', () => {
  const { held } = setUp();
  held.read('a');
  expect(held.surelySaved()).toEqual(['a']);
});

test('what was applied is saved 5 s after another item came at least 21 s after it', () => {
  const { held, at } = setUp();
  held.applied('a');
  at(21);
  held.applied('b');
  at(25.9);
  expect(held.surelySaved()).toEqual([]);
  at(26);
  expect(held.surelySaved()).toEqual(['a']);
});

test('an item that comes sooner proves nothing, however long ago it is', () => {
  const { held, at } = setUp();
  held.applied('a');
  at(20.9);
  held.applied('b');
  at(1000);
  expect(held.surelySaved()).toEqual([]);
});

test('a deletion is an item too', () => {
  const { held, at } = setUp();
  held.applied('a');
  at(30);
  held.deleted('b');
  at(35);
  expect(held.surelySaved()).toEqual(['a']);
});

test('a refresh is no item', () => {
  const { held, at } = setUp();
  held.applied('a');
  at(30);
  held.read('b');
  at(60);
  expect(held.surelySaved()).toEqual(['b']);
});

test('what is gone is held no more', () => {
  const { held, at } = setUp();
  held.read('a');
  held.read('b');
  held.applied('c');
  at(30);
  held.missing('a');
  held.deleted('c');
  at(60);
  expect(held.surelySaved()).toEqual(['b']);
  expect(held.all()).toEqual(['b']);
});

test('everything that was given to Terraform is settled, saved or not', () => {
  const { held } = setUp();
  held.read('a');
  held.applied('b');
  held.applied('b');
  expect(held.all()).toEqual(['a', 'b']);
});

test('whatever happens, what is surely saved was given, exists, and was followed by an item 21 to 26 s later', () => {
  const step = fc.record({
    wait: fc.integer({ min: 0, max: 30 }),
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    what: fc.constantFrom('read' as const, 'applied' as const, 'deleted' as const, 'missing' as const),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      let now = 0;
      const held = new Held(() => now);
      const past: { at: number; id: string; what: string }[] = [];
      for (const { wait, id, what } of steps) {
        now += wait * 1000;
        past.push({ at: now, id, what });
        held[what](id);
        for (const saved of held.surelySaved()) {
          const gone = past.map((event) => event.id === saved && /deleted|missing/.test(event.what)).lastIndexOf(true);
          const life = past.slice(gone + 1);
          const items = past.filter((event) => /applied|deleted/.test(event.what));
          const proven = (from: number) => items.some(({ at }) => at >= from + 21_000 && at <= now - 5_000);
          const given = life.filter((event) => event.id === saved);
          expect(given.some((event) => event.what === 'read' || proven(event.at))).toBe(true);
        }
      }
    }),
  );
});
