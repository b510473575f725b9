// https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/gateway
// generated from terraform resource schema

import { Construct } from 'constructs';
import * as cdktf from 'cdktf';

// Configuration

export interface GatewayConfig extends cdktf.TerraformMetaArguments {
  /**
  * UID of the application, usually `ksm_application.<name>.id`. A change replaces.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/gateway#application_id Gateway#application_id}
  */
  readonly applicationId: string;
  /**
  * How the credential is handed out. `token` (the default): a one-time token, in `one_time_token`, which its holder redeems once for a configuration. `config`: the finished configuration, in `config`, which works at once and until it is revoked, so that a leaked state or plan is worth more to a thief than with a token. The container image takes a configuration as `GATEWAY_CONFIG`. A change replaces.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/gateway#initialization Gateway#initialization}
  */
  readonly initialization?: string;
  /**
  * Name of the gateway, 1 to 255 characters. Changes in place once the gateway has initialised; before that, a change replaces.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/gateway#name Gateway#name}
  */
  readonly name: string;
  /**
  * What to do when the service says that the credential has ended. `unredeemed` (the default): a one-time token that lapsed before anyone redeemed it is replaced by a new one. `expired`: the same, since the access of a gateway has no end. `never`: nothing is renewed. A token that was redeemed plans nothing, whatever is set here. Changes in place.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/gateway#reissue Gateway#reissue}
  */
  readonly reissue?: string;
  /**
  * Any text by any key; a change of it replaces, and so issues a new credential and revokes the old one. Not for secrets: it is shown in plans. After an import the first value is adopted without replacing.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/gateway#rotation_triggers Gateway#rotation_triggers}
  */
  readonly rotationTriggers?: { [key: string]: string };
  /**
  * Curve25519 public key, 32 bytes in base64: the credential leaves the service only as a libsodium sealed box for the owner of this key, in `sealed_one_time_token` or `sealed_config`, and no usable secret gets into plan or state. `key` of the data source `github_actions_public_key` is one, and the box is what `encrypted_value` of `github_actions_secret` takes. Default: the credential is in `one_time_token` or `config`. A change replaces.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/gateway#seal_to_public_key Gateway#seal_to_public_key}
  */
  readonly sealToPublicKey?: string;
  /**
  * How long the unused one-time token can be redeemed, in minutes from its creation, 1 to 1440 (a day). Default: 60. Of no meaning with `initialization = "config"`. Changes in place, for the next token: the one that was issued keeps its end.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/gateway#token_expires_in_minutes Gateway#token_expires_in_minutes}
  */
  readonly tokenExpiresInMinutes?: number;
}

/**
* Represents a {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/gateway ksm_gateway}
*/
export class Gateway extends cdktf.TerraformResource {

  // =================
  // STATIC PROPERTIES
  // =================
  public static readonly tfResourceType = "ksm_gateway";

  // ==============
  // STATIC Methods
  // ==============
  /**
  * Generates CDKTF code for importing a Gateway resource upon running "cdktf plan <stack-name>"
  * @param scope The scope in which to define this construct
  * @param importToId The construct id used in the generated config for the Gateway to import
  * @param importFromId The id of the existing Gateway that should be imported. Refer to the {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/gateway#import import section} in the documentation of this resource for the id to use
  * @param provider? Optional instance of the provider where the Gateway to import is found
  */
  public static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider) {
        return new cdktf.ImportableResource(scope, importToId, { terraformResourceType: "ksm_gateway", importId: importFromId, provider });
      }

  // ===========
  // INITIALIZER
  // ===========

  /**
  * Create a new {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs/resources/gateway ksm_gateway} Resource
  *
  * @param scope The scope in which to define this construct
  * @param id The scoped construct ID. Must be unique amongst siblings in the same scope
  * @param options GatewayConfig
  */
  public constructor(scope: Construct, id: string, config: GatewayConfig) {
    super(scope, id, {
      terraformResourceType: 'ksm_gateway',
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
    this._initialization = config.initialization;
    this._name = config.name;
    this._reissue = config.reissue;
    this._rotationTriggers = config.rotationTriggers;
    this._sealToPublicKey = config.sealToPublicKey;
    this._tokenExpiresInMinutes = config.tokenExpiresInMinutes;
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

  // client_id - computed: true, optional: false, required: false
  public get clientId() {
    return this.getStringAttribute('client_id');
  }

  // config - computed: true, optional: false, required: false
  public get config() {
    return this.getStringAttribute('config');
  }

  // created_at - computed: true, optional: false, required: false
  public get createdAt() {
    return this.getStringAttribute('created_at');
  }

  // gateway_uid - computed: true, optional: false, required: false
  public get gatewayUid() {
    return this.getStringAttribute('gateway_uid');
  }

  // hostname - computed: true, optional: false, required: false
  public get hostname() {
    return this.getStringAttribute('hostname');
  }

  // id - computed: true, optional: false, required: false
  public get id() {
    return this.getStringAttribute('id');
  }

  // initialization - computed: true, optional: true, required: false
  private _initialization?: string;
  public get initialization() {
    return this.getStringAttribute('initialization');
  }
  public set initialization(value: string) {
    this._initialization = value;
  }
  public resetInitialization() {
    this._initialization = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get initializationInput() {
    return this._initialization;
  }

  // name - computed: false, optional: false, required: true
  private _name?: string;
  public get name() {
    return this.getStringAttribute('name');
  }
  public set name(value: string) {
    this._name = value;
  }
  // Temporarily expose input value. Use with caution.
  public get nameInput() {
    return this._name;
  }

  // one_time_token - computed: true, optional: false, required: false
  public get oneTimeToken() {
    return this.getStringAttribute('one_time_token');
  }

  // reissue - computed: true, optional: true, required: false
  private _reissue?: string;
  public get reissue() {
    return this.getStringAttribute('reissue');
  }
  public set reissue(value: string) {
    this._reissue = value;
  }
  public resetReissue() {
    this._reissue = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get reissueInput() {
    return this._reissue;
  }

  // rotation_triggers - computed: false, optional: true, required: false
  private _rotationTriggers?: { [key: string]: string };
  public get rotationTriggers() {
    return this.getStringMapAttribute('rotation_triggers');
  }
  public set rotationTriggers(value: { [key: string]: string }) {
    this._rotationTriggers = value;
  }
  public resetRotationTriggers() {
    this._rotationTriggers = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get rotationTriggersInput() {
    return this._rotationTriggers;
  }

  // seal_to_public_key - computed: false, optional: true, required: false
  private _sealToPublicKey?: string;
  public get sealToPublicKey() {
    return this.getStringAttribute('seal_to_public_key');
  }
  public set sealToPublicKey(value: string) {
    this._sealToPublicKey = value;
  }
  public resetSealToPublicKey() {
    this._sealToPublicKey = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get sealToPublicKeyInput() {
    return this._sealToPublicKey;
  }

  // sealed_config - computed: true, optional: false, required: false
  public get sealedConfig() {
    return this.getStringAttribute('sealed_config');
  }

  // sealed_one_time_token - computed: true, optional: false, required: false
  public get sealedOneTimeToken() {
    return this.getStringAttribute('sealed_one_time_token');
  }

  // token_expires_at - computed: true, optional: false, required: false
  public get tokenExpiresAt() {
    return this.getStringAttribute('token_expires_at');
  }

  // token_expires_in_minutes - computed: true, optional: true, required: false
  private _tokenExpiresInMinutes?: number;
  public get tokenExpiresInMinutes() {
    return this.getNumberAttribute('token_expires_in_minutes');
  }
  public set tokenExpiresInMinutes(value: number) {
    this._tokenExpiresInMinutes = value;
  }
  public resetTokenExpiresInMinutes() {
    this._tokenExpiresInMinutes = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get tokenExpiresInMinutesInput() {
    return this._tokenExpiresInMinutes;
  }

  // =========
  // SYNTHESIS
  // =========

  protected override synthesizeAttributes(): { [name: string]: any } {
    return {
      application_id: cdktf.stringToTerraform(this._applicationId),
      initialization: cdktf.stringToTerraform(this._initialization),
      name: cdktf.stringToTerraform(this._name),
      reissue: cdktf.stringToTerraform(this._reissue),
      rotation_triggers: cdktf.hashMapper(cdktf.stringToTerraform)(this._rotationTriggers),
      seal_to_public_key: cdktf.stringToTerraform(this._sealToPublicKey),
      token_expires_in_minutes: cdktf.numberToTerraform(this._tokenExpiresInMinutes),
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
      initialization: {
        value: cdktf.stringToHclTerraform(this._initialization),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      name: {
        value: cdktf.stringToHclTerraform(this._name),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      reissue: {
        value: cdktf.stringToHclTerraform(this._reissue),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      rotation_triggers: {
        value: cdktf.hashMapperHcl(cdktf.stringToHclTerraform)(this._rotationTriggers),
        isBlock: false,
        type: "map",
        storageClassType: "stringMap",
      },
      seal_to_public_key: {
        value: cdktf.stringToHclTerraform(this._sealToPublicKey),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      token_expires_in_minutes: {
        value: cdktf.numberToHclTerraform(this._tokenExpiresInMinutes),
        isBlock: false,
        type: "simple",
        storageClassType: "number",
      },
    };

    // remove undefined attributes
    return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined ))
  }
}
