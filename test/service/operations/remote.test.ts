/** What holds on the embedded vault holds before one that answers over a network: the same tests, and the same app. */

import { standingOn } from '../http/api';

standingOn.vault = 'remote';

for (const suite of [
  '../http/application.test',
  '../http/client-device.test',
  '../http/grant.test',
  '../http/secret.test',
  '../http/seal.test',
  './idempotency.test',
  './orphan.test',
  './removed-item.test',
  './run.test',
]) {
  describe(suite, () => {
    require(suite);
  });
}
