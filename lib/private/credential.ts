import {
  Fn,
  Lazy,
  TerraformOutput,
  type TerraformResource,
  type TerraformResourceLifecycle,
  TerraformStack,
  Token,
} from 'cdktf';
import type { Construct } from 'constructs';
import type { IKsmApplication } from '../application';
import type { CredentialOptions } from '../credential';
import { joinDependencies } from './dependencies';
import { grantsFor } from './grants';
import { SEAL_PUBLIC_KEY_PATTERN, TOKEN_EXPIRES_MAX_MINUTES, TOKEN_EXPIRES_MIN_MINUTES } from './limits';
import { literal, literals } from './literal';
import { providerOf } from './provider';
import { KsmResource } from './resource';
import {
  type Finding,
  isKnown,
  optionFindings,
  show,
  validApplication,
  validInteger,
  validName,
  validSwitch,
  validTexts,
  validWord,
} from './validate';

/** What a device and a gateway are made of. */
export interface CredentialProps extends CredentialOptions {
  readonly application: IKsmApplication;
}

/** Each of the properties that both take. */
export const CREDENTIAL_PROPS: Record<keyof CredentialProps, true> = {
  application: true,
  name: true,
  initialization: true,
  tokenExpiresInMinutes: true,
  reissue: true,
  rotationTriggers: true,
  rotateWithoutDowntime: true,
  sealToPublicKey: true,
  afterGrants: true,
  provider: true,
  lifecycle: true,
  dependsOn: true,
  forEach: true,
};

export function credentialFindings(props: CredentialProps): Finding[] {
  return [
    validApplication(props.application),
    validName('name', props.name),
    validWord('initialization', props.initialization, 'token', 'config'),
    validInteger(
      'tokenExpiresInMinutes',
      props.tokenExpiresInMinutes,
      TOKEN_EXPIRES_MIN_MINUTES,
      TOKEN_EXPIRES_MAX_MINUTES,
    ),
    validWord('reissue', props.reissue, 'unredeemed', 'expired', 'never'),
    validTexts('rotationTriggers', props.rotationTriggers),
    validSealKey(props.sealToPublicKey),
    validSwitch('rotateWithoutDowntime', props.rotateWithoutDowntime),
    props.rotateWithoutDowntime !== undefined &&
    props.lifecycle?.createBeforeDestroy !== undefined &&
    props.rotateWithoutDowntime !== props.lifecycle.createBeforeDestroy
      ? `rotateWithoutDowntime is ${show(props.rotateWithoutDowntime)} and lifecycle.createBeforeDestroy is ${show(props.lifecycle.createBeforeDestroy)}. Expected one of them.`
      : undefined,
    validSwitch('afterGrants', props.afterGrants),
    ...optionFindings(props),
  ];
}

function validSealKey(key: unknown): Finding {
  if (!isKnown(key) || (typeof key === 'string' && SEAL_PUBLIC_KEY_PATTERN.test(key))) return undefined;
  return `sealToPublicKey is ${show(key)}. Expected a Curve25519 public key: 32 bytes in base64, 44 characters with the = at the end.`;
}

/** What both hand to Terraform. */
export function credentialConfig(kind: string, construct: Construct, props: CredentialProps) {
  return {
    applicationId: props.application.id,
    name: literal(props.name),
    initialization: props.initialization,
    tokenExpiresInMinutes: props.tokenExpiresInMinutes,
    reissue: props.reissue,
    rotationTriggers: literals(props.rotationTriggers),
    sealToPublicKey: props.sealToPublicKey,
    provider: providerOf(kind, construct, props.provider, props.application),
    lifecycle: lifecycleOf(props),
    dependsOn: props.dependsOn,
    forEach: props.forEach,
  };
}

function lifecycleOf(props: CredentialProps): TerraformResourceLifecycle | undefined {
  if (!props.rotateWithoutDowntime) return props.lifecycle;
  return { ...props.lifecycle, createBeforeDestroy: true };
}

/** A resource whose `initialization` and seal can be read as they were given. */
type CredentialResource = TerraformResource & {
  readonly initializationInput?: string;
  readonly sealToPublicKeyInput?: string;
};

/**
 * What a client device and a gateway share: a credential that Terraform hands on.
 *
 * @internal
 */
export abstract class Credential extends KsmResource {
  /** The application whose secrets it reads. */
  public abstract readonly application: IKsmApplication;

  /** @internal */
  protected abstract override readonly _resource: CredentialResource;

  /** @internal */
  protected _join(props: CredentialProps): void {
    joinDependencies(this._resource, props.dependsOn, () =>
      props.afterGrants ? grantsFor(this.application, this) : [],
    );
  }

  /** `<application UID>/<client id>`; another one after a replacement, so it is what to trigger on. */
  public get id(): string {
    return this._text('id', 'id');
  }

  /** Client id, base64url without padding, 86 characters. */
  public get clientId(): string {
    return this._text('client_id', 'clientId');
  }

  /**
   * The one-time token (sensitive). Hand it to the consumer together with
   * `hostname`: a token of the embedded vault does not name its host. It stays
   * here as issued, used or not. Null unless `initialization` is `token` and
   * nothing is sealed.
   */
  public get oneTimeToken(): string {
    return this._text('one_time_token', 'oneTimeToken');
  }

  /**
   * The finished configuration (sensitive), in base64: as `KSM_CONFIG` takes it.
   * Null unless `initialization` is `config` and nothing is sealed.
   */
  public get config(): string {
    return this._text('config', 'config');
  }

  /**
   * The finished configuration (sensitive) as JSON text, for a file
   * `client-config.json`. It takes `initialization: 'config'` and no seal.
   */
  public get configJson(): string {
    this._needConfig('configJson');
    return Fn.base64decode(this.config);
  }

  /** The one-time token as a sealed box in base64 (not sensitive); null unless it is sealed. */
  public get sealedOneTimeToken(): string {
    return this._text('sealed_one_time_token', 'sealedOneTimeToken');
  }

  /** The configuration as a sealed box in base64 (not sensitive); null unless it is sealed. */
  public get sealedConfig(): string {
    return this._text('sealed_config', 'sealedConfig');
  }

  /** Host, and port where it is not 443, at which the token is redeemed. */
  public get hostname(): string {
    return this._text('hostname', 'hostname');
  }

  /** When it was made: ISO 8601 in UTC. */
  public get createdAt(): string {
    return this._text('created_at', 'createdAt');
  }

  /** When the token can no longer be redeemed: ISO 8601 in UTC. */
  public get tokenExpiresAt(): string {
    return this._text('token_expires_at', 'tokenExpiresAt');
  }

  /**
   * Makes the token an output of the stack, marked sensitive:
   * `terraform output -raw <id>` prints it. With `forEach` it is a map of tokens
   * by key.
   *
   * @param id name of the output, unique in the stack
   */
  public exportToken(id: string): TerraformOutput {
    const { initializationInput, sealToPublicKeyInput } = this._resource;
    if (typeof id !== 'string' || id === '') {
      throw new Error(`${this.node.path}: exportToken(${show(id)}). Expected the name of an output.`);
    }
    if (initializationInput === 'config' || sealToPublicKeyInput !== undefined) {
      const reason = initializationInput === 'config' ? 'initialization is "config"' : 'it is sealed';
      throw new Error(
        `${this.node.path}: exportToken(): it has no plain token, since ${reason}. Export another attribute.`,
      );
    }
    return new TerraformOutput(TerraformStack.of(this), id, {
      // At synth, since forEach and count may be set later on the child.
      value: Lazy.anyValue({ produce: () => (this._isMany() ? this.all('oneTimeToken') : this.oneTimeToken) }),
      sensitive: true,
      description: `One-time token of ${this.node.path}`,
    });
  }

  /**
   * @param property what is to hold the token, or is to take it from a variable
   * @param plain whether the token itself is needed: one that is sealed can be opened by its owner, and be in a variable
   * @internal
   */
  protected _needToken(property: string, plain: boolean): void {
    const { initializationInput, sealToPublicKeyInput } = this._resource;
    if (initializationInput === 'config') {
      throw new Error(`${this.node.path}: ${property} needs a token. Expected initialization: "token".`);
    }
    if (plain && sealToPublicKeyInput !== undefined) {
      throw new Error(`${this.node.path}: ${property} needs a token, and it is sealed. Use sealedOneTimeToken.`);
    }
  }

  /** @internal */
  protected _needConfig(property: string): void {
    const { initializationInput, sealToPublicKeyInput } = this._resource;
    const given = initializationInput ?? 'token';
    if (!Token.isUnresolved(given) && given !== 'config') {
      throw new Error(`${this.node.path}: ${property} needs a configuration. Expected initialization: "config".`);
    }
    if (sealToPublicKeyInput !== undefined) {
      throw new Error(`${this.node.path}: ${property} needs a configuration, and it is sealed. Use sealedConfig.`);
    }
  }
}
