import { dependable, type ITerraformDependable, ref, TerraformElement, TerraformStack, Token } from 'cdktf';
import { Construct } from 'constructs';
import type { IKsmApplication } from './application';
import { joinDependencies } from './private/dependencies';
import { grantsFor } from './private/grants';
import { literal } from './private/literal';
import { providerOf } from './private/provider';
import { validApplication, validate, validBoolean, validDependsOn, validKeys, validName } from './private/validate';
import type { KsmProvider } from './provider';

/** Properties of an `EphemeralClientDevice`. */
export interface EphemeralClientDeviceProps {
  /** The application whose secrets the device reads. */
  readonly application: IKsmApplication;

  /**
   * Name of the device, as lists and the audit trail show it: 1 to 255
   * characters without control characters, taken literally.
   */
  readonly name: string;

  /**
   * Make the device when Terraform applies alone (`terraform.applying`), and
   * none when it plans; `config` is null there. For provisioners and write-only
   * arguments.
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
    validate('EphemeralClientDevice', this, [
      validKeys(props, PROPS),
      validApplication(props.application),
      validName('name', props.name),
      validBoolean('onlyAtApply', props.onlyAtApply),
      validBoolean('afterGrants', props.afterGrants),
      validDependsOn(props.dependsOn),
    ]);
    this.element = new EphemeralElement(this, 'Resource', {
      application_id: props.application.id,
      name: literal(props.name),
      enabled: props.onlyAtApply ? '${terraform.applying}' : undefined,
      provider: providerOf('EphemeralClientDevice', this, props.provider, props.application)?.fqn,
    });
    this.element.dependsOn = props.dependsOn?.map((one) => dependable(one));
    joinDependencies(this.element, props.dependsOn, () =>
      props.afterGrants === false ? [] : grantsFor(props.application, this),
    );
  }

  /** The configuration of the device (ephemeral), in base64 as `KSM_CONFIG` takes it. Good until the run ends. */
  public get config(): string {
    return Token.asString(ref(`ephemeral.${TYPE}.${this.element.friendlyUniqueId}.config`, TerraformStack.of(this)));
  }
}

/** cdktf 0.21 knows no ephemeral blocks; they are written as resources are, under a word of their own. */
class EphemeralElement extends TerraformElement {
  public dependsOn?: string[];

  constructor(
    scope: Construct,
    id: string,
    private readonly attributes: Record<string, string | undefined>,
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
