/** One-time tokens and configurations as Commander hands them out. SECRET, all of it. */

import { clientIdOf, HOST_OF_REGION } from '../../../contract/one-time-token';
import type { Credential } from '../vault';
import type { Reply } from './reply';

const TOKEN = /^(?:[A-Za-z0-9.:-]+:)?[A-Za-z0-9_-]{43}$/;

/**
 * The credential in a reply; undefined when there is none. A token may look like an error to Commander, which then calls
 * it one.
 */
export function credentialIn(reply: Reply, initialization: 'token' | 'config'): Credential | undefined {
  const candidates = [...reply.message, ...(reply.error === undefined ? [] : [reply.error])].map((text) => text.trim());
  const found = candidates.find((text) =>
    initialization === 'token' ? TOKEN.test(text) : clientIn(text) !== undefined,
  );
  if (found === undefined) return undefined;
  return {
    initialization,
    oneTimeToken: initialization === 'token' ? found : null,
    config: initialization === 'config' ? found : null,
  };
}

/** The client id that it is for. */
export function clientIdIn({ oneTimeToken, config }: Credential): string {
  if (oneTimeToken !== null) {
    return clientIdOf(Buffer.from(oneTimeToken.split(':').at(-1)!, 'base64url'));
  }
  return clientIn(config ?? '')!.clientId;
}

/** Where the device redeems; null where nobody knows. */
export function hostnameIn({ oneTimeToken, config }: Credential): string | null {
  if (oneTimeToken === null) return clientIn(config ?? '')?.hostname ?? null;
  const prefix = oneTimeToken.split(':').slice(0, -1).join(':');
  return prefix === '' ? null : (HOST_OF_REGION[prefix.toUpperCase()] ?? prefix);
}

function clientIn(config: string): { clientId: string; hostname: string | null } | undefined {
  try {
    const { clientId, hostname } = JSON.parse(Buffer.from(config, 'base64').toString()) as Record<string, unknown>;
    if (typeof clientId !== 'string') return undefined;
    return {
      clientId: Buffer.from(clientId, 'base64').toString('base64url'),
      hostname: typeof hostname === 'string' ? hostname : null,
    };
  } catch {
    return undefined;
  }
}
