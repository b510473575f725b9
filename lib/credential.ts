import type { KsmResourceOptions } from './resource-options';

/**
 * How a device or gateway gets its credential; the plain words do as well.
 *
 * @stability stable
 */
export class Initialization {
  /** `token`: a one-time token, which its consumer redeems once. */
  public static readonly TOKEN = 'token';
  /** `config`: a finished configuration, for what cannot redeem a token. */
  public static readonly CONFIG = 'config';

  private constructor() {}
}

/**
 * What to do when a credential has ended; the plain words do as well.
 *
 * @stability stable
 */
export class Reissue {
  /** `unredeemed`: a token that lapsed before anyone redeemed it is issued anew. */
  public static readonly UNREDEEMED = 'unredeemed';
  /** `expired`: access that has ended is renewed, too. */
  public static readonly EXPIRED = 'expired';
  /** `never`: nothing is renewed. */
  public static readonly NEVER = 'never';

  private constructor() {}
}

/**
 * What client devices and gateways take alike.
 *
 * @stability stable
 */
export interface CredentialOptions extends KsmResourceOptions {
  /**
   * Name as Keeper shows it. 1 to 255 characters without control characters,
   * taken literally: `${` and `%{` in it are text. A change replaces a device,
   * and renames a gateway in place once it has initialised.
   */
  readonly name: string;

  /**
   * How it gets its credential: `token`, a one-time token that it redeems
   * once; or `config`, a finished configuration, for which a device takes
   * `ipLock: false`. See `Initialization`. A change replaces it.
   *
   * @default 'token'
   */
  readonly initialization?: string;

  /**
   * How long the token can be redeemed, in minutes from its creation: 1 to
   * 1,440. A change is for the next token and replaces nothing.
   *
   * @default 60
   */
  readonly tokenExpiresInMinutes?: number;

  /**
   * What to do when the credential has ended: `unredeemed` issues a token anew
   * that lapsed before anyone redeemed it; `expired` renews access that has
   * ended too; `never` renews nothing. See `Reissue`. A change replaces nothing.
   *
   * @default 'unredeemed'
   */
  readonly reissue?: string;

  /**
   * Any change replaces it, and so gives a new token. Keys and values are plain
   * in plan and state: no secret here. They are taken literally: `'${var.x}'` is
   * text that never changes, where `variable.stringValue` is the variable's.
   *
   * @default - nothing but the other properties replaces it
   */
  readonly rotationTriggers?: { [key: string]: string };

  /**
   * On a replacement make the new one before the old one is revoked
   * (`create_before_destroy`), so that its consumer can change over. A gateway
   * that has not initialised blocks another one of its name on real Keeper
   * (`gateway_name_pending`).
   *
   * @default false
   */
  readonly rotateWithoutDowntime?: boolean;

  /**
   * Curve25519 public key, 32 bytes in base64: the credential leaves the service
   * as a libsodium sealed box for its owner alone, in `sealedOneTimeToken` or
   * `sealedConfig`, and plan and state hold no usable secret. A change replaces
   * it.
   *
   * @default - the credential is in `oneTimeToken` or `config`
   */
  readonly sealToPublicKey?: string;

  /**
   * Make it after the application's grants in its stack, so that whoever redeems
   * its token finds the secrets there.
   *
   * @default - true where it is made through its application, else false
   */
  readonly afterGrants?: boolean;
}
