import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import * as bindings from './bindings';
import { literal } from './private/literal';
import { providerOf } from './private/provider';
import { type GrantSpec, Secret } from './private/secret';
import { validate, validName, validSource, validUid } from './private/validate';
import type { KsmProvider } from './provider';
import { RecordGrant } from './record-grant';
import type { ISecret, SecretOptions } from './secret';

/**
 * A record of the Keeper vault.
 *
 * @stability stable
 */
export interface IVaultRecord extends ISecret {}

/**
 * A record of the Keeper vault. Vault content is not managed here: it is
 * referred to by its UID or its title.
 *
 * @stability stable
 *
 * @example
 *
 * const record = VaultRecord.fromUid(this, 'database', '-ABnQNhSzGbAbKPe7Dv0Zw');
 * record.grantRead(application);
 */
export abstract class VaultRecord extends Secret implements IVaultRecord {
  /**
   * A record that exists in the vault.
   *
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the addresses of its grants in Terraform
   * @param uid UID of the record: 22 characters of `A-Z a-z 0-9 - _`
   * @param options the provider of its vault
   */
  public static fromUid(scope: Construct, id: string, uid: string, options: SecretOptions = {}): IVaultRecord {
    return new KnownRecord(scope, id, uid, options);
  }

  /**
   * A record that exists in the vault, looked up by Terraform (a data source
   * below `id`).
   *
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the addresses of its grants in Terraform
   * @param title its title, exactly as it is; none or several of that title fail when Terraform plans
   * @param options the provider of its vault
   */
  public static fromTitle(scope: Construct, id: string, title: string, options: SecretOptions = {}): IVaultRecord {
    return new TitledRecord(scope, id, title, options);
  }

  /** @internal */
  public readonly _kind = 'VaultRecord';

  /** @internal */
  protected _grant(scope: Construct, id: string, spec: GrantSpec): RecordGrant {
    return new RecordGrant(scope, id, { ...spec, record: this });
  }
}

class KnownRecord extends VaultRecord {
  public readonly uid: string;
  public readonly provider?: KsmProvider;

  constructor(scope: Construct, id: string, uid: string, options: SecretOptions) {
    super(scope, id);
    validate('VaultRecord', this, [validUid('uid', uid), validSource(options)]);
    // That of an iterator is a token, and not a text of one.
    this.uid = Token.asString(uid);
    this.provider = options?.provider ?? undefined;
  }
}

class TitledRecord extends VaultRecord {
  public readonly uid: string;
  public readonly provider?: KsmProvider;

  constructor(scope: Construct, id: string, title: string, options: SecretOptions) {
    super(scope, id);
    validate('VaultRecord', this, [validName('title', title), validSource(options)]);
    this.provider = providerOf('VaultRecord', this, options?.provider ?? undefined);
    this.uid = new bindings.DataKsmRecord(this, 'Resource', {
      title: literal(title),
      provider: this.provider,
    }).getStringAttribute('uid');
  }
}
