/** The text form of a one-time token. Nothing here quotes one, whatever is wrong with it. */

import { HOST_OF_REGION } from '../../../contract/one-time-token';

const CLIENT_KEY = /^[A-Za-z0-9_-]{43}$/;
const HOST = /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/;

export interface OneTimeToken {
  /** Null for a token of another host, and for a bare one. */
  readonly region: string | null;
  /** Null for a bare token. */
  readonly host: string | null;
  /** 32 bytes in base64url. SECRET. */
  readonly clientKey: string;
}

const EXPECTED =
  'Expected REGION:<43 characters>, HOST:<43 characters>, or the 43 characters of A-Z, a-z, 0-9, "-" and "_" alone.';

/** The parts of a token, or what is wrong with it. */
export function parseToken(text: string): OneTimeToken | { readonly problem: string } {
  if (text.trim() !== text) {
    return { problem: 'The token begins or ends with white space or a line break; trimspace(…) takes it off.' };
  }
  const parts = text.split(':');
  const [prefix, clientKey = ''] = parts.length === 1 ? [undefined, text] : parts;
  if (parts.length > 2 && !isIl5(parts)) {
    return {
      problem: `The token has ${parts.length} parts between colons; expected one or two, or the four of an IL5 token. A host with a port cannot stand before a token.`,
    };
  }
  if (!CLIENT_KEY.test(clientKey)) {
    const where = prefix === undefined ? 'The token has' : 'Behind its colon the token has';
    return { problem: `${where} ${clientKey.length} characters, or others than a token has. ${EXPECTED}` };
  }
  if (prefix === undefined) return { region: null, host: null, clientKey };
  const region = prefix.toUpperCase();
  if (Object.hasOwn(HOST_OF_REGION, region)) return { region, host: HOST_OF_REGION[region]!, clientKey };
  return HOST.test(prefix)
    ? { region: null, host: prefix, clientKey }
    : { problem: `What stands before the colon is neither a region nor a host. ${EXPECTED}` };
}

/** `IL5:<token>:<id of the server's public key>:<that key>`. */
function isIl5([prefix = '', , keyId = '', key = '', ...rest]: readonly string[]): boolean {
  return prefix.toUpperCase() === 'IL5' && rest.length === 0 && /^\d+$/.test(keyId) && /^[A-Za-z0-9_-]+=*$/.test(key);
}
