import type { ITerraformDependable, TerraformResourceLifecycle } from 'cdktf';
import type { KsmProvider } from './provider';

/** What every resource of this library takes beside properties of its own. */
export interface KsmResourceOptions {
  /**
   * The provider, and so the vault, that the resource belongs to.
   *
   * @default - the one of the application that it stands below, else the stack's default one
   */
  readonly provider?: KsmProvider;

  /**
   * Terraform's lifecycle of the resource, such as `{ preventDestroy: true }`.
   *
   * @default - none
   */
  readonly lifecycle?: TerraformResourceLifecycle;

  /**
   * What has to be there first, beside what the resource refers to.
   *
   * @default - nothing, and of devices and gateways made through an application its grants
   */
  readonly dependsOn?: ITerraformDependable[];
}
