/** What CONTRIBUTING.md says of the tree. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

test('the way of a device name leads through files that have what it quotes of them', () => {
  const [, section] = read('CONTRIBUTING.md').split('### How one attribute travels');
  const steps = [...section!.matchAll(/^\d+\. (.*)$/gm)].map(([, step]) => step!);
  expect(steps).toHaveLength(8);
  for (const step of steps) {
    let file = '';
    let quoted = 0;
    for (const [, text] of step.matchAll(/`([^`]+)`/g)) {
      if (/^[\w/-]+\.ts$/.test(text!)) file = text!;
      else {
        quoted++;
        expect({ step, file, text: read(file) }).toEqual({ step, file, text: expect.stringContaining(text!) });
      }
    }
    expect({ step, quoted }).not.toEqual({ step, quoted: 0 });
  }
});
