import { API_VERSION, FEATURES } from '../../../contract/api';
import type { Info } from '../../../contract/types';
import { refusal } from '../../framework';

/** Every device and gateway of this provider is handed out as a one-time token. */
const NEEDED = [FEATURES.initializationToken];

/** Refuses a service of another API version, or one without what this provider cannot do without. */
export function refuseIncompatible({ apiVersion, version, features }: Info): void {
  if (apiVersion !== API_VERSION) {
    throw refusal(
      'The service and the provider do not fit together',
      `The service (version ${version}) speaks API version ${apiVersion}, and this provider speaks ${API_VERSION}. Install the versions of both from the same release.`,
    );
  }
  const missing = NEEDED.filter((feature) => !features.includes(feature));
  if (missing.length > 0) {
    throw refusal(
      'The service lacks what the provider needs',
      `The service (version ${version}) does not offer: ${missing.join(', ')}. It offers: ${features.join(', ') || 'nothing'}. Update the service, or use another vault.`,
    );
  }
}
