import { Construct, type IConstruct } from 'constructs';
import type { IKsmApplication } from './application';
import { grantOnce } from './private/grant-scope';
import { validate, validUid } from './private/validate';
import { SharedFolderGrant } from './shared-folder-grant';

/** A shared folder of the Keeper vault. */
export interface ISharedFolder extends IConstruct {
  /** UID of the shared folder, 22 characters. */
  readonly uid: string;

  /**
   * Lets an application's devices read its records.
   *
   * The grant is a construct below the application, and so in its stack.
   * Granting twice is one grant; reading and then editing widens it.
   */
  grantRead(application: IKsmApplication): SharedFolderGrant;

  /**
   * Lets an application's devices read and change its records.
   *
   * The grant is a construct below the application, and so in its stack.
   * Granting twice is one grant; reading and then editing widens it.
   */
  grantEdit(application: IKsmApplication): SharedFolderGrant;
}

/**
 * A shared folder of the Keeper vault. Vault content is not managed here: it is
 * referred to by its UID.
 */
export class SharedFolder extends Construct implements ISharedFolder {
  /**
   * A shared folder that exists in the vault.
   *
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the addresses of its grants in Terraform
   * @param uid UID of the shared folder: 22 characters of `A-Z a-z 0-9 - _`
   */
  public static fromUid(scope: Construct, id: string, uid: string): ISharedFolder {
    return new SharedFolder(scope, id, uid);
  }

  public readonly uid: string;

  private constructor(scope: Construct, id: string, uid: string) {
    super(scope, id);
    validate('SharedFolder', this, [validUid('uid', uid)]);
    this.uid = uid;
  }

  public grantRead(application: IKsmApplication): SharedFolderGrant {
    return this.grant(application, false);
  }

  public grantEdit(application: IKsmApplication): SharedFolderGrant {
    return this.grant(application, true);
  }

  private grant(application: IKsmApplication, editable: boolean): SharedFolderGrant {
    return grantOnce(
      this,
      application,
      editable,
      (scope, id) => new SharedFolderGrant(scope, id, { application, folder: this, ...(editable && { editable }) }),
    );
  }
}
