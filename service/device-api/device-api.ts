/**
 * The KSM device API, as the official SDKs speak it: `POST
 * /api/rest/sm/v1/<verb>`. The face of the embedded vault, without any HTTP
 * framework; it may import the embedded vault and the
 * store, never `http/` or the operations.
 */

import { isKsmError } from '../../contract/errors';
import { BODY_LIMIT_BYTES } from '../../contract/limits';
import { isStoreError } from '../store/store-error';
import type { EmbeddedVaultInternals } from '../vault/embedded/embedded';
import type { Client } from '../vault/embedded/redemption';
import type { Clock } from '../world/clock';
import { authenticate, denied, type IsDead, UNKNOWN } from './authenticate';
import { DeviceError, type DeviceErrorCode } from './device-error';
import { type DeviceHeaders, openEnvelope } from './envelope';
import { getFolders } from './get-folders';
import { getSecret } from './get-secret';
import { type Payload, readPayload } from './payload';
import type { OnBind, ReadVerb } from './read-verb';
import { REPLY_LIMIT_BYTES } from './reply-size';
import { encryptedText } from './reply-text';
import { createThrottle, THROTTLE_REQUESTS } from './throttle';

export interface DeviceRequest {
  /** The last part of the path. */
  readonly verb: string;
  readonly headers: DeviceHeaders;
  readonly body: Buffer;
  /** The address of the peer: what an IP lock locks to. */
  readonly ip: string;
}

export interface DeviceReply {
  readonly status: number;
  /** Of a refusal. */
  readonly refusal?: Pick<Refusal, 'clientId' | 'client' | 'code' | 'reason'>;
  readonly contentType: string;
  readonly body: Buffer;
}

/** A request that was not answered. */
export interface Refusal {
  readonly verb: string;
  /** As the request gave it. Undefined where it could not be read. */
  readonly clientId?: string | undefined;
  /** The client, where there is one that is not dead. */
  readonly client?: Client | undefined;
  /** It wanted to redeem a token; otherwise it is bound, and wanted something else. */
  readonly redeeming: boolean;
  readonly code: DeviceErrorCode;
  readonly reason: string;
  readonly ip: string;
}

export interface DeviceApi {
  /** Never throws: failures are Keeper's errors, and what went wrong in here is `internal_error`. */
  handle(request: DeviceRequest): Promise<DeviceReply>;
}

export interface DeviceApiOptions {
  readonly vault: EmbeddedVaultInternals;
  readonly clock: Clock;
  /** Called in the transaction of each bind: an error in it undoes the bind. */
  readonly onBind?: OnBind;
  /** Called in the transaction of the first use of a configuration that the service had bound itself. */
  readonly onFirstUse?: OnBind;
  /** Whether a client is as good as removed, though the vault still has it. @default never */
  readonly isDead?: IsDead;
  /** Called with each refusal before it is answered. It does not throw. */
  readonly onRefusal?: (refusal: Refusal) => Promise<void>;
  /** Called with what should not have happened; the device is told nothing of it. */
  readonly onFailure: (error: unknown) => void;
  /**
   * Requests of one client to one verb in 10 s.
   * @default 100
   */
  readonly throttleRequests?: number;
  /**
   * Most bytes of one reply, in clear.
   * @default 64 MiB
   */
  readonly replyLimitBytes?: number;
}

/** The SDKs wait at least 11 s whatever they are told. */
const UNAVAILABLE_RETRY_SECONDS = 5;

const READS: ReadonlyMap<string, ReadVerb> = new Map([
  ['get_secret', getSecret],
  ['get_folders', getFolders],
]);
/** They change the vault: authenticated, and then refused in words. */
const WRITES: ReadonlySet<string> = new Set([
  'update_secret',
  'finalize_secret_update',
  'rollback_secret_update',
  'create_secret',
  'delete_secret',
  'create_folder',
  'update_folder',
  'delete_folder',
  'add_file',
]);

export function createDeviceApi(options: DeviceApiOptions): DeviceApi {
  const {
    vault,
    clock,
    onFailure,
    throttleRequests = THROTTLE_REQUESTS,
    replyLimitBytes = REPLY_LIMIT_BYTES,
  } = options;
  const { onBind = async () => undefined, onFirstUse = async () => undefined } = options;
  const { isDead = async () => false, onRefusal = async () => undefined } = options;
  const throttle = createThrottle(clock, throttleRequests);

  async function answer({ verb, headers, body, ip }: DeviceRequest, asked: Asked): Promise<Buffer> {
    const read = READS.get(verb);
    if (!read && !WRITES.has(verb)) {
      throw new DeviceError('not_found', `There is no verb "${verb.slice(0, 40)}"`);
    }
    if (body.length > BODY_LIMIT_BYTES) {
      throw new DeviceError('bad_request', `The body has ${body.length} bytes, more than ${BODY_LIMIT_BYTES}`);
    }
    const envelope = openEnvelope(vault.keys.server, headers, body);
    const payload = readPayload(envelope.payload);
    asked.payload = payload;
    const address = withoutMapping(ip);
    const admitted = await authenticate(
      { envelope, payload, ip: address, mayBind: verb === 'get_secret' },
      { redemption: vault.redemption, clock, isDead, onKnown: (client) => (asked.client = client) },
    );
    // Counted once it is known who asks: nobody can use up another's requests.
    throttle.count(admitted.client.clientId, verb);
    if (!read) {
      throw new DeviceError('not_supported', `This vault does not support ${verb} yet: devices can only read`);
    }
    if (admitted.binding === undefined) {
      await noteUse(admitted.client, address);
    }
    const reply = await read(admitted, { payload, ip: address, vault, onBind, replyLimitBytes });
    return encryptedText(envelope.transmissionKey, reply);
  }

  /** Whoever reads does not depend on a disk that can be written: what could not be noted is noted at the next read. */
  async function noteUse(client: Client, ip: string): Promise<void> {
    if (client.firstAccessAt !== null) {
      vault.redemption.touch(client);
      return;
    }
    try {
      await vault.redemption.firstUse(client, ip, onFirstUse);
    } catch (error) {
      if (!isStoreError(error, 'database_unavailable')) throw error;
    }
  }

  function deviceErrorOf(error: unknown): DeviceError {
    if (error instanceof DeviceError) {
      return error;
    }
    // It died while it was binding: the bind is undone.
    if (isKsmError(error, 'device_not_found', 'gateway_not_found')) {
      return denied(UNKNOWN);
    }
    onFailure(error);
    return isStoreError(error, 'database_unavailable')
      ? // The one error on which the SDKs wait and try again.
        new DeviceError('throttled', 'The vault is not available', { retry_after: UNAVAILABLE_RETRY_SECONDS })
      : new DeviceError('internal_error', 'The service failed');
  }

  return {
    async handle(request) {
      const asked: Asked = {};
      try {
        return { status: 200, contentType: 'application/octet-stream', body: await answer(request, asked) };
      } catch (thrown) {
        const error = deviceErrorOf(thrown);
        const refusal = refusalOf(request, asked, error);
        await onRefusal(refusal);
        const body = Buffer.from(JSON.stringify(error));
        return { status: error.status, refusal, contentType: 'application/json', body };
      }
    },
  };
}

/** What is known of whoever asks, as far as the request was read. */
interface Asked {
  payload?: Payload;
  client?: Client;
}

function refusalOf({ verb, ip }: DeviceRequest, { payload, client }: Asked, error: DeviceError): Refusal {
  const bound = client?.publicKey ?? null;
  const offered = payload?.publicKey;
  const redeeming = bound === null || (offered !== undefined && !bound.equals(offered));
  const { code, message: reason } = error;
  return { verb, ip, client, clientId: payload?.clientId, redeeming, code, reason };
}

/** An IPv4 peer of an IPv6 socket is `::ffff:10.0.0.1`: the same address must not lock itself out. */
function withoutMapping(ip: string): string {
  return ip.startsWith('::ffff:') && ip.includes('.') ? ip.slice('::ffff:'.length) : ip;
}
