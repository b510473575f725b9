import type { Construct } from 'constructs';
import type { IKsmApplication } from './application';
import * as bindings from './bindings';
import type { CredentialOptions } from './credential';
import { CREDENTIAL_PROPS, Credential, credentialConfig, credentialFindings } from './private/credential';
import { composeFile, GATEWAY_COMMANDS } from './private/gateway-commands';
import { checked, show, validSwitch } from './private/validate';
import type { IKsmResource } from './resource';

/**
 * Where a gateway is installed: names for `installCommand` and others, which take the plain words as well.
 *
 * @stability stable
 */
export class GatewayPlatform {
  /** `linux`: Keeper's install script, for a shell with `curl` and `sudo`. */
  public static readonly LINUX = 'linux';
  /** `windows`: Keeper's installer, for a PowerShell prompt in the folder that it was downloaded to. */
  public static readonly WINDOWS = 'windows';
  /** `docker`: a container of Keeper's image; it has no install command, see `dockerCompose` and `GatewayInstallation`. */
  public static readonly DOCKER = 'docker';

  private constructor() {}
}

/**
 * How a gateway is installed.
 *
 * @stability stable
 */
export interface GatewayInstallOptions {
  /**
   * Let the gateway update itself.
   *
   * @default false
   */
  readonly autoUpdate?: boolean;

  /**
   * Name of the environment variable that the token is taken from on the host:
   * letters, digits and `_`. The command holds no secret then.
   *
   * @default - the token stands in the command, which Terraform prints if it fails as `local-exec`
   */
  readonly tokenVariable?: string;
}

/**
 * How a gateway that is installed is updated.
 *
 * @stability stable
 */
export interface GatewayUpgradeOptions {
  /**
   * Let the gateway update itself from then on.
   *
   * @default false
   */
  readonly autoUpdate?: boolean;
}

/**
 * How Keeper's Helm chart finds the configuration.
 *
 * @stability stable
 */
export interface GatewayHelmOptions {
  /**
   * Name of a Kubernetes secret that holds `kubernetesSecretData`. The values
   * hold no secret then.
   *
   * @default - the configuration stands in the values
   */
  readonly existingSecret?: string;
}

/**
 * A gateway, for constructs that take one.
 *
 * @stability stable
 */
export interface IGateway extends IKsmResource {
  /** The application that the gateway works for. */
  readonly application: IKsmApplication;
  /** `<application UID>/<client id>`; another one after a replacement, so it is what to trigger on. */
  readonly id: string;
  /** Client id, base64url without padding, 86 characters. */
  readonly clientId: string;
  /** UID of the gateway, 22 characters; null until it has initialised. */
  readonly gatewayUid: string;
  /** Host, and port where it is not 443, at which the token is redeemed. */
  readonly hostname: string;
}

/**
 * What a gateway can be given when it is made through its application.
 *
 * @stability stable
 */
export interface GatewayOptions extends CredentialOptions {}

/**
 * Properties of a `Gateway`.
 *
 * @stability stable
 */
export interface GatewayProps extends GatewayOptions {
  /** The application that the gateway works for. A change replaces the gateway. */
  readonly application: IKsmApplication;
}

const PROPS: Record<keyof GatewayProps, true> = CREDENTIAL_PROPS;
const INSTALL: Record<keyof GatewayInstallOptions, true> = { autoUpdate: true, tokenVariable: true };
const UPGRADE: Record<keyof GatewayUpgradeOptions, true> = { autoUpdate: true };
const HELM: Record<keyof GatewayHelmOptions, true> = { existingSecret: true };

/**
 * A Keeper Gateway: the agent that rotates passwords and opens connections in
 * your network. Its installer redeems the one-time token; until then the gateway
 * is pending.
 *
 * It needs the shared folder that it works with granted with edit rights.
 *
 * Made by itself, and not by `application.addGateway`, it does not wait for the
 * application's grants, unless `afterGrants` says so.
 *
 * @stability stable
 * @see https://docs.keeper.io/en/keeperpam/privileged-access-manager/getting-started/gateways
 */
export class Gateway extends Credential implements IGateway {
  /** Type of the resource in Terraform. */
  public static readonly tfResourceType = bindings.Gateway.tfResourceType;

  public readonly application: IKsmApplication;
  /** @internal */
  protected readonly _resource: bindings.Gateway;

  /**
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the address in Terraform
   * @param props application, name and token expiry of the gateway
   */
  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id);
    const gateway = checked('Gateway', this, props, PROPS, credentialFindings);
    this.application = gateway.application;
    this._resource = new bindings.Gateway(this, 'Resource', credentialConfig('Gateway', this, gateway));
    this._join(gateway);
  }

  /** UID of the gateway, 22 characters; null until it has initialised, so wrap it in `Fn.coalesce` where a text is needed. */
  public get gatewayUid(): string {
    return this._text('gateway_uid', 'gatewayUid');
  }

  /**
   * The command that installs Keeper's gateway on a host and redeems the token
   * there. It is sensitive, since the token is in it: Terraform quotes a command
   * that fails, and a `remote-exec` leaves its script on the host then. For
   * provisioners take `tokenVariable` and hand the token over as `environment`,
   * or use `GatewayInstallation`. A gateway of `initialization: 'config'` has no
   * token, and one that is sealed none for the command: both are errors.
   *
   * @param platform where the command runs: `linux` or `windows`, see `GatewayPlatform`
   * @param options whether the gateway updates itself, and where the token comes from
   * @see https://docs.keeper.io/en/keeperpam/privileged-access-manager/getting-started/gateways
   */
  public installCommand(platform: string, options: GatewayInstallOptions = {}): string {
    const { autoUpdate, tokenVariable } = checked('Gateway', this, options ?? {}, INSTALL, (given) => [
      validSwitch('autoUpdate', given.autoUpdate),
      given.tokenVariable === undefined || /^[A-Za-z_][A-Za-z0-9_]*$/.test(given.tokenVariable)
        ? undefined
        : `tokenVariable is ${show(given.tokenVariable)}. Expected the name of an environment variable, such as KSM_GATEWAY_TOKEN.`,
    ]);
    this._needToken('installCommand()', tokenVariable === undefined);
    const command = this.commandFor(platform, 'install');
    const variable = platform === GatewayPlatform.WINDOWS ? `$env:${tokenVariable}` : `"$${tokenVariable}"`;
    return command(tokenVariable === undefined ? this.oneTimeToken : variable, autoUpdate === true);
  }

  /**
   * The command that brings the gateway of a host up to date, and keeps its
   * configuration (what Keeper calls an existing gateway). No secret is in it.
   *
   * @param platform where the command runs: `linux` or `windows`, see `GatewayPlatform`
   * @param options whether the gateway updates itself from then on
   */
  public upgradeCommand(platform: string, options: GatewayUpgradeOptions = {}): string {
    const { autoUpdate } = checked('Gateway', this, options ?? {}, UPGRADE, (given) => [
      validSwitch('autoUpdate', given.autoUpdate),
    ]);
    return this.commandFor(platform, 'upgrade')(undefined, autoUpdate === true);
  }

  /**
   * Text of a `docker-compose.yml` that runs the gateway (sensitive, since the
   * configuration is in it). Keeper's `docker-seccomp.json` has to be beside it.
   * It takes `initialization: 'config'` and no seal, and accepts Keeper's EULA.
   */
  public dockerCompose(): string {
    this._needConfig('dockerCompose()');
    return composeFile(this.config);
  }

  /**
   * Values of Keeper's Helm chart `keeper-gateway`, as YAML. Sensitive unless
   * `existingSecret` is given, since the configuration is in them. It takes
   * `initialization: 'config'` and no seal, and accepts Keeper's EULA.
   *
   * @param options where the chart finds the configuration
   */
  public helmValues(options: GatewayHelmOptions = {}): string {
    this._needConfig('helmValues()');
    const { existingSecret } = checked('Gateway', this, options ?? {}, HELM, (given) => [
      given.existingSecret === undefined || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(given.existingSecret)
        ? undefined
        : `existingSecret is ${show(given.existingSecret)}. Expected the name of a Kubernetes secret: lower-case letters, digits, - and dots.`,
    ]);
    const from =
      existingSecret === undefined
        ? [`config: "${this.config}"`]
        : [`existingSecret: "${existingSecret}"`, `existingSecretKey: "${CHART_KEY}"`];
    return ['gateway:', '  acceptEula: "Y"', ...from.map((line) => `  ${line}`), ''].join('\n');
  }

  /**
   * Data of the Kubernetes secret that Keeper's Helm chart takes as
   * `existingSecret` (sensitive): the configuration under `gateway-config`. It
   * takes `initialization: 'config'` and no seal.
   */
  public get kubernetesSecretData(): { [key: string]: string } {
    this._needConfig('kubernetesSecretData');
    return { [CHART_KEY]: this.config };
  }

  private commandFor(platform: string, what: string): (token: string | undefined, autoUpdate: boolean) => string {
    const command = Object.hasOwn(GATEWAY_COMMANDS, platform) ? GATEWAY_COMMANDS[platform] : undefined;
    if (command !== undefined) return command;
    throw new Error(
      `Gateway '${this.node.path}': there is no ${what} command for the platform ${show(platform)}. Expected "linux" or "windows"${
        platform === GatewayPlatform.DOCKER ? '; for Docker use dockerCompose()' : ''
      }.`,
    );
  }
}

/** What the chart reads unless it is told otherwise. */
const CHART_KEY = 'gateway-config';
