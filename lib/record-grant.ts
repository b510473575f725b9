import type { Construct } from 'constructs';
import type { IKsmApplication } from './application';
import * as bindings from './bindings';
import { joinDependencies } from './private/dependencies';
import { Grant } from './private/grant';
import { providerOf } from './private/provider';
import { checked, optionFindings, validApplication, validBoolean, validSecret } from './private/validate';
import type { KsmResourceOptions } from './resource-options';
import type { ISecret } from './secret';
import type { IVaultRecord } from './vault-record';

/**
 * Properties of a `RecordGrant`.
 *
 * @stability stable
 */
export interface RecordGrantProps extends KsmResourceOptions {
  /** The application that may read the record. A change replaces the grant. */
  readonly application: IKsmApplication;

  /** The record. A change replaces the grant. */
  readonly record: IVaultRecord;

  /**
   * Whether devices of the application may change what they read, too. A change
   * is made in place.
   *
   * @default false
   */
  readonly editable?: boolean;
}

const PROPS: Record<keyof RecordGrantProps, true> = {
  application: true,
  record: true,
  editable: true,
  provider: true,
  lifecycle: true,
  dependsOn: true,
  forEach: true,
};

/**
 * Lets an application read a record, and edit it if `editable`. There is one grant
 * a record and application.
 *
 * `record.grantRead(application)` and `record.grantEdit(application)` make one, too.
 *
 * A UID that the vault does not have, or that is not one of a record, fails when
 * Terraform applies.
 *
 * @stability stable
 * @see https://docs.keeper.io/keeperpam/secrets-manager/about/terminology
 */
export class RecordGrant extends Grant {
  /** Type of the resource in Terraform. */
  public static readonly tfResourceType = bindings.RecordGrant.tfResourceType;

  public readonly application: IKsmApplication;
  /** What is granted. */
  public readonly record: IVaultRecord;
  /** @internal */
  protected readonly _resource: bindings.RecordGrant;

  /**
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the address in Terraform
   * @param props application, record, and whether it may be edited
   */
  constructor(scope: Construct, id: string, props: RecordGrantProps) {
    super(scope, id);
    const { application, record, editable, provider, lifecycle, dependsOn, forEach } = checked(
      'RecordGrant',
      this,
      props,
      PROPS,
      (given) => [
        validApplication(given.application),
        validSecret('record', given.record),
        validBoolean('editable', given.editable),
        ...optionFindings(given),
      ],
    );
    this.application = application;
    this.record = record;
    this._resource = new bindings.RecordGrant(this, 'Resource', {
      applicationId: application.id,
      recordUid: record.uid,
      editable,
      provider: providerOf('RecordGrant', this, provider, application, record),
      lifecycle,
      dependsOn,
      forEach,
    });
    joinDependencies(this._resource, dependsOn);
    this._register();
  }

  /** What is granted: the record. */
  public get secret(): ISecret {
    return this.record;
  }
}
