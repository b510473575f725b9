import { Construct } from 'constructs';
import type { IKsmApplication } from '../application';
import type { KsmProvider } from '../provider';
import type { GrantOptions, ISecret, ISecretGrant } from '../secret';
import { grantOnce } from './grants';

/** What a grant of either kind is made of. */
export interface GrantSpec extends GrantOptions {
  readonly application: IKsmApplication;
  readonly editable?: boolean;
}

/**
 * What folders and records share: granting.
 *
 * @internal
 */
export abstract class Secret extends Construct implements ISecret {
  public abstract readonly uid: string;
  public abstract readonly provider?: KsmProvider;

  /**
   * What it is: the one is no other, also in other languages and copies of this library.
   *
   * @internal
   */
  public abstract readonly _kind: 'SharedFolder' | 'VaultRecord';

  /** @internal */
  protected abstract _grant(scope: Construct, id: string, spec: GrantSpec): ISecretGrant & { _widen(): void };

  /**
   * Lets an application's devices read it.
   *
   * The grant is a construct below the application, and so in its stack.
   * Granting twice is one grant; reading and then editing widens it.
   *
   * @param application who may read it
   * @param options what else Terraform is told of the grant
   */
  public grantRead(application: IKsmApplication, options?: GrantOptions): ISecretGrant {
    return this.grantOf(application, false, options);
  }

  /**
   * Lets an application's devices read and change it.
   *
   * The grant is a construct below the application, and so in its stack.
   * Granting twice is one grant; reading and then editing widens it.
   *
   * @param application who may change it
   * @param options what else Terraform is told of the grant
   */
  public grantEdit(application: IKsmApplication, options?: GrantOptions): ISecretGrant {
    return this.grantOf(application, true, options);
  }

  private grantOf(application: IKsmApplication, editable: boolean, options?: GrantOptions): ISecretGrant {
    return grantOnce(this, application, editable, options, (scope, id) =>
      this._grant(scope, id, { ...options, application, ...(editable && { editable }) }),
    );
  }
}
