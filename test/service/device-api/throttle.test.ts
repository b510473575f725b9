import { createThrottle, THROTTLE_REQUESTS } from '../../../service/device-api/throttle';

test("by default a client has 100 requests of a verb in 10 s, as with Keeper's own backend", () => {
  let passed = 5_000;
  const throttle = createThrottle({ now: () => 0, monotonic: () => passed }, THROTTLE_REQUESTS);
  const ask = () => throttle.count('client', 'get_secret');
  for (let request = 0; request < 100; request++) {
    ask();
  }
  expect(ask).toThrow(expect.objectContaining({ code: 'throttled', facts: { retry_after: 10 } }));
  throttle.count('client', 'get_folders');
  throttle.count('another', 'get_secret');
  passed += 9_001;
  expect(ask).toThrow(expect.objectContaining({ facts: { retry_after: 1 } }));
  passed += 999;
  expect(ask).not.toThrow();
});

test('a clock of the machine that is set back keeps no client waiting', () => {
  let now = Date.UTC(2030, 0, 1);
  let passed = 0;
  const throttle = createThrottle({ now: () => now, monotonic: () => passed }, 1);
  throttle.count('client', 'get_secret');
  now -= 3_600_000;
  passed += 10_000;
  expect(() => throttle.count('client', 'get_secret')).not.toThrow();
});
