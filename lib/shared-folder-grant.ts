import type { Construct } from 'constructs';
import type { IKsmApplication } from './application';
import * as bindings from './bindings';
import { joinDependencies } from './private/dependencies';
import { Grant } from './private/grant';
import { providerOf } from './private/provider';
import { checked, optionFindings, validApplication, validBoolean, validSecret } from './private/validate';
import type { KsmResourceOptions } from './resource-options';
import type { ISecret } from './secret';
import type { ISharedFolder } from './shared-folder';

/**
 * Properties of a `SharedFolderGrant`.
 *
 * @stability stable
 */
export interface SharedFolderGrantProps extends KsmResourceOptions {
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

const PROPS: Record<keyof SharedFolderGrantProps, true> = {
  application: true,
  folder: true,
  editable: true,
  provider: true,
  lifecycle: true,
  dependsOn: true,
  forEach: true,
};

/**
 * Lets an application read a shared folder, and edit it if `editable`. There is one grant
 * a shared folder and application.
 *
 * `folder.grantRead(application)` and `folder.grantEdit(application)` make one, too.
 *
 * A UID that the vault does not have, or that is not one of a shared folder, fails when
 * Terraform applies.
 *
 * @stability stable
 * @see https://docs.keeper.io/keeperpam/secrets-manager/about/terminology
 */
export class SharedFolderGrant extends Grant {
  /** Type of the resource in Terraform. */
  public static readonly tfResourceType = bindings.SharedFolderGrant.tfResourceType;

  public readonly application: IKsmApplication;
  /** What is granted. */
  public readonly folder: ISharedFolder;
  /** @internal */
  protected readonly _resource: bindings.SharedFolderGrant;

  /**
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the address in Terraform
   * @param props application, shared folder, and whether it may be edited
   */
  constructor(scope: Construct, id: string, props: SharedFolderGrantProps) {
    super(scope, id);
    const { application, folder, editable, provider, lifecycle, dependsOn, forEach } = checked(
      'SharedFolderGrant',
      this,
      props,
      PROPS,
      (given) => [
        validApplication(given.application),
        validSecret('folder', given.folder),
        validBoolean('editable', given.editable),
        ...optionFindings(given),
      ],
    );
    this.application = application;
    this.folder = folder;
    this._resource = new bindings.SharedFolderGrant(this, 'Resource', {
      applicationId: application.id,
      folderUid: folder.uid,
      editable,
      provider: providerOf('SharedFolderGrant', this, provider, application, folder),
      lifecycle,
      dependsOn,
      forEach,
    });
    joinDependencies(this._resource, dependsOn);
    this._register();
  }

  /** What is granted: the shared folder. */
  public get secret(): ISecret {
    return this.folder;
  }
}
