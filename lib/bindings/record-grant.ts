// https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/record_grant
// generated from terraform resource schema

import { Construct } from 'constructs';
import * as cdktf from 'cdktf';

// Configuration

export interface RecordGrantConfig extends cdktf.TerraformMetaArguments {
  /**
  * UID of the application, usually `ksm_application.<name>.id`. A change replaces.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/record_grant#application_id RecordGrant#application_id}
  */
  readonly applicationId: string;
  /**
  * Whether devices of the application may also change what is granted ("Can Edit"); a gateway needs it. Default: `false`, read only. Changes in place.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/record_grant#editable RecordGrant#editable}
  */
  readonly editable?: boolean | cdktf.IResolvable;
  /**
  * UID of the record: 22 characters, as the vault shows it. A change replaces.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/record_grant#record_uid RecordGrant#record_uid}
  */
  readonly recordUid: string;
}

/**
* Represents a {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/record_grant ksm_record_grant}
*/
export class RecordGrant extends cdktf.TerraformResource {

  // =================
  // STATIC PROPERTIES
  // =================
  public static readonly tfResourceType = "ksm_record_grant";

  // ==============
  // STATIC Methods
  // ==============
  /**
  * Generates CDKTF code for importing a RecordGrant resource upon running "cdktf plan <stack-name>"
  * @param scope The scope in which to define this construct
  * @param importToId The construct id used in the generated config for the RecordGrant to import
  * @param importFromId The id of the existing RecordGrant that should be imported. Refer to the {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/record_grant#import import section} in the documentation of this resource for the id to use
  * @param provider? Optional instance of the provider where the RecordGrant to import is found
  */
  public static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider) {
        return new cdktf.ImportableResource(scope, importToId, { terraformResourceType: "ksm_record_grant", importId: importFromId, provider });
      }

  // ===========
  // INITIALIZER
  // ===========

  /**
  * Create a new {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/record_grant ksm_record_grant} Resource
  *
  * @param scope The scope in which to define this construct
  * @param id The scoped construct ID. Must be unique amongst siblings in the same scope
  * @param options RecordGrantConfig
  */
  public constructor(scope: Construct, id: string, config: RecordGrantConfig) {
    super(scope, id, {
      terraformResourceType: 'ksm_record_grant',
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
    this._recordUid = config.recordUid;
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

  // id - computed: true, optional: false, required: false
  public get id() {
    return this.getStringAttribute('id');
  }

  // record_uid - computed: false, optional: false, required: true
  private _recordUid?: string;
  public get recordUid() {
    return this.getStringAttribute('record_uid');
  }
  public set recordUid(value: string) {
    this._recordUid = value;
  }
  // Temporarily expose input value. Use with caution.
  public get recordUidInput() {
    return this._recordUid;
  }

  // =========
  // SYNTHESIS
  // =========

  protected override synthesizeAttributes(): { [name: string]: any } {
    return {
      application_id: cdktf.stringToTerraform(this._applicationId),
      editable: cdktf.booleanToTerraform(this._editable),
      record_uid: cdktf.stringToTerraform(this._recordUid),
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
      record_uid: {
        value: cdktf.stringToHclTerraform(this._recordUid),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
    };

    // remove undefined attributes
    return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined ))
  }
}
