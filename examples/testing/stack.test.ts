/** For jest: `npx jest examples/testing`. */
import { Testing } from 'cdktf';
import { KsmAssertions } from 'cdktf-ksm';
import { Pipeline } from './stack';

describe('Pipeline', () => {
  const pipeline = new Pipeline(Testing.app(), 'pipeline');

  test('has one device, whose token is short-lived', () => {
    KsmAssertions.of(pipeline).hasClientDevice({ name: 'deploy job', ipLock: true, tokenExpiresInMinutes: 15 });
  });

  test('reads the folder, and changes nothing', () => {
    KsmAssertions.of(pipeline).grantsRead(pipeline.application, pipeline.folder);
  });

  test('leaks nothing', () => {
    KsmAssertions.of(pipeline).leaksNothing();
  });
});
