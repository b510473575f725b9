import type { ITerraformDependable, TerraformResourceLifecycle } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { IKsmApplication } from './application';
import type { KsmProvider } from './provider';
import type { IKsmResource } from './resource';

/**
 * What can be granted to an application: a shared folder or a record of the vault.
 *
 * @stability stable
 */
export interface ISecret extends IConstruct {
  /** UID of the secret, 22 characters. Of one that is looked up it is known once Terraform has read it. */
  readonly uid: string;

  /**
   * The provider of the vault that it is in, where one was named.
   *
   * @default - the application's
   */
  readonly provider?: KsmProvider;

  /**
   * Lets an application's devices read it.
   *
   * The grant is a construct below the application, and so in its stack.
   * Granting twice is one grant; reading and then editing widens it.
   *
   * @param application who may read it
   * @param options what else Terraform is told of the grant
   */
  grantRead(application: IKsmApplication, options?: GrantOptions): ISecretGrant;

  /**
   * Lets an application's devices read and change it.
   *
   * The grant is a construct below the application, and so in its stack.
   * Granting twice is one grant; reading and then editing widens it.
   *
   * @param application who may change it
   * @param options what else Terraform is told of the grant
   */
  grantEdit(application: IKsmApplication, options?: GrantOptions): ISecretGrant;
}

/**
 * What a grant made from the side of the secret takes: where it is granted first.
 *
 * @stability stable
 */
export interface GrantOptions {
  /**
   * Terraform's lifecycle of the grant.
   *
   * @default - none
   */
  readonly lifecycle?: TerraformResourceLifecycle;

  /**
   * What has to be there before the grant.
   *
   * @default - nothing
   */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * An application's right to read or to edit a secret.
 *
 * @stability stable
 */
export interface ISecretGrant extends IKsmResource {
  /** `<application UID>/<UID of the secret>`. */
  readonly id: string;
  /** Who may read it. */
  readonly application: IKsmApplication;
  /** What is granted. */
  readonly secret: ISecret;
  /** Whether devices of the application may change what they read, too. False where only Terraform knows. */
  readonly editable: boolean;
}

/**
 * Where a secret is found that the vault has.
 *
 * @stability stable
 */
export interface SecretOptions {
  /**
   * The provider of the vault that it is in. An application of another one is
   * refused.
   *
   * @default - when it is looked up, the stack's default one
   */
  readonly provider?: KsmProvider;
}
