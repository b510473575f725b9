/** What CONTRIBUTING.md says of the tree. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

test('the way of a device name leads through files that exist and mention it', () => {
  const [, section] = read('CONTRIBUTING.md').split('### How one attribute travels');
  const steps = [...section!.matchAll(/^\d+\. (.*)$/gm)].map(([, step]) => step!);
  expect(steps).toHaveLength(8);
  for (const step of steps) {
    const files = [...step.matchAll(/`([\w/-]+\.ts)`/g)].map(([, file]) => file!);
    const mentioning = files.filter((file) => /\bname\b/.test(read(file)));
    // The client posts the body as it is, and the vault's device passes its input on.
    expect({ step, files, mentions: mentioning.length > 0 }).toMatchObject({ mentions: true });
  }
});
