import type { ITerraformDependable, ITerraformIterator, TerraformResourceLifecycle } from 'cdktf';
import type { KsmProvider } from './provider';

/**
 * What every resource of this library takes beside properties of its own.
 *
 * @stability stable
 */
export interface KsmResourceOptions {
  /**
   * The provider, and so the vault, that the resource belongs to. Of what
   * belongs to an application of the stack it is the application's; another one
   * is an error.
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
   * What has to be there first, beside what the resource refers to. It is joined
   * with what `node.addDependency` names.
   *
   * @default - nothing, and of devices and gateways made through an application its grants
   */
  readonly dependsOn?: ITerraformDependable[];

  /**
   * Makes one resource for each element of an iterator, whose keys Terraform
   * knows when it plans. Its attributes are read with `all()`. For what your
   * program knows, a loop over constructs is simpler.
   *
   * @default - one resource
   */
  readonly forEach?: ITerraformIterator;
}
