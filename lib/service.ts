import { Construct } from 'constructs';
import * as bindings from './bindings';
import { providerOf } from './private/provider';
import { validate, validSource } from './private/validate';
import type { KsmProvider } from './provider';

/**
 * Properties of a `KsmService`.
 *
 * @stability stable
 */
export interface KsmServiceProps {
  /**
   * The provider whose service is asked.
   *
   * @default - the stack's default one
   */
  readonly provider?: KsmProvider;
}

/**
 * The service behind a provider: what an installer needs beside a token, such
 * as the host and the certificate of its authority.
 *
 * @stability stable
 */
export class KsmService extends Construct {
  /** Type of the data source in Terraform. */
  public static readonly tfResourceType = bindings.DataKsmService.tfResourceType;

  /** @internal */
  public readonly _provider?: KsmProvider;
  private readonly data: bindings.DataKsmService;

  /**
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the address in Terraform
   * @param props the provider that is asked
   */
  constructor(scope: Construct, id: string, props: KsmServiceProps = {}) {
    super(scope, id);
    validate('KsmService', this, [validSource(props)]);
    this._provider = providerOf('KsmService', this, props?.provider ?? undefined);
    this.data = new bindings.DataKsmService(this, 'Resource', { provider: this._provider });
  }

  /** Id of the vault that the service stands on. */
  public get vaultId(): string {
    return this.data.vaultId;
  }

  /** Host, and port where it is not 443, at which devices redeem tokens and read secrets. */
  public get hostname(): string {
    return this.data.hostname;
  }

  /** Id of the public key that devices encrypt to. */
  public get serverPublicKeyId(): string {
    return this.data.serverPublicKeyId;
  }

  /** The public key that devices encrypt to, base64url; null on real Keeper, whose keys are in its SDKs. */
  public get serverPublicKey(): string {
    return this.data.serverPublicKey;
  }

  /** Certificate of the authority of the devices' address, as PEM; null where public authorities signed it. */
  public get caCertificate(): string {
    return this.data.caCertificate;
  }
}
