import { Fn, TerraformStack, Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { IKsmApplication } from './application';
import * as bindings from './bindings';
import type { CredentialOptions } from './credential';
import { CREDENTIAL_PROPS, Credential, credentialConfig, credentialFindings } from './private/credential';
import { ACCESS_EXPIRES_MAX_MINUTES, ACCESS_EXPIRES_MIN_MINUTES } from './private/limits';
import { named, sameIn } from './private/provider';
import { checked, type Finding, show, validate, validBoolean, validInteger } from './private/validate';
import type { KsmProvider } from './provider';
import type { IKsmResource } from './resource';
import { KsmService } from './service';

/**
 * A client device, for constructs that take one.
 *
 * @stability stable
 */
export interface IClientDevice extends IKsmResource {
  /** The application whose secrets it reads. */
  readonly application: IKsmApplication;
  /** `<application UID>/<client id>`; another one after a replacement, so it is what to trigger on. */
  readonly id: string;
  /** Client id, base64url without padding, 86 characters. */
  readonly clientId: string;
  /** Host, and port where it is not 443, at which the token is redeemed. */
  readonly hostname: string;
}

/**
 * What a device can be given when it is made through its application.
 *
 * @stability stable
 */
export interface ClientDeviceOptions extends CredentialOptions {
  /**
   * Lock the device to the IP address that redeems its token. With
   * `initialization: 'config'` it has to be false. A change replaces the device.
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
}

/**
 * Properties of a `ClientDevice`.
 *
 * @stability stable
 */
export interface ClientDeviceProps extends ClientDeviceOptions {
  /** The application whose secrets the device reads. A change replaces the device. */
  readonly application: IKsmApplication;
}

const PROPS: Record<keyof ClientDeviceProps, true> = {
  ...CREDENTIAL_PROPS,
  ipLock: true,
  accessExpiresInMinutes: true,
};

/** Whoever makes the configuration binds the device, and a lock would lock it to that address. */
function validLock({ initialization, ipLock }: ClientDeviceProps): Finding {
  if (initialization !== 'config' || ipLock === false || Token.isUnresolved(ipLock)) return undefined;
  return `initialization is "config" and ipLock is ${show(ipLock ?? true)}. Expected ipLock: false, since a configuration is bound from the address of the service.`;
}

/**
 * One machine, pipeline or service that reads an application's secrets. It has
 * a one-time token that its consumer redeems; each consumer needs a device of
 * its own.
 *
 * The token is in Terraform's plan and state, for as long as the device exists
 * there; once redeemed it is of no more use.
 *
 * Made by itself, and not by `application.addClientDevice`, it does not wait
 * for the application's grants, unless `afterGrants` says so.
 *
 * @stability stable
 * @see https://docs.keeper.io/keeperpam/secrets-manager/about/one-time-token
 */
export class ClientDevice extends Credential implements IClientDevice {
  /** Type of the resource in Terraform. */
  public static readonly tfResourceType = bindings.ClientDevice.tfResourceType;

  public readonly application: IKsmApplication;
  /** @internal */
  protected readonly _resource: bindings.ClientDevice;

  /**
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the address in Terraform
   * @param props application, name, IP lock and expiries of the device
   */
  constructor(scope: Construct, id: string, props: ClientDeviceProps) {
    super(scope, id);
    const device = checked('ClientDevice', this, props, PROPS, (given) => [
      ...credentialFindings(given),
      validBoolean('ipLock', given.ipLock),
      validLock(given),
      validInteger(
        'accessExpiresInMinutes',
        given.accessExpiresInMinutes,
        ACCESS_EXPIRES_MIN_MINUTES,
        ACCESS_EXPIRES_MAX_MINUTES,
      ),
    ]);
    this.application = device.application;
    this._resource = new bindings.ClientDevice(this, 'Resource', {
      ...credentialConfig('ClientDevice', this, device),
      ipLock: device.ipLock,
      accessExpiresInMinutes: device.accessExpiresInMinutes,
    });
    this._join(device);
  }

  /** When the access ends: ISO 8601 in UTC; null if never, so wrap it in `Fn.coalesce` where a text is needed. */
  public get accessExpiresAt(): string {
    return this._text('access_expires_at', 'accessExpiresAt');
  }

  /**
   * The environment of a provisioner that installs the device (sensitive): its
   * token, and what it takes to redeem it, as `DEVICE_ONE_TIME_TOKEN`,
   * `DEVICE_HOSTNAME`, `DEVICE_SERVER_PUBLIC_KEY_ID`, `DEVICE_SERVER_PUBLIC_KEY`
   * and `DEVICE_CA_CERTIFICATE`; the last two are left out on real Keeper, whose
   * clients have them. `KSM_IAC_TOKEN` is blank, since a provisioner inherits
   * what Terraform runs with. It takes `initialization: 'token'` and no seal.
   *
   * @param service the service of the device's vault
   */
  public installerEnvironment(service: KsmService): { [key: string]: string } {
    this._needToken('installerEnvironment()', true);
    validate('ClientDevice', this, [this.validService(service)]);
    return {
      DEVICE_ONE_TIME_TOKEN: this.oneTimeToken,
      DEVICE_HOSTNAME: this.hostname,
      DEVICE_SERVER_PUBLIC_KEY_ID: service.serverPublicKeyId,
      DEVICE_SERVER_PUBLIC_KEY: service.serverPublicKey,
      DEVICE_CA_CERTIFICATE: service.caCertificate,
      KSM_IAC_TOKEN: '',
    };
  }

  /**
   * Data of a Kubernetes secret (sensitive), as Keeper's own Kubernetes form of
   * a configuration is: the JSON under the key `config`. For `data` of
   * `kubernetes_secret_v1`, which encodes it. It takes `initialization:
   * 'config'` and no seal.
   */
  public get kubernetesSecretData(): { [key: string]: string } {
    this._needConfig('kubernetesSecretData');
    return { config: Fn.base64decode(this.config) };
  }

  private validService(service: KsmService): Finding {
    if (!(service instanceof KsmService)) return `service is ${show(service)}. Expected a KsmService.`;
    const own = this._resource.provider as KsmProvider | undefined;
    if (sameIn(TerraformStack.of(this), service._provider, own)) return undefined;
    return `service is that of ${named(service._provider)}, and the device is in the vault of ${named(own)}. Expected both of one vault.`;
  }
}
