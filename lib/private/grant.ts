import { type TerraformResource, Token } from 'cdktf';
import type { IKsmApplication } from '../application';
import type { ISecret, ISecretGrant } from '../secret';
import { registerGrant } from './grants';
import { KsmResource } from './resource';

/**
 * What a grant of a folder and one of a record share.
 *
 * @internal
 */
export abstract class Grant extends KsmResource implements ISecretGrant {
  public abstract readonly secret: ISecret;

  /** The application that may read it. */
  public abstract readonly application: IKsmApplication;

  /** @internal */
  protected abstract override readonly _resource: TerraformResource & {
    editable?: unknown;
    readonly editableInput?: unknown;
  };

  /** `<application UID>/<UID of the secret>`. */
  public get id(): string {
    return this._text('id', 'id');
  }

  /** Whether devices of the application may change what they read, too. False where only Terraform knows. */
  public get editable(): boolean {
    const { editableInput } = this._resource;
    return editableInput === true && !Token.isUnresolved(editableInput);
  }

  /** @internal */
  public _widen(): void {
    this._resource.editable = true;
  }

  /** @internal */
  protected _register(): void {
    registerGrant(this, this._resource);
  }
}
