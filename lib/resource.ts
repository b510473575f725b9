import type { ITerraformDependable } from 'cdktf';
import type { IConstruct } from 'constructs';

/**
 * A construct of this library that is one resource of Terraform: others may wait for it with `dependsOn`.
 *
 * @stability stable
 */
export interface IKsmResource extends IConstruct, ITerraformDependable {
  /**
   * Takes over what exists already, instead of making it (an `import` block).
   *
   * @param id id of the resource, as its guide says, such as `<application UID>/<client id>` for a device
   */
  importFrom(id: string): void;

  /**
   * Keeps what stands in the state under the address of before, when the
   * construct has moved or has another id (`moved` blocks). Without it Terraform
   * makes it anew, with a new token. What stands below it is moved with it.
   *
   * An error is a path that begins with the stack, as `node.path` does, one with
   * `/` at an end, the construct's present one, and an address of Terraform.
   *
   * @param path where the construct was: ids from below the stack on, joined by `/`, such as `team/payments`
   */
  movedFrom(path: string): void;
}
