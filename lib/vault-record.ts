import { Construct, type IConstruct } from 'constructs';
import type { IKsmApplication } from './application';
import { grantOnce } from './private/grant-scope';
import { validate, validUid } from './private/validate';
import { RecordGrant } from './record-grant';

/** A record of the Keeper vault. */
export interface IVaultRecord extends IConstruct {
  /** UID of the record, 22 characters. */
  readonly uid: string;

  /**
   * Lets an application's devices read it.
   *
   * The grant is a construct below the application, and so in its stack.
   * Granting twice is one grant; reading and then editing widens it.
   */
  grantRead(application: IKsmApplication): RecordGrant;

  /**
   * Lets an application's devices read and change it.
   *
   * The grant is a construct below the application, and so in its stack.
   * Granting twice is one grant; reading and then editing widens it.
   */
  grantEdit(application: IKsmApplication): RecordGrant;
}

/**
 * A record of the Keeper vault. Vault content is not managed here: it is
 * referred to by its UID.
 */
export class VaultRecord extends Construct implements IVaultRecord {
  /**
   * A record that exists in the vault.
   *
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the addresses of its grants in Terraform
   * @param uid UID of the record: 22 characters of `A-Z a-z 0-9 - _`
   */
  public static fromUid(scope: Construct, id: string, uid: string): IVaultRecord {
    return new VaultRecord(scope, id, uid);
  }

  public readonly uid: string;

  private constructor(scope: Construct, id: string, uid: string) {
    super(scope, id);
    validate('VaultRecord', this, [validUid('uid', uid)]);
    this.uid = uid;
  }

  public grantRead(application: IKsmApplication): RecordGrant {
    return this.grant(application, false);
  }

  public grantEdit(application: IKsmApplication): RecordGrant {
    return this.grant(application, true);
  }

  private grant(application: IKsmApplication, editable: boolean): RecordGrant {
    return grantOnce(
      this,
      application,
      editable,
      (scope, id) => new RecordGrant(scope, id, { application, record: this, ...(editable && { editable }) }),
    );
  }
}
