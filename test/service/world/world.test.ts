import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

const service = join(__dirname, '../../../service');

/** Time, timers and chance come from `service/world/` alone: what is played with a clock of its own has no other. */
const ELSEWHERE =
  /Date\.now|new Date\(\)|performance\.now|\bset(?:Timeout|Interval|Immediate)\b|timers\/promises|Math\.random|getRandomValues|\brandom(?:Bytes|UUID|Fill|Int)\b(?=[^;]*from 'node:crypto')/;

test.each(
  (readdirSync(service, { recursive: true }) as string[])
    .filter((file) => file.endsWith('.ts') && !file.startsWith(`world${sep}`))
    .map((file) => file.split(sep).join('/')),
)('%s takes time, timers and chance from service/world/', (file) => {
  const text = readFileSync(join(service, file), 'utf8');
  expect(ELSEWHERE.exec(text)?.[0]).toBeUndefined();
});

test('what is forbidden there is recognised', () => {
  for (const text of [
    'Date.now()',
    'performance.now()',
    'setTimeout(work, 1)',
    "import { setTimeout as sleep } from 'node:timers/promises';",
    "import { createHash, randomBytes } from 'node:crypto';",
  ]) {
    expect([text, ELSEWHERE.test(text)]).toEqual([text, true]);
  }
  expect(ELSEWHERE.test("import { randomBytes } from '../world/random';")).toBe(false);
});
