// https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/shared_folder_grant
// generated from terraform resource schema

import { Construct } from 'constructs';
import * as cdktf from 'cdktf';

// Configuration

export interface SharedFolderGrantConfig extends cdktf.TerraformMetaArguments {
  /**
  * UID of the application, usually `ksm_application.<name>.id`. A change replaces.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/shared_folder_grant#application_id SharedFolderGrant#application_id}
  */
  readonly applicationId: string;
  /**
  * Whether devices of the application may also change what is granted ("Can Edit"); a gateway needs it. Default: `false`, read only. Changes in place.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/shared_folder_grant#editable SharedFolderGrant#editable}
  */
  readonly editable?: boolean | cdktf.IResolvable;
  /**
  * UID of the shared folder: 22 characters, as the vault shows it. A change replaces.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/shared_folder_grant#folder_uid SharedFolderGrant#folder_uid}
  */
  readonly folderUid: string;
}

/**
* Represents a {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/shared_folder_grant ksm_shared_folder_grant}
*/
export class SharedFolderGrant extends cdktf.TerraformResource {

  // =================
  // STATIC PROPERTIES
  // =================
  public static readonly tfResourceType = "ksm_shared_folder_grant";

  // ==============
  // STATIC Methods
  // ==============
  /**
  * Generates CDKTF code for importing a SharedFolderGrant resource upon running "cdktf plan <stack-name>"
  * @param scope The scope in which to define this construct
  * @param importToId The construct id used in the generated config for the SharedFolderGrant to import
  * @param importFromId The id of the existing SharedFolderGrant that should be imported. Refer to the {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/shared_folder_grant#import import section} in the documentation of this resource for the id to use
  * @param provider? Optional instance of the provider where the SharedFolderGrant to import is found
  */
  public static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider) {
        return new cdktf.ImportableResource(scope, importToId, { terraformResourceType: "ksm_shared_folder_grant", importId: importFromId, provider });
      }

  // ===========
  // INITIALIZER
  // ===========

  /**
  * Create a new {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/shared_folder_grant ksm_shared_folder_grant} Resource
  *
  * @param scope The scope in which to define this construct
  * @param id The scoped construct ID. Must be unique amongst siblings in the same scope
  * @param options SharedFolderGrantConfig
  */
  public constructor(scope: Construct, id: string, config: SharedFolderGrantConfig) {
    super(scope, id, {
      terraformResourceType: 'ksm_shared_folder_grant',
      terraformGeneratorMetadata: {
        providerName: 'ksm',
        providerVersionConstraint: '~> 0.1'
      },
      provider: config.provider,
      dependsOn: config.dependsOn,
      count: config.count,
      lifecycle: config.lifecycle,
      provisioners: config.provisioners,
      connection: config.connection,
      forEach: config.forEach
    });
    this._applicationId = config.applicationId;
    this._editable = config.editable;
    this._folderUid = config.folderUid;
  }

  // ==========
  // ATTRIBUTES
  // ==========

  // application_id - computed: false, optional: false, required: true
  private _applicationId?: string;
  public get applicationId() {
    return this.getStringAttribute('application_id');
  }
  public set applicationId(value: string) {
    this._applicationId = value;
  }
  // Temporarily expose input value. Use with caution.
  public get applicationIdInput() {
    return this._applicationId;
  }

  // editable - computed: true, optional: true, required: false
  private _editable?: boolean | cdktf.IResolvable;
  public get editable() {
    return this.getBooleanAttribute('editable');
  }
  public set editable(value: boolean | cdktf.IResolvable) {
    this._editable = value;
  }
  public resetEditable() {
    this._editable = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get editableInput() {
    return this._editable;
  }

  // folder_uid - computed: false, optional: false, required: true
  private _folderUid?: string;
  public get folderUid() {
    return this.getStringAttribute('folder_uid');
  }
  public set folderUid(value: string) {
    this._folderUid = value;
  }
  // Temporarily expose input value. Use with caution.
  public get folderUidInput() {
    return this._folderUid;
  }

  // id - computed: true, optional: false, required: false
  public get id() {
    return this.getStringAttribute('id');
  }

  // =========
  // SYNTHESIS
  // =========

  protected override synthesizeAttributes(): { [name: string]: any } {
    return {
      application_id: cdktf.stringToTerraform(this._applicationId),
      editable: cdktf.booleanToTerraform(this._editable),
      folder_uid: cdktf.stringToTerraform(this._folderUid),
    };
  }

  protected override synthesizeHclAttributes(): { [name: string]: any } {
    const attrs = {
      application_id: {
        value: cdktf.stringToHclTerraform(this._applicationId),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      editable: {
        value: cdktf.booleanToHclTerraform(this._editable),
        isBlock: false,
        type: "simple",
        storageClassType: "boolean",
      },
      folder_uid: {
        value: cdktf.stringToHclTerraform(this._folderUid),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
    };

    // remove undefined attributes
    return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined ))
  }
}
