import { Construct } from 'constructs';
import type { IKsmApplication } from './application';
import * as bindings from './bindings';
import { registerGrant } from './private/grants-first';
import type { ISharedFolder } from './shared-folder';

/** Properties of a `SharedFolderGrant`. */
export interface SharedFolderGrantProps {
  /** The application that may read the shared folder. A change replaces the grant. */
  readonly application: IKsmApplication;

  /** The shared folder. A change replaces the grant. */
  readonly folder: ISharedFolder;

  /**
   * Whether devices of the application may change what they read, too. A change
   * is made in place.
   *
   * @default false
   */
  readonly editable?: boolean;
}

/**
 * Lets an application read a shared folder, and edit it if `editable`. There is one grant
 * a shared folder and application.
 *
 * `folder.grantRead(application)` and `folder.grantEdit(application)` make one, too.
 *
 * A UID that the vault does not have, or that is not one of a shared folder, fails when
 * Terraform applies.
 *
 * @see https://docs.keeper.io/keeperpam/secrets-manager/about/terminology
 */
export class SharedFolderGrant extends Construct {
  private readonly resource: bindings.SharedFolderGrant;

  /**
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the address in Terraform
   * @param props application, shared folder, and whether it may be edited
   */
  constructor(scope: Construct, id: string, props: SharedFolderGrantProps) {
    super(scope, id);
    this.resource = new bindings.SharedFolderGrant(this, 'Resource', {
      applicationId: props.application.id,
      folderUid: props.folder.uid,
      editable: props.editable,
    });
    registerGrant(props.application, this.resource);
  }

  /** `<application UID>/<shared folder UID>`. */
  public get id(): string {
    return this.resource.id;
  }
}
