import {
  dependable,
  type IResolvable,
  type ITerraformDependable,
  ref,
  TerraformElement,
  TerraformStack,
  Token,
} from 'cdktf';
import { Construct } from 'constructs';
import type { IKsmApplication } from './application';
import { joinDependencies } from './private/dependencies';
import { grantsFor } from './private/grants';
import { literal } from './private/literal';
import { providerOf } from './private/provider';
import {
  checked,
  type Finding,
  show,
  validApplication,
  validBoolean,
  validDependsOn,
  validName,
  validProvider,
  validSwitch,
} from './private/validate';
import type { KsmProvider } from './provider';

/**
 * Properties of an `EphemeralClientDevice`.
 *
 * @stability stable
 */
export interface EphemeralClientDeviceProps {
  /** The application whose secrets the device reads. */
  readonly application: IKsmApplication;

  /**
   * Name of the device, as lists and the audit trail show it: 1 to 255
   * characters without control characters, taken literally.
   */
  readonly name: string;

  /**
   * Always false: the service binds the device itself, so that a lock would let
   * in the address of the service alone. `true` is an error.
   *
   * @default false
   */
  readonly ipLock?: boolean;

  /**
   * Whether to make the device: true, false, or an expression of Terraform's,
   * such as that of a `TerraformVariable`. Of one that is not made `config` is
   * null. Not together with `onlyAtApply`.
   *
   * @default true
   */
  readonly enabled?: boolean | IResolvable;

  /**
   * Make the device when Terraform applies alone (`terraform.applying`), and
   * none when it plans; `config` is null there. For provisioners and write-only
   * arguments. Known at synthesis; not together with `enabled`.
   *
   * @default false
   */
  readonly onlyAtApply?: boolean;

  /**
   * Make it after the application's grants in its stack, so that whoever reads
   * with it finds the secrets there. In a plan nothing is granted yet, and the
   * device is made all the same, unless `onlyAtApply` says otherwise.
   *
   * @default true
   */
  readonly afterGrants?: boolean;

  /**
   * What has to be there first, when Terraform applies. It is joined with what
   * `node.addDependency` names.
   *
   * @default - the application's grants alone
   */
  readonly dependsOn?: ITerraformDependable[];

  /**
   * The provider of its vault: the application's; another one is an error.
   *
   * @default - the application's, else the stack's default one
   */
  readonly provider?: KsmProvider;
}

const TYPE = 'ksm_client_device';
const PROPS: Record<keyof EphemeralClientDeviceProps, true> = {
  application: true,
  name: true,
  ipLock: true,
  enabled: true,
  onlyAtApply: true,
  afterGrants: true,
  dependsOn: true,
  provider: true,
};

/**
 * A client device for one run of Terraform (1.10 or later): it is opened in plan
 * and in apply, closed at their end, and stands in no plan and in no state. At
 * apply it is made after the application's grants in its stack.
 * Where it may be used is Terraform's rule: in providers, provisioners and
 * write-only arguments.
 *
 * @stability stable
 */
export class EphemeralClientDevice extends Construct {
  /** Type of the ephemeral resource in Terraform. */
  public static readonly tfResourceType = TYPE;

  private readonly element: EphemeralElement;

  /**
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the address in Terraform
   * @param props application and name of the device, and when it is made
   */
  constructor(scope: Construct, id: string, props: EphemeralClientDeviceProps) {
    super(scope, id);
    const { application, name, ipLock, enabled, onlyAtApply, afterGrants, dependsOn, provider } = checked(
      'EphemeralClientDevice',
      this,
      props,
      PROPS,
      (given) => [
        validApplication(given.application),
        validName('name', given.name),
        validNoLock(given.ipLock),
        validBoolean('enabled', given.enabled),
        validSwitch('onlyAtApply', given.onlyAtApply),
        validMoment(given),
        validSwitch('afterGrants', given.afterGrants),
        validDependsOn(given.dependsOn),
        validProvider(given.provider),
      ],
    );
    this.element = new EphemeralElement(this, 'Resource', {
      application_id: application.id,
      name: literal(name),
      ip_lock: ipLock,
      enabled: onlyAtApply ? '${terraform.applying}' : enabled,
      provider: providerOf('EphemeralClientDevice', this, provider, application)?.fqn,
    });
    this.element.dependsOn = dependsOn?.map((one) => dependable(one));
    joinDependencies(this.element, dependsOn, () => (afterGrants === false ? [] : grantsFor(application, this)));
  }

  /** The configuration of the device (ephemeral), in base64 as `KSM_CONFIG` takes it. Good until the run ends. */
  public get config(): string {
    return Token.asString(ref(`ephemeral.${TYPE}.${this.element.friendlyUniqueId}.config`, TerraformStack.of(this)));
  }
}

function validNoLock(ipLock: boolean | undefined): Finding {
  if (ipLock !== true) return validBoolean('ipLock', ipLock);
  return 'ipLock is true. Expected false, since the service binds the device itself, from its own address.';
}

function validMoment({ enabled, onlyAtApply }: EphemeralClientDeviceProps): Finding {
  if (enabled === undefined || onlyAtApply === undefined) return undefined;
  return `enabled is ${show(enabled)} and onlyAtApply is ${show(onlyAtApply)}. Expected one of them.`;
}

/** cdktf 0.21 knows no ephemeral blocks; they are written as resources are, under a word of their own. */
class EphemeralElement extends TerraformElement {
  public dependsOn?: string[];

  constructor(
    scope: Construct,
    id: string,
    private readonly attributes: Record<string, string | boolean | IResolvable | undefined>,
  ) {
    super(scope, id, `ephemeral.${TYPE}`);
  }

  public override toTerraform(): object {
    const block = {
      ...this.attributes,
      depends_on: this.dependsOn,
      ...this.rawOverrides,
      '//': this.constructNodeMetadata,
    };
    return { ephemeral: { [TYPE]: { [this.friendlyUniqueId]: block } } };
  }
}
