import fc from 'fast-check';
import { fixedWindow } from '../../service/fixed-window';

const LIMIT = 3;
const WINDOW_MS = 100;

function windows() {
  let now = 0;
  const counted = fixedWindow({ monotonic: () => now, limit: LIMIT, windowMs: WINDOW_MS });
  return {
    counted,
    pass: (ms: number) => {
      now += ms;
    },
    now: () => now,
  };
}

test('windows that are over take no memory, however many keys there were', () => {
  const { counted, pass } = windows();
  for (let key = 0; key < 20_000; key++) {
    counted.count(`key ${key}`);
    pass(1);
    expect(counted.size).toBeLessThanOrEqual(WINDOW_MS + 1);
  }
  pass(WINDOW_MS);
  counted.wait('anything');
  expect(counted.size).toBe(0);
});

test('no count searches the windows that live: two hundred thousand of them would take minutes', () => {
  const { counted } = windows();
  for (let key = 0; key < 200_000; key++) {
    counted.count(`key ${key}`);
  }
  expect(counted.size).toBe(200_000);
});

test('it counts as a window for each key does that is looked at by itself', () => {
  const step = fc.record({ key: fc.constantFrom('a', 'b', 'c'), pass: fc.integer({ min: 0, max: 60 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { counted, pass, now } = windows();
      const simple = new Map<string, { endsAt: number; count: number }>();
      for (const { key, pass: ms } of steps) {
        pass(ms);
        let window = simple.get(key);
        if (!window || now() >= window.endsAt) {
          window = { endsAt: now() + WINDOW_MS, count: 0 };
          simple.set(key, window);
        }
        expect(counted.wait(key)).toBe(window.count >= LIMIT ? window.endsAt - now() : 0);
        window.count++;
        expect(counted.count(key)).toBe(window.count > LIMIT ? window.endsAt - now() : 0);
      }
    }),
  );
});
