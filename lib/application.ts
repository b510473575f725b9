import { Token } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import * as bindings from './bindings';
import { ClientDevice, type ClientDeviceOptions } from './client-device';
import type { CredentialOptions } from './credential';
import { Gateway, type GatewayOptions } from './gateway';
import { joinDependencies } from './private/dependencies';
import { literal } from './private/literal';
import { providerOf } from './private/provider';
import { KsmResource } from './private/resource';
import {
  checked,
  type Finding,
  optionFindings,
  validate,
  validBoolean,
  validName,
  validSource,
  validUid,
} from './private/validate';
import type { KsmProvider } from './provider';
import type { KsmResourceOptions } from './resource-options';

/**
 * A Keeper Secrets Manager application: a key and the secrets granted to it,
 * which the client devices and gateways under it may read.
 *
 * Secrets are granted to it from their side: `folder.grantRead(application)`.
 *
 * @stability stable
 * @see https://docs.keeper.io/keeperpam/secrets-manager/about/terminology
 */
export interface IKsmApplication extends IConstruct {
  /** UID of the application, 22 characters. Of a `KsmApplication` it is known once Terraform has made it. */
  readonly id: string;

  /**
   * The provider that its grants, devices and gateways take.
   *
   * @default - the stack's default one
   */
  readonly provider?: KsmProvider;

  /**
   * Adds a client device under this application. It is made after the grants
   * of this application in its stack, so that whoever redeems its token finds
   * the secrets there.
   *
   * @param id construct id, part of the device's address in Terraform
   * @param options name, IP lock and expiries of the device
   */
  addClientDevice(id: string, options: ClientDeviceOptions): ClientDevice;

  /**
   * Adds a Keeper Gateway under this application. It is made after the grants
   * of this application in its stack.
   *
   * A gateway needs the shared folder that it works with granted with edit
   * rights: `folder.grantEdit(application)`.
   *
   * @param id construct id, part of the gateway's address in Terraform
   * @param options name and token expiry of the gateway
   */
  addGateway(id: string, options: GatewayOptions): Gateway;
}

/**
 * Properties of a `KsmApplication`.
 *
 * @stability stable
 */
export interface KsmApplicationProps extends KsmResourceOptions {
  /**
   * Name, shown in Keeper as the application's title; unique in the vault.
   * 1 to 255 characters without control characters, taken literally: `${` and
   * `%{` in it are text. A change renames in place.
   */
  readonly name: string;

  /**
   * Delete the application although it still has grants, devices or gateways
   * that Terraform does not know of. Otherwise deleting such an application
   * fails with a list of them.
   *
   * @default false
   */
  readonly forceDestroy?: boolean;
}

/**
 * What an application that exists already is found by.
 *
 * @stability stable
 */
export interface FromUidOptions {
  /**
   * The provider of the vault that it is in.
   *
   * @default - the stack's default one
   */
  readonly provider?: KsmProvider;
}

const PROPS: Record<keyof KsmApplicationProps, true> = {
  name: true,
  forceDestroy: true,
  provider: true,
  lifecycle: true,
  dependsOn: true,
  forEach: true,
};

const APPLICATION = Symbol.for('cdktf-ksm.KsmApplication');

/** What each application does, be it made here or there already. */
function addClientDevice(application: IKsmApplication, id: string, options: ClientDeviceOptions): ClientDevice {
  // Whatever implements IKsmApplication is a construct; only the interface does not say so.
  return new ClientDevice(application as Construct & IKsmApplication, id, ofApplication(application, options));
}

function addGateway(application: IKsmApplication, id: string, options: GatewayOptions): Gateway {
  return new Gateway(application as Construct & IKsmApplication, id, ofApplication(application, options));
}

function ofApplication<O extends CredentialOptions>(application: IKsmApplication, options: O) {
  return { ...options, afterGrants: options?.afterGrants ?? true, application };
}

/**
 * Makes an application.
 *
 * @stability stable
 *
 * @example
 *
 * const application = new KsmApplication(this, 'payments', { name: 'Payments pipeline' });
 * SharedFolder.fromUid(this, 'secrets', 'nu0VapSH89AWjZ1uWqY6qA').grantRead(application);
 * const device = application.addClientDevice('deploy', { name: 'deploy job' });
 */
export class KsmApplication extends KsmResource implements IKsmApplication {
  /** Type of the resource in Terraform. */
  public static readonly tfResourceType = bindings.Application.tfResourceType;

  /**
   * Whether something is an application: one that is made here, or one that
   * exists already. It holds across copies of this library, and in other
   * languages.
   *
   * @param x anything
   */
  // biome-ignore lint/suspicious/noExplicitAny: jsii has no unknown
  public static isKsmApplication(x: any): boolean {
    return typeof x === 'object' && x !== null && APPLICATION in x;
  }

  /**
   * An application that exists already and that this stack does not manage.
   *
   * @param scope the construct that this one belongs to
   * @param id construct id
   * @param uid UID of the application: 22 characters of `A-Z a-z 0-9 - _`
   * @param options the provider of its vault
   */
  public static fromUid(scope: Construct, id: string, uid: string, options: FromUidOptions = {}): IKsmApplication {
    return new ExistingApplication(scope, id, uid, options);
  }

  /**
   * An application that exists already and that this stack does not manage,
   * looked up by Terraform (a data source below `id`).
   *
   * @param scope the construct that this one belongs to
   * @param id construct id
   * @param name title of the application in Keeper; one that the vault does not have fails when Terraform plans
   * @param options the provider of its vault
   */
  public static fromName(scope: Construct, id: string, name: string, options: FromUidOptions = {}): IKsmApplication {
    return new NamedApplication(scope, id, name, options);
  }

  public readonly provider?: KsmProvider;
  /** @internal */
  protected readonly _resource: bindings.Application;

  /**
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the address in Terraform
   * @param props name of the application, and how it may be deleted
   */
  constructor(scope: Construct, id: string, props: KsmApplicationProps) {
    super(scope, id);
    Object.defineProperty(this, APPLICATION, { value: true });
    const { name, forceDestroy, provider, lifecycle, dependsOn, forEach } = checked(
      'KsmApplication',
      this,
      props,
      PROPS,
      (given) => [
        validName('name', given.name),
        validBoolean('forceDestroy', given.forceDestroy),
        ...optionFindings(given),
      ],
    );
    this.provider = providerOf('KsmApplication', this, provider);
    this._resource = new bindings.Application(this, 'Resource', {
      name: literal(name),
      forceDestroy,
      provider: this.provider,
      lifecycle,
      dependsOn,
      forEach,
    });
    joinDependencies(this._resource, dependsOn);
  }

  /** UID of the application, 22 characters; known once Terraform has made it. */
  public get id(): string {
    return this._text('id', 'id');
  }

  /** When the application was made: ISO 8601 in UTC. */
  public get createdAt(): string {
    return this._text('created_at', 'createdAt');
  }

  public addClientDevice(id: string, options: ClientDeviceOptions): ClientDevice {
    return addClientDevice(this, id, options);
  }

  public addGateway(id: string, options: GatewayOptions): Gateway {
    return addGateway(this, id, options);
  }
}

/** An application that this stack does not manage. */
abstract class ForeignApplication extends Construct implements IKsmApplication {
  public abstract readonly id: string;
  public readonly provider?: KsmProvider;

  constructor(scope: Construct, id: string, finding: Finding, options: FromUidOptions) {
    super(scope, id);
    Object.defineProperty(this, APPLICATION, { value: true });
    validate('KsmApplication', this, [finding, validSource(options)]);
    this.provider = providerOf('KsmApplication', this, options?.provider ?? undefined);
  }

  public addClientDevice(id: string, options: ClientDeviceOptions): ClientDevice {
    return addClientDevice(this, id, options);
  }

  public addGateway(id: string, options: GatewayOptions): Gateway {
    return addGateway(this, id, options);
  }
}

class ExistingApplication extends ForeignApplication {
  public readonly id: string;

  constructor(scope: Construct, id: string, uid: string, options: FromUidOptions) {
    super(scope, id, validUid('uid', uid), options);
    this.id = Token.asString(uid);
  }
}

class NamedApplication extends ForeignApplication {
  public readonly id: string;

  constructor(scope: Construct, id: string, name: string, options: FromUidOptions) {
    super(scope, id, validName('name', name), options);
    this.id = new bindings.DataKsmApplication(this, 'Resource', { name: literal(name), provider: this.provider }).id;
  }
}
