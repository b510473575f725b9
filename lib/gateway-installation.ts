import type { NullProvider } from '@cdktf/provider-null/lib/provider';
import type { Resource as NullResource } from '@cdktf/provider-null/lib/resource';
import {
  Aspects,
  type ITerraformDependable,
  type SSHProvisionerConnection,
  TerraformProvider,
  TerraformStack,
  Token,
} from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import type * as bindings from './bindings';
import { Gateway, GatewayPlatform } from './gateway';
import { joinDependencies } from './private/dependencies';
import { type Hand, INSTALLERS, localProvisioners, remoteProvisioners } from './private/installation';
import { literal } from './private/literal';
import { nullBindings } from './private/null-provider';
import {
  checked,
  type Finding,
  show,
  validate,
  validDependsOn,
  validKeys,
  validNow,
  validProvider,
  validSwitch,
  validWord,
} from './private/validate';

/**
 * Properties of a `GatewayInstallation`.
 *
 * @stability stable
 */
export interface GatewayInstallationProps {
  /** The gateway that is installed. */
  readonly gateway: Gateway;

  /**
   * Where it is installed: `linux`, `windows` or `docker`, see
   * `GatewayPlatform`. Docker takes a gateway of `initialization: 'config'`, and
   * Keeper's `docker-seccomp.json` in the folder that the command runs in;
   * Windows is installed where Terraform runs alone, not over ssh.
   *
   * @default 'linux'
   */
  readonly platform?: string;

  /**
   * The host, reached by ssh. Give `hostKey`: without it Terraform checks the
   * host's key against nothing, and the token goes to whoever answers. The host
   * needs bash, awk and `/tmp`.
   *
   * @default - the machine that Terraform runs on (`local-exec`), with bash and awk; the command inherits Terraform's environment but `KSM_IAC_TOKEN`
   */
  readonly connection?: SSHProvisionerConnection;

  /**
   * Let the gateway update itself. Not for Docker, nor with `command`.
   *
   * @default false
   */
  readonly autoUpdate?: boolean;

  /**
   * A command of your own in place of Keeper's. It finds the token in the
   * environment variable `KSM_GATEWAY_TOKEN`, or the configuration of a gateway of
   * `initialization: 'config'` in `KSM_GATEWAY_CONFIG`. It is taken literally: `${` in it is the shell's.
   *
   * @default - Keeper's command for the platform
   */
  readonly command?: string;

  /**
   * What has to be there first, such as the host.
   *
   * @default - the gateway alone
   */
  readonly dependsOn?: ITerraformDependable[];

  /**
   * The provider `hashicorp/null` that the resource belongs to. It comes from
   * the public registry, unless it is mirrored.
   *
   * @default - the stack's; one is added if it has none
   */
  readonly provider?: NullProvider;
}

const PROPS: Record<keyof GatewayInstallationProps, true> = {
  gateway: true,
  platform: true,
  connection: true,
  autoUpdate: true,
  command: true,
  dependsOn: true,
  provider: true,
};

const CONNECTION: Record<keyof SSHProvisionerConnection, true> = {
  type: true,
  host: true,
  hostKey: true,
  user: true,
  password: true,
  privateKey: true,
  certificate: true,
  port: true,
  timeout: true,
  scriptPath: true,
  agent: true,
  agentIdentity: true,
  targetPlatform: true,
  bastionHost: true,
  bastionHostKey: true,
  bastionPort: true,
  bastionUser: true,
  bastionPassword: true,
  bastionPrivateKey: true,
  bastionCertificate: true,
  proxyScheme: true,
  proxyHost: true,
  proxyPort: true,
  proxyUserName: true,
  proxyUserPassword: true,
};

const INSTALLATION = Symbol.for('cdktf-ksm.GatewayInstallation');

/**
 * Installs a gateway on a host, when Terraform applies: a `null_resource` that
 * runs Keeper's command there, once for each gateway (its trigger is
 * `gateway.id`). The token goes by environment or by a private file that is
 * removed before the installer starts, and is masked in what the installer
 * prints; in Terraform's texts it never stands. Keeper's own script takes it as
 * an argument, so it is in the host's list of processes while that runs.
 *
 * A new host takes a new gateway, since a token serves once: name the host in
 * the gateway's `rotationTriggers`. If the command fails, the next apply runs
 * it again with the same token; if that was used meanwhile, replace the gateway
 * (`terraform apply -replace=<its address>`). Destroying it uninstalls nothing:
 * the gateway's access ends with the gateway, and the agent stays on its host.
 *
 * @stability stable
 *
 * @example
 *
 * const gateway = application.addGateway('datacenter', { name: 'datacenter', rotationTriggers: { host: 'gw-1' } });
 * new GatewayInstallation(this, 'installation', { gateway });
 */
export class GatewayInstallation extends Construct {
  /** Type of the resource in Terraform. */
  public static readonly tfResourceType = 'null_resource';

  /**
   * Whether something is an installation, of this copy of the library or another.
   *
   * @param x anything
   */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no unknown
  public static isGatewayInstallation(x: any): boolean {
    return typeof x === 'object' && x !== null && INSTALLATION in x;
  }

  private readonly resource: NullResource;

  /**
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the address in Terraform
   * @param props the gateway, its platform and its host
   */
  constructor(scope: Construct, id: string, props: GatewayInstallationProps) {
    super(scope, id);
    Object.defineProperty(this, INSTALLATION, { value: true });
    const given = checked('GatewayInstallation', this, props, PROPS, (all) => [
      all.gateway instanceof Gateway ? undefined : `gateway is ${show(all.gateway)}. Expected a Gateway.`,
      validPlatform(all.platform),
      validSwitch('autoUpdate', all.autoUpdate),
      validConnection(all, all.platform ?? GatewayPlatform.LINUX),
      validCommand(all, all.platform ?? GatewayPlatform.LINUX),
      validDependsOn(all.dependsOn),
      validProvider(all.provider, 'null', 'NullProvider'),
    ]);
    const { gateway, platform = GatewayPlatform.LINUX, connection, autoUpdate, dependsOn, provider } = given;
    const hand = handOver(gateway);
    validate('GatewayInstallation', this, [validHand(given, platform, hand)]);

    const command = given.command === undefined ? INSTALLERS[platform]!(autoUpdate === true) : literal(given.command);
    this.resource = new (nullBindings().NullResource)(this, 'Resource', {
      triggers: { gateway: gateway.id },
      provisioners: connection
        ? remoteProvisioners(command, hand, `/tmp/ksm-gateway-${this.node.addr}`)
        : localProvisioners(command, hand, platform),
      connection,
      dependsOn,
      provider,
    });
    joinDependencies(this.resource, dependsOn);
    if (provider === undefined) Aspects.of(TerraformStack.of(this)).add({ visit: addNullProvider });
  }

  /** Id of the `null_resource`: another one after each installation. */
  public get id(): string {
    return this.resource.id;
  }

  /** Address in Terraform, for `dependsOn` of others. */
  public get fqn(): string {
    return this.resource.fqn;
  }
}

/** By what the host gets its credential. */
function handOver(gateway: Gateway): Hand {
  const { initializationInput } = gateway.node.defaultChild as bindings.Gateway;
  return initializationInput === 'config'
    ? { variable: 'KSM_GATEWAY_CONFIG', value: gateway.config, shown: '<configuration>' }
    : { variable: 'KSM_GATEWAY_TOKEN', value: gateway.oneTimeToken, shown: '<one-time token>' };
}

function validHand(props: GatewayInstallationProps, platform: string, hand: Hand): Finding {
  if ((props.gateway.node.defaultChild as bindings.Gateway).sealToPublicKeyInput !== undefined) {
    return `gateway is sealed, so that no host can be given its token. Expected a Gateway without sealToPublicKey.`;
  }
  if (props.command !== undefined) return undefined;
  const expected = platform === GatewayPlatform.DOCKER ? 'KSM_GATEWAY_CONFIG' : 'KSM_GATEWAY_TOKEN';
  if (hand.variable === expected) return undefined;
  const initialization = platform === GatewayPlatform.DOCKER ? 'config' : 'token';
  return `platform is ${show(platform)}. Expected a gateway of initialization: "${initialization}", or a command of your own.`;
}

function validPlatform(platform: string | undefined): Finding {
  const all = [GatewayPlatform.LINUX, GatewayPlatform.WINDOWS, GatewayPlatform.DOCKER];
  const words = all.map((word) => show(word)).join(' or ');
  return validNow('platform', platform, words) ?? validWord('platform', platform, ...all);
}

function validConnection({ connection }: GatewayInstallationProps, platform: string): Finding {
  if (connection === undefined) return undefined;
  const unknown = validKeys(connection, CONNECTION, 'connection');
  if (unknown) return unknown;
  if (connection.type !== 'ssh') return `connection.type is ${show(connection.type)}. Expected "ssh".`;
  if (!Token.isUnresolved(connection.host) && (typeof connection.host !== 'string' || connection.host === '')) {
    return `connection.host is ${show(connection.host)}. Expected the name or address of the host.`;
  }
  if (platform !== GatewayPlatform.WINDOWS && connection.targetPlatform !== 'windows') return undefined;
  return 'Windows is not installed over ssh. Expected no connection, or a host of Linux.';
}

function validCommand({ command, autoUpdate }: GatewayInstallationProps, platform: string): Finding {
  if (command !== undefined && !Token.isUnresolved(command) && (typeof command !== 'string' || command.trim() === '')) {
    return `command is ${show(command)}. Expected a command, or none for Keeper's.`;
  }
  if (!autoUpdate || (command === undefined && platform !== GatewayPlatform.DOCKER)) return undefined;
  return `autoUpdate is true, and ${command === undefined ? 'a container does not update itself' : 'command is your own'}. Expected one of them.`;
}

/** At synth, so that a provider that is declared later is respected. Another copy of the bindings counts, too. */
function addNullProvider(construct: IConstruct): void {
  if (!TerraformStack.isStack(construct)) return;
  const has = construct.node
    .findAll()
    .some((one) => TerraformProvider.isTerraformProvider(one) && one.terraformResourceType === 'null' && !one.alias);
  if (!has) new (nullBindings().NullProvider)(construct, 'ksm-null-provider');
}
