/** The members of a payload that this API reads; others are ignored, since newer SDKs send more. */

import { PUBLIC_KEY_BYTES } from '../vault/embedded/crypto';
import { DeviceError } from './device-error';

const CLIENT_ID_BYTES = 64;
/** Two letters for the SDK, and a version: `ms17.5.0`. */
const CLIENT_VERSION = /^[a-z]{2}\d+\.\d+\.\d+(?:[-+.][0-9a-z.+-]*)?$/i;

export interface Payload {
  /** 64 bytes in base64url, as the vault has it; SDKs send base64. */
  readonly clientId: string;
  /** 65 bytes; with it the request binds. */
  readonly publicKey: Buffer | undefined;
  /** Undefined or empty: all. */
  readonly requestedRecords: readonly string[];
  readonly requestedFolders: readonly string[];
  readonly requestLinks: boolean;
}

/** @throws DeviceError `invalid_client_version`, `bad_request` */
export function readPayload(payload: Record<string, unknown>): Payload {
  const { clientVersion, clientId, publicKey } = payload;
  if (typeof clientVersion !== 'string' || !CLIENT_VERSION.test(clientVersion)) {
    const message = 'clientVersion must be two letters and a version, such as ms17.5.0';
    // The Python SDK shows `additional_info` of this error and nothing else.
    throw new DeviceError('invalid_client_version', message, { additional_info: message });
  }
  return {
    clientId: bytes('clientId', clientId, CLIENT_ID_BYTES).toString('base64url'),
    publicKey: publicKey == null ? undefined : bytes('publicKey', publicKey, PUBLIC_KEY_BYTES),
    requestedRecords: uids('requestedRecords', payload.requestedRecords),
    requestedFolders: uids('requestedFolders', payload.requestedFolders),
    requestLinks: payload.requestLinks === true,
  };
}

function bytes(name: string, value: unknown, length: number): Buffer {
  const decoded = typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;
  if (decoded?.length !== length) {
    throw new DeviceError('bad_request', `${name} must be ${length} bytes in base64`);
  }
  return decoded;
}

function uids(name: string, value: unknown): readonly string[] {
  if (value == null) {
    return [];
  }
  if (!Array.isArray(value) || !value.every((uid) => typeof uid === 'string')) {
    throw new DeviceError('bad_request', `${name} must be a list of UIDs`);
  }
  return value;
}
