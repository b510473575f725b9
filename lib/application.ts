import { Construct, type IConstruct } from 'constructs';
import * as bindings from './bindings';
import { ClientDevice, type ClientDeviceOptions } from './client-device';
import { Gateway, type GatewayOptions } from './gateway';
import { registerClient } from './private/grants-first';
import { literal } from './private/literal';
import { validate, validName, validUid } from './private/validate';

/**
 * A Keeper Secrets Manager application: a key and the secrets granted to it,
 * which the client devices and gateways under it may read.
 *
 * Secrets are granted to it from their side: `folder.grantRead(application)`.
 *
 * @see https://docs.keeper.io/keeperpam/secrets-manager/about/terminology
 */
export interface IKsmApplication extends IConstruct {
  /** UID of the application, 22 characters. Of a `KsmApplication` it is known once Terraform has made it. */
  readonly id: string;

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

/** Properties of a `KsmApplication`. */
export interface KsmApplicationProps {
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

abstract class KsmApplicationBase extends Construct implements IKsmApplication {
  public abstract readonly id: string;

  public addClientDevice(id: string, options: ClientDeviceOptions): ClientDevice {
    const device = new ClientDevice(this, id, { ...options, application: this });
    registerClient(this, device.node.defaultChild as bindings.ClientDevice);
    return device;
  }

  public addGateway(id: string, options: GatewayOptions): Gateway {
    const gateway = new Gateway(this, id, { ...options, application: this });
    registerClient(this, gateway.node.defaultChild as bindings.Gateway);
    return gateway;
  }
}

/**
 * Makes an application.
 *
 * @example
 *
 * const application = new KsmApplication(this, 'payments', { name: 'Payments pipeline' });
 * SharedFolder.fromUid(this, 'secrets', 'gM3FYZ7dVtnT2aAyDEx1dg').grantRead(application);
 * const device = application.addClientDevice('deploy', { name: 'deploy job' });
 */
export class KsmApplication extends KsmApplicationBase {
  /**
   * An application that exists already and that this stack does not manage.
   *
   * @param scope the construct that this one belongs to
   * @param id construct id
   * @param uid UID of the application: 22 characters of `A-Z a-z 0-9 - _`
   */
  public static fromUid(scope: Construct, id: string, uid: string): IKsmApplication {
    return new ExistingApplication(scope, id, uid);
  }

  private readonly resource: bindings.Application;
  private uid?: string;

  /**
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the address in Terraform
   * @param props name of the application, and how it may be deleted
   */
  constructor(scope: Construct, id: string, props: KsmApplicationProps) {
    super(scope, id);
    validate('KsmApplication', this, [validName('name', props.name)]);
    this.resource = new bindings.Application(this, 'Resource', {
      name: literal(props.name),
      forceDestroy: props.forceDestroy,
    });
  }

  // Kept, since cdktf captures a stack trace at each reading; not in the constructor, which would fix the logical id.
  public get id(): string {
    this.uid ??= this.resource.id;
    return this.uid;
  }

  /** When the application was made: ISO 8601 in UTC. */
  public get createdAt(): string {
    return this.resource.createdAt;
  }
}

class ExistingApplication extends KsmApplicationBase {
  public readonly id: string;

  constructor(scope: Construct, id: string, uid: string) {
    super(scope, id);
    validate('KsmApplication', this, [validUid('uid', uid)]);
    this.id = uid;
  }
}
