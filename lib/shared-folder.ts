import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import * as bindings from './bindings';
import { literal } from './private/literal';
import { providerOf } from './private/provider';
import { type GrantSpec, Secret } from './private/secret';
import { validate, validName, validSource, validUid } from './private/validate';
import type { KsmProvider } from './provider';
import type { ISecret, SecretOptions } from './secret';
import { SharedFolderGrant } from './shared-folder-grant';

/**
 * A shared folder of the Keeper vault: what is granted of it are its records.
 *
 * @stability stable
 */
export interface ISharedFolder extends ISecret {}

/**
 * A shared folder of the Keeper vault. Vault content is not managed here: it is
 * referred to by its UID or its name.
 *
 * @stability stable
 *
 * @example
 *
 * const folder = SharedFolder.fromUid(this, 'secrets', 'nu0VapSH89AWjZ1uWqY6qA');
 * folder.grantRead(application);
 */
export abstract class SharedFolder extends Secret implements ISharedFolder {
  /**
   * A shared folder that exists in the vault.
   *
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the addresses of its grants in Terraform
   * @param uid UID of the shared folder: 22 characters of `A-Z a-z 0-9 - _`
   * @param options the provider of its vault
   */
  public static fromUid(scope: Construct, id: string, uid: string, options: SecretOptions = {}): ISharedFolder {
    return new KnownFolder(scope, id, uid, options);
  }

  /**
   * A shared folder that exists in the vault, looked up by Terraform (a data
   * source below `id`).
   *
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the addresses of its grants in Terraform
   * @param name its name, exactly as it is; none or several of that name fail when Terraform plans
   * @param options the provider of its vault
   */
  public static fromName(scope: Construct, id: string, name: string, options: SecretOptions = {}): ISharedFolder {
    return new NamedFolder(scope, id, name, options);
  }

  /** @internal */
  public readonly _kind = 'SharedFolder';

  /** @internal */
  protected _grant(scope: Construct, id: string, spec: GrantSpec): SharedFolderGrant {
    return new SharedFolderGrant(scope, id, { ...spec, folder: this });
  }
}

class KnownFolder extends SharedFolder {
  public readonly uid: string;
  public readonly provider?: KsmProvider;

  constructor(scope: Construct, id: string, uid: string, options: SecretOptions) {
    super(scope, id);
    validate('SharedFolder', this, [validUid('uid', uid), validSource(options)]);
    // That of an iterator is a token, and not a text of one.
    this.uid = Token.asString(uid);
    this.provider = options?.provider ?? undefined;
  }
}

class NamedFolder extends SharedFolder {
  public readonly uid: string;
  public readonly provider?: KsmProvider;

  constructor(scope: Construct, id: string, name: string, options: SecretOptions) {
    super(scope, id);
    validate('SharedFolder', this, [validName('name', name), validSource(options)]);
    this.provider = providerOf('SharedFolder', this, options?.provider ?? undefined);
    this.uid = new bindings.DataKsmSharedFolder(this, 'Resource', {
      name: literal(name),
      provider: this.provider,
    }).getStringAttribute('uid');
  }
}
