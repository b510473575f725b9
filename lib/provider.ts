import { TerraformProvider, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import * as bindings from './bindings';
import {
  checked,
  type Finding,
  isKnown,
  show,
  validInteger,
  validNow,
  validText,
  withoutNulls,
} from './private/validate';

/**
 * Properties of a `KsmProvider`. Everything can come from the environment of Terraform instead.
 *
 * @stability stable
 */
export interface KsmProviderProps {
  /**
   * Address of the ksm-iac service: `https://host[:port]`; `http://` only on
   * loopback.
   *
   * @default - `KSM_IAC_ENDPOINT` in Terraform's environment
   */
  readonly endpoint?: string;

  /**
   * API token of the service. A secret: text given here is in the synthesized
   * configuration, so pass a `TerraformVariable` or leave it to the environment.
   *
   * @default - `KSM_IAC_TOKEN` in Terraform's environment
   */
  readonly token?: string;

  /**
   * Certificate of the authority that signed the service's certificate, as PEM
   * text. Not together with `caCertificateFile`.
   *
   * @default - `KSM_IAC_CA_CERTIFICATE` in Terraform's environment, else the authorities that Node trusts
   */
  readonly caCertificate?: string;

  /**
   * File with the certificate of the authority that signed the service's
   * certificate (PEM). Not together with `caCertificate`.
   *
   * @default - `KSM_IAC_CA_CERTIFICATE_FILE` in Terraform's environment, else the authorities that Node trusts
   */
  readonly caCertificateFile?: string;

  /**
   * Longest wait for one HTTP attempt, in seconds: 1 to 3600.
   *
   * @default 60
   */
  readonly requestTimeoutSeconds?: number;

  /**
   * Longest wait for one operation on a resource with all its calls and
   * retries, in seconds: 1 to 86,400.
   *
   * @default 600
   */
  readonly operationTimeoutSeconds?: number;

  /**
   * Retries of a call after a failure that may pass: 0 to 100. Waits that the
   * service asks for do not count.
   *
   * @default 4
   */
  readonly maxRetries?: number;

  /**
   * What it means when another vault is behind the endpoint than the one that a
   * resource was made in: `refuse`, an error at refresh and before every update
   * and delete; `recreate`, everything is taken as gone and planned anew, for
   * throw-away vaults.
   *
   * @default - `KSM_IAC_VAULT_CHANGE` in Terraform's environment, else `refuse`
   */
  readonly vaultChange?: string;

  /**
   * Name that tells this provider from others of its kind in the stack.
   *
   * @default - the stack's default provider
   */
  readonly alias?: string;
}

/**
 * The provider `ksm-iac/ksm`, through which Terraform talks to the ksm-iac
 * service. A stack that uses the constructs of this library needs one: it is
 * what puts the provider into the stack's `required_providers`.
 *
 * @stability stable
 */
export class KsmProvider extends bindings.KsmProvider {
  /**
   * @param scope the construct that this one belongs to
   * @param id construct id
   * @param props address, credentials and patience; by default all from the environment
   */
  constructor(scope: Construct, id: string, props: KsmProviderProps = {}) {
    super(scope, id, withoutNulls(props, PROPS));
    checked('KsmProvider', this, props ?? {}, PROPS, (given) => [...findings(given), this.onlyOne()]);
    // Again at synth, since the properties can be set.
    this.node.addValidation({
      validate: () => [...findings(this.given()), this.onlyOne()].filter((finding) => finding !== undefined),
    });
  }

  private given(): KsmProviderProps {
    return {
      endpoint: this.endpointInput,
      token: this.tokenInput,
      caCertificate: this.caCertificateInput,
      caCertificateFile: this.caCertificateFileInput,
      requestTimeoutSeconds: this.requestTimeoutSecondsInput,
      operationTimeoutSeconds: this.operationTimeoutSecondsInput,
      maxRetries: this.maxRetriesInput,
      vaultChange: this.vaultChangeInput,
      alias: this.alias,
    };
  }

  /** Terraform takes one provider of an alias, and one without, and says of two neither which they are nor where. */
  private onlyOne(): Finding {
    const other = TerraformStack.of(this)
      .node.findAll()
      .find(
        (one) =>
          one !== this &&
          TerraformProvider.isTerraformProvider(one) &&
          one.terraformResourceType === this.terraformResourceType &&
          (one.alias || undefined) === (this.alias || undefined),
      );
    if (other === undefined) return undefined;
    const alias = this.alias ? `the alias ${show(this.alias)}` : 'no alias';
    return `alias: '${other.node.path}' has ${alias}, too. Expected one KsmProvider of it in a stack.`;
  }
}

const PROPS: Record<keyof KsmProviderProps, true> = {
  endpoint: true,
  token: true,
  caCertificate: true,
  caCertificateFile: true,
  requestTimeoutSeconds: true,
  operationTimeoutSeconds: true,
  maxRetries: true,
  vaultChange: true,
  alias: true,
};

function findings(props: KsmProviderProps): Finding[] {
  return [
    validEndpoint(props.endpoint),
    validToken(props.token),
    oneCertificate(props),
    validCertificate(props.caCertificate),
    validText('caCertificateFile', props.caCertificateFile),
    validInteger('requestTimeoutSeconds', props.requestTimeoutSeconds, 1, 3600),
    validInteger('operationTimeoutSeconds', props.operationTimeoutSeconds, 1, 86_400),
    validInteger('maxRetries', props.maxRetries, 0, 100),
    validVaultChange(props.vaultChange),
    validAlias(props.alias),
  ];
}

/** Names and addresses of this machine itself, as the provider takes them. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function validEndpoint(endpoint: string | undefined): Finding {
  if (!isKnown(endpoint)) return undefined;
  const url = typeof endpoint === 'string' && URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol === 'https:') return undefined;
  if (url?.protocol === 'http:' && LOOPBACK.test(url.hostname)) return undefined;
  // What stands before an @ may be a password.
  const shown = String(endpoint).includes('@') ? 'not an address' : show(endpoint);
  const why = url?.protocol === 'http:' ? ' http:// is taken on loopback alone.' : '';
  return `endpoint is ${shown}.${why} Expected an address such as https://ksm-iac.example.com:8443.`;
}

/** Whatever it is, it may be a secret. */
function validToken(token: unknown): Finding {
  if (!isKnown(token) || typeof token === 'string') return undefined;
  return `token is no text. Expected an API token, best as a sensitive TerraformVariable.`;
}

/** A file's name in its place is the most likely mistake; whether the text is a certificate, the provider says. */
function validCertificate(pem: string | undefined): Finding {
  if (!isKnown(pem) || (typeof pem === 'string' && !/^[^\n${}]+\.(pem|crt|cer|der)$/i.test(pem))) return undefined;
  return `caCertificate is ${show(pem)}. Expected a certificate as PEM text; for a file use caCertificateFile.`;
}

/** A name of Terraform's. */
function validAlias(alias: string | undefined): Finding {
  if (alias === undefined) return undefined;
  const expected = 'a letter or _ and then letters, digits, _ and -';
  const unknown = validNow('alias', alias, expected);
  if (unknown || (typeof alias === 'string' && /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(alias))) return unknown;
  return `alias is ${show(alias)}. Expected ${expected}.`;
}

function validVaultChange(value: string | undefined): Finding {
  if (!isKnown(value) || value === 'refuse' || value === 'recreate') return undefined;
  return `vaultChange is ${show(value)}. Expected "refuse" or "recreate".`;
}

function oneCertificate({ caCertificate, caCertificateFile }: KsmProviderProps): Finding {
  if (!isKnown(caCertificate) || !isKnown(caCertificateFile)) return undefined;
  return 'caCertificate and caCertificateFile are both given. Expected one of them.';
}
