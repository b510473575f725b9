// https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs
// generated from terraform resource schema

import { Construct } from 'constructs';
import * as cdktf from 'cdktf';

// Configuration

export interface KsmProviderConfig {
  /**
  * Certificate of the CA that signed the service's certificate, PEM text. Not together with `ca_certificate_file`. Default: the environment variable `KSM_IAC_CA_CERTIFICATE`, or else the public roots.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs#ca_certificate KsmProvider#ca_certificate}
  */
  readonly caCertificate?: string;
  /**
  * File with that certificate, in PEM form. Not together with `ca_certificate`. Default: the environment variable `KSM_IAC_CA_CERTIFICATE_FILE`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs#ca_certificate_file KsmProvider#ca_certificate_file}
  */
  readonly caCertificateFile?: string;
  /**
  * URL of the service, for instance `https://127.0.0.1:8443`; plain `http://` for this machine alone. Default: the environment variable `KSM_IAC_ENDPOINT`; one of both is needed.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs#endpoint KsmProvider#endpoint}
  */
  readonly endpoint?: string;
  /**
  * Retries of a call after a failure that may pass, 0 to 100; waits that the service asks for do not count. Default: 4.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs#max_retries KsmProvider#max_retries}
  */
  readonly maxRetries?: number;
  /**
  * Longest wait for one operation on a resource with all its calls and retries, in seconds, 1 to 86400. Default: 600.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs#operation_timeout_seconds KsmProvider#operation_timeout_seconds}
  */
  readonly operationTimeoutSeconds?: number;
  /**
  * Longest wait for one HTTP attempt, in seconds, 1 to 3600. Default: 60.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs#request_timeout_seconds KsmProvider#request_timeout_seconds}
  */
  readonly requestTimeoutSeconds?: number;
  /**
  * API token of the service, made by `ksm-iac token create`. Default: the environment variable `KSM_IAC_TOKEN`, which keeps it out of the configuration; one of both is needed.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs#token KsmProvider#token}
  */
  readonly token?: string;
  /**
  * What it means when another vault is behind the endpoint than the one that a resource was made in. `refuse`: an error at refresh and before every update and delete. `recreate`: everything is taken as gone and planned anew, for throw-away vaults. Default: the environment variable `KSM_IAC_VAULT_CHANGE`, or else `refuse`.
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs#vault_change KsmProvider#vault_change}
  */
  readonly vaultChange?: string;
  /**
  * Alias name
  *
  * Docs at Terraform Registry: {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs#alias KsmProvider#alias}
  */
  readonly alias?: string;
}

/**
* Represents a {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs ksm}
*/
export class KsmProvider extends cdktf.TerraformProvider {

  // =================
  // STATIC PROPERTIES
  // =================
  public static readonly tfResourceType = "ksm";

  // ==============
  // STATIC Methods
  // ==============
  /**
  * Generates CDKTF code for importing a KsmProvider resource upon running "cdktf plan <stack-name>"
  * @param scope The scope in which to define this construct
  * @param importToId The construct id used in the generated config for the KsmProvider to import
  * @param importFromId The id of the existing KsmProvider that should be imported. Refer to the {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs#import import section} in the documentation of this resource for the id to use
  * @param provider? Optional instance of the provider where the KsmProvider to import is found
  */
  public static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: cdktf.TerraformProvider) {
        return new cdktf.ImportableResource(scope, importToId, { terraformResourceType: "ksm", importId: importFromId, provider });
      }

  // ===========
  // INITIALIZER
  // ===========

  /**
  * Create a new {@link https://registry.terraform.io/providers/ksm-iac/ksm/latest/docs ksm} Resource
  *
  * @param scope The scope in which to define this construct
  * @param id The scoped construct ID. Must be unique amongst siblings in the same scope
  * @param options KsmProviderConfig = {}
  */
  public constructor(scope: Construct, id: string, config: KsmProviderConfig = {}) {
    super(scope, id, {
      terraformResourceType: 'ksm',
      terraformGeneratorMetadata: {
        providerName: 'ksm',
        providerVersionConstraint: '~> 0.1'
      },
      terraformProviderSource: 'ksm-iac/ksm'
    });
    this._caCertificate = config.caCertificate;
    this._caCertificateFile = config.caCertificateFile;
    this._endpoint = config.endpoint;
    this._maxRetries = config.maxRetries;
    this._operationTimeoutSeconds = config.operationTimeoutSeconds;
    this._requestTimeoutSeconds = config.requestTimeoutSeconds;
    this._token = config.token;
    this._vaultChange = config.vaultChange;
    this._alias = config.alias;
  }

  // ==========
  // ATTRIBUTES
  // ==========

  // ca_certificate - computed: false, optional: true, required: false
  private _caCertificate?: string;
  public get caCertificate() {
    return this._caCertificate;
  }
  public set caCertificate(value: string | undefined) {
    this._caCertificate = value;
  }
  public resetCaCertificate() {
    this._caCertificate = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get caCertificateInput() {
    return this._caCertificate;
  }

  // ca_certificate_file - computed: false, optional: true, required: false
  private _caCertificateFile?: string;
  public get caCertificateFile() {
    return this._caCertificateFile;
  }
  public set caCertificateFile(value: string | undefined) {
    this._caCertificateFile = value;
  }
  public resetCaCertificateFile() {
    this._caCertificateFile = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get caCertificateFileInput() {
    return this._caCertificateFile;
  }

  // endpoint - computed: false, optional: true, required: false
  private _endpoint?: string;
  public get endpoint() {
    return this._endpoint;
  }
  public set endpoint(value: string | undefined) {
    this._endpoint = value;
  }
  public resetEndpoint() {
    this._endpoint = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get endpointInput() {
    return this._endpoint;
  }

  // max_retries - computed: false, optional: true, required: false
  private _maxRetries?: number;
  public get maxRetries() {
    return this._maxRetries;
  }
  public set maxRetries(value: number | undefined) {
    this._maxRetries = value;
  }
  public resetMaxRetries() {
    this._maxRetries = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get maxRetriesInput() {
    return this._maxRetries;
  }

  // operation_timeout_seconds - computed: false, optional: true, required: false
  private _operationTimeoutSeconds?: number;
  public get operationTimeoutSeconds() {
    return this._operationTimeoutSeconds;
  }
  public set operationTimeoutSeconds(value: number | undefined) {
    this._operationTimeoutSeconds = value;
  }
  public resetOperationTimeoutSeconds() {
    this._operationTimeoutSeconds = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get operationTimeoutSecondsInput() {
    return this._operationTimeoutSeconds;
  }

  // request_timeout_seconds - computed: false, optional: true, required: false
  private _requestTimeoutSeconds?: number;
  public get requestTimeoutSeconds() {
    return this._requestTimeoutSeconds;
  }
  public set requestTimeoutSeconds(value: number | undefined) {
    this._requestTimeoutSeconds = value;
  }
  public resetRequestTimeoutSeconds() {
    this._requestTimeoutSeconds = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get requestTimeoutSecondsInput() {
    return this._requestTimeoutSeconds;
  }

  // token - computed: false, optional: true, required: false
  private _token?: string;
  public get token() {
    return this._token;
  }
  public set token(value: string | undefined) {
    this._token = value;
  }
  public resetToken() {
    this._token = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get tokenInput() {
    return this._token;
  }

  // vault_change - computed: false, optional: true, required: false
  private _vaultChange?: string;
  public get vaultChange() {
    return this._vaultChange;
  }
  public set vaultChange(value: string | undefined) {
    this._vaultChange = value;
  }
  public resetVaultChange() {
    this._vaultChange = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get vaultChangeInput() {
    return this._vaultChange;
  }

  // alias - computed: false, optional: true, required: false
  private _alias?: string;
  public override get alias() {
    return this._alias;
  }
  public override set alias(value: string | undefined) {
    this._alias = value;
  }
  public resetAlias() {
    this._alias = undefined;
  }
  // Temporarily expose input value. Use with caution.
  public get aliasInput() {
    return this._alias;
  }

  // =========
  // SYNTHESIS
  // =========

  protected override synthesizeAttributes(): { [name: string]: any } {
    return {
      ca_certificate: cdktf.stringToTerraform(this._caCertificate),
      ca_certificate_file: cdktf.stringToTerraform(this._caCertificateFile),
      endpoint: cdktf.stringToTerraform(this._endpoint),
      max_retries: cdktf.numberToTerraform(this._maxRetries),
      operation_timeout_seconds: cdktf.numberToTerraform(this._operationTimeoutSeconds),
      request_timeout_seconds: cdktf.numberToTerraform(this._requestTimeoutSeconds),
      token: cdktf.stringToTerraform(this._token),
      vault_change: cdktf.stringToTerraform(this._vaultChange),
      alias: cdktf.stringToTerraform(this._alias),
    };
  }

  protected override synthesizeHclAttributes(): { [name: string]: any } {
    const attrs = {
      ca_certificate: {
        value: cdktf.stringToHclTerraform(this._caCertificate),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      ca_certificate_file: {
        value: cdktf.stringToHclTerraform(this._caCertificateFile),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      endpoint: {
        value: cdktf.stringToHclTerraform(this._endpoint),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      max_retries: {
        value: cdktf.numberToHclTerraform(this._maxRetries),
        isBlock: false,
        type: "simple",
        storageClassType: "number",
      },
      operation_timeout_seconds: {
        value: cdktf.numberToHclTerraform(this._operationTimeoutSeconds),
        isBlock: false,
        type: "simple",
        storageClassType: "number",
      },
      request_timeout_seconds: {
        value: cdktf.numberToHclTerraform(this._requestTimeoutSeconds),
        isBlock: false,
        type: "simple",
        storageClassType: "number",
      },
      token: {
        value: cdktf.stringToHclTerraform(this._token),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      vault_change: {
        value: cdktf.stringToHclTerraform(this._vaultChange),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      alias: {
        value: cdktf.stringToHclTerraform(this._alias),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
    };

    // remove undefined attributes
    return Object.fromEntries(Object.entries(attrs).filter(([_, value]) => value !== undefined && value.value !== undefined ))
  }
}
