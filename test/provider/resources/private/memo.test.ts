import { Memo } from '../../../../provider/resources/private/memo';

function setUp() {
  const clock = { now: 0 };
  const memo = new Memo<number>({ keepMs: 300, keepFailureMs: 10, now: () => clock.now });
  let asked = 0;
  return { clock, memo, ask: async () => ++asked };
}

test('concurrent askers share one question', async () => {
  const { memo, ask } = setUp();
  expect(await Promise.all([memo.get('a', ask), memo.get('a', ask), memo.get('b', ask)])).toEqual([1, 1, 2]);
});

test('an answer counts for its time and no longer', async () => {
  const { memo, ask, clock } = setUp();
  await memo.get('a', ask);
  clock.now = 300;
  expect(await memo.get('a', ask)).toBe(1);
  clock.now = 301;
  expect(await memo.get('a', ask)).toBe(2);
});

test('a forgotten answer is asked for again', async () => {
  const { memo, ask } = setUp();
  await memo.get('a', ask);
  memo.forget('a');
  expect(await memo.get('a', ask)).toBe(2);
});

test('a failure is remembered briefly, from when it happened on', async () => {
  const { memo, ask, clock } = setUp();
  const failing = memo.get('a', async () => {
    clock.now = 1000;
    throw new Error('down');
  });
  await expect(failing).rejects.toThrow('down');
  clock.now = 1010;
  await expect(memo.get('a', ask)).rejects.toThrow('down');
  clock.now = 1011;
  expect(await memo.get('a', ask)).toBe(1);
});
