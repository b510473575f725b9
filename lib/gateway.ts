import { TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import type { IKsmApplication } from './application';
import * as bindings from './bindings';
import { TOKEN_EXPIRES_MAX_MINUTES, TOKEN_EXPIRES_MIN_MINUTES } from './private/limits';
import { literal, literals } from './private/literal';
import { providerOf } from './private/provider';
import {
  show,
  validApplication,
  validate,
  validInteger,
  validKeys,
  validName,
  validTexts,
  validWord,
} from './private/validate';
import type { KsmResourceOptions } from './resource-options';

/** Where a gateway is installed: names for `installCommand`, which takes the plain words as well. */
export class GatewayPlatform {
  /** `linux`: Keeper's install script, for a shell with `curl` and `sudo`. */
  public static readonly LINUX = 'linux';
  /** `windows`: Keeper's installer, for a prompt in the folder that it was downloaded to. */
  public static readonly WINDOWS = 'windows';

  private constructor() {}
}

/** How a gateway is installed. */
export interface GatewayInstallOptions {
  /**
   * Let the gateway update itself.
   *
   * @default false
   */
  readonly autoUpdate?: boolean;
}

/** What a gateway can be given when it is made through its application. */
export interface GatewayOptions extends KsmResourceOptions {
  /**
   * Name of the gateway as Keeper shows it. 1 to 255 characters without control
   * characters, taken literally: `${` and `%{` in it are text. A change renames
   * in place once the gateway has initialised.
   */
  readonly name: string;

  /**
   * How the gateway gets its credential: `token`, a one-time token that it redeems
   * once; or `config`, a finished configuration. A change replaces the gateway.
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
   * Any change replaces the gateway, and so gives a new token. Keys and values
   * are plain in plan and state: no secret here.
   *
   * @default - nothing but the other properties replaces it
   */
  readonly rotationTriggers?: { [key: string]: string };

  /**
   * Curve25519 public key, 32 bytes in base64: the credential leaves the service
   * as a libsodium sealed box for its owner alone, in `sealedOneTimeToken` or
   * `sealedConfig`, and plan and state hold no usable secret. A change replaces
   * the gateway.
   *
   * @default - the credential is in `oneTimeToken` or `config`
   */
  readonly sealToPublicKey?: string;
}

/** Properties of a `Gateway`. */
export interface GatewayProps extends GatewayOptions {
  /** The application that the gateway belongs to. A change replaces the gateway. */
  readonly application: IKsmApplication;
}

const PROPS: Record<keyof GatewayProps, true> = {
  application: true,
  name: true,
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
 * A Keeper Gateway: the client device of the agent that does discovery,
 * rotation and connections for KeeperPAM. It has a one-time token that the
 * agent redeems when it is installed, and is never locked to an IP address.
 *
 * Made by itself, and not by `application.addGateway`, it does not wait for the
 * application's grants.
 *
 * @see https://docs.keeper.io/en/keeperpam/privileged-access-manager/getting-started/gateways
 */
export class Gateway extends Construct {
  private readonly resource: bindings.Gateway;

  /**
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the address in Terraform
   * @param props application, name and token expiry of the gateway
   */
  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id);
    validate('Gateway', this, [
      validKeys(props, PROPS),
      validApplication(props.application),
      validTexts('rotationTriggers', props.rotationTriggers),
      validName('name', props.name),
      validWord('initialization', props.initialization, 'token', 'config'),
      validWord('reissue', props.reissue, 'unredeemed', 'expired', 'never'),
      validInteger(
        'tokenExpiresInMinutes',
        props.tokenExpiresInMinutes,
        TOKEN_EXPIRES_MIN_MINUTES,
        TOKEN_EXPIRES_MAX_MINUTES,
      ),
    ]);
    this.resource = new bindings.Gateway(this, 'Resource', {
      applicationId: props.application.id,
      name: literal(props.name),
      initialization: props.initialization,
      tokenExpiresInMinutes: props.tokenExpiresInMinutes,
      reissue: props.reissue,
      rotationTriggers: literals(props.rotationTriggers),
      sealToPublicKey: props.sealToPublicKey,
      provider: providerOf('Gateway', this, props.provider, props.application),
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

  /** UID of the gateway, 22 characters; null until it has initialised. */
  public get gatewayUid(): string {
    return this.resource.gatewayUid;
  }

  /**
   * The one-time token (sensitive), for the gateway's installer. It stays here
   * as issued, used or not.
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

  /** When the gateway was made: ISO 8601 in UTC. */
  public get createdAt(): string {
    return this.resource.createdAt;
  }

  /** When the token can no longer be redeemed: ISO 8601 in UTC. */
  public get tokenExpiresAt(): string {
    return this.resource.tokenExpiresAt;
  }

  /**
   * The command that installs Keeper's gateway on a host and redeems the token
   * there (sensitive, since the token is in it).
   *
   * @param platform where the command runs: `linux` or `windows`, see `GatewayPlatform`
   * @param options whether the gateway updates itself
   * @see https://docs.keeper.io/en/keeperpam/privileged-access-manager/getting-started/gateways
   */
  public installCommand(platform: string, options: GatewayInstallOptions = {}): string {
    switch (platform) {
      case GatewayPlatform.LINUX:
        return [
          `curl -fsSL https://keepersecurity.com/pam/install | sudo bash -s -- --token ${this.oneTimeToken}`,
          ...(options.autoUpdate ? ['--autoupdate'] : []),
        ].join(' ');
      case GatewayPlatform.WINDOWS:
        return [
          'keeper-gateway_windows_x86_64.exe /verysilent /suppressmsgboxes /norestart',
          `/token=${this.oneTimeToken}`,
          ...(options.autoUpdate ? ['/autoupdate=1'] : []),
        ].join(' ');
      default:
        throw new Error(
          `Gateway '${this.node.path}': there is no install command for the platform ${show(platform)}. Expected "linux" or "windows".`,
        );
    }
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
