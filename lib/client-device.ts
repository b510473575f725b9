import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import type { IKsmApplication } from './application';
import * as bindings from './bindings';
import {
  ACCESS_EXPIRES_MAX_MINUTES,
  ACCESS_EXPIRES_MIN_MINUTES,
  TOKEN_EXPIRES_MAX_MINUTES,
  TOKEN_EXPIRES_MIN_MINUTES,
} from './private/limits';
import { literal, literals } from './private/literal';
import { providerOf } from './private/provider';
import {
  validApplication,
  validate,
  validBoolean,
  validInteger,
  validKeys,
  validName,
  validTexts,
  validWord,
} from './private/validate';
import type { KsmResourceOptions } from './resource-options';

/** What a device can be given when it is made through its application. */
export interface ClientDeviceOptions extends KsmResourceOptions {
  /**
   * Name of the device as Keeper shows it. 1 to 255 characters without control
   * characters, taken literally: `${` and `%{` in it are text. A change replaces
   * the device.
   */
  readonly name: string;

  /**
   * Lock the device to the IP address that redeems its token. A change replaces
   * the device.
   *
   * @default true
   */
  readonly ipLock?: boolean;

  /**
   * How long the device may read secrets, in minutes from its creation:
   * 1 to 52,560,000. A change replaces the device.
   *
   * @default - it never ends
   */
  readonly accessExpiresInMinutes?: number;

  /**
   * How the device gets its credential: `token`, a one-time token that it redeems
   * once; or `config`, a finished configuration, which takes `ipLock: false`. A change replaces the device.
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
   * ended too; `never` renews nothing. A change replaces nothing.
   *
   * @default 'unredeemed'
   */
  readonly reissue?: string;

  /**
   * Any change replaces the device, and so gives a new token. Keys and values
   * are plain in plan and state: no secret here.
   *
   * @default - nothing but the other properties replaces it
   */
  readonly rotationTriggers?: { [key: string]: string };

  /**
   * Curve25519 public key, 32 bytes in base64: the credential leaves the service
   * as a libsodium sealed box for its owner alone, in `sealedOneTimeToken` or
   * `sealedConfig`, and plan and state hold no usable secret. A change replaces
   * the device.
   *
   * @default - the credential is in `oneTimeToken` or `config`
   */
  readonly sealToPublicKey?: string;
}

/** Properties of a `ClientDevice`. */
export interface ClientDeviceProps extends ClientDeviceOptions {
  /** The application whose secrets the device reads. A change replaces the device. */
  readonly application: IKsmApplication;
}

const PROPS: Record<keyof ClientDeviceProps, true> = {
  application: true,
  name: true,
  ipLock: true,
  accessExpiresInMinutes: true,
  initialization: true,
  tokenExpiresInMinutes: true,
  reissue: true,
  rotationTriggers: true,
  sealToPublicKey: true,
  provider: true,
  lifecycle: true,
  dependsOn: true,
};

/**
 * One machine, pipeline or service that reads an application's secrets. It has
 * a one-time token that its consumer redeems; each consumer needs a device of
 * its own.
 *
 * The token is in Terraform's plan and state, for as long as the device exists
 * there; once redeemed it is of no more use.
 *
 * Made by itself, and not by `application.addClientDevice`, it does not wait
 * for the application's grants.
 *
 * @see https://docs.keeper.io/keeperpam/secrets-manager/about/one-time-token
 */
export class ClientDevice extends Construct {
  private readonly resource: bindings.ClientDevice;

  /**
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the address in Terraform
   * @param props application, name, IP lock and expiries of the device
   */
  constructor(scope: Construct, id: string, props: ClientDeviceProps) {
    super(scope, id);
    validate('ClientDevice', this, [
      validKeys(props, PROPS),
      validApplication(props.application),
      validBoolean('ipLock', props.ipLock),
      validTexts('rotationTriggers', props.rotationTriggers),
      validName('name', props.name),
      validWord('initialization', props.initialization, 'token', 'config'),
      validWord('reissue', props.reissue, 'unredeemed', 'expired', 'never'),
      validInteger(
        'accessExpiresInMinutes',
        props.accessExpiresInMinutes,
        ACCESS_EXPIRES_MIN_MINUTES,
        ACCESS_EXPIRES_MAX_MINUTES,
      ),
      validInteger(
        'tokenExpiresInMinutes',
        props.tokenExpiresInMinutes,
        TOKEN_EXPIRES_MIN_MINUTES,
        TOKEN_EXPIRES_MAX_MINUTES,
      ),
    ]);
    this.resource = new bindings.ClientDevice(this, 'Resource', {
      applicationId: props.application.id,
      name: literal(props.name),
      ipLock: props.ipLock,
      accessExpiresInMinutes: props.accessExpiresInMinutes,
      initialization: props.initialization,
      tokenExpiresInMinutes: props.tokenExpiresInMinutes,
      reissue: props.reissue,
      rotationTriggers: literals(props.rotationTriggers),
      sealToPublicKey: props.sealToPublicKey,
      provider: providerOf('ClientDevice', this, props.provider, props.application),
      lifecycle: props.lifecycle,
      dependsOn: props.dependsOn,
    });
  }

  /** `<application UID>/<client id>`; another one after a replacement, so it is what to trigger on. */
  public get id(): string {
    return this.resource.id;
  }

  /** Client id, base64url without padding, 86 characters. */
  public get clientId(): string {
    return this.resource.clientId;
  }

  /**
   * The one-time token (sensitive). Hand it to the consumer together with
   * `hostname`: a token of the embedded vault does not name its host. It stays
   * here as issued, used or not.
   */
  public get oneTimeToken(): string {
    return this.resource.oneTimeToken;
  }

  /**
   * The finished configuration (sensitive), in base64: as `KSM_CONFIG` takes it.
   * Null unless `initialization` is `config` and nothing is sealed.
   */
  public get config(): string {
    return this.resource.config;
  }

  /** The one-time token as a sealed box in base64 (not sensitive); null unless it is sealed. */
  public get sealedOneTimeToken(): string {
    return this.resource.sealedOneTimeToken;
  }

  /** The configuration as a sealed box in base64 (not sensitive); null unless it is sealed. */
  public get sealedConfig(): string {
    return this.resource.sealedConfig;
  }

  /** Host, and port where it is not 443, at which the token is redeemed. */
  public get hostname(): string {
    return this.resource.hostname;
  }

  /** When the device was made: ISO 8601 in UTC. */
  public get createdAt(): string {
    return this.resource.createdAt;
  }

  /** When the token can no longer be redeemed: ISO 8601 in UTC. */
  public get tokenExpiresAt(): string {
    return this.resource.tokenExpiresAt;
  }

  /** When the access ends: ISO 8601 in UTC; null if never. */
  public get accessExpiresAt(): string {
    return this.resource.accessExpiresAt;
  }

  /**
   * Makes the token an output of the stack, marked sensitive:
   * `terraform output -raw <id>` prints it.
   *
   * @param id name of the output, unique in the stack
   */
  public exportToken(id: string): TerraformOutput {
    return new TerraformOutput(TerraformStack.of(this), id, {
      value: this.oneTimeToken,
      sensitive: true,
      description: `One-time token of ${this.node.path}`,
    });
  }
}
