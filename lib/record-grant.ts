import { Construct } from 'constructs';
import type { IKsmApplication } from './application';
import * as bindings from './bindings';
import { registerGrant } from './private/grants-first';
import { providerOf } from './private/provider';
import { validApplication, validate, validBoolean, validKeys } from './private/validate';
import type { KsmResourceOptions } from './resource-options';
import type { IVaultRecord } from './vault-record';

/** Properties of a `RecordGrant`. */
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
 * @see https://docs.keeper.io/keeperpam/secrets-manager/about/terminology
 */
export class RecordGrant extends Construct {
  /** The application that may read it. */
  public readonly application: IKsmApplication;
  /** What is granted. */
  public readonly record: IVaultRecord;
  private readonly resource: bindings.RecordGrant;

  /**
   * @param scope the construct that this one belongs to
   * @param id construct id, part of the address in Terraform
   * @param props application, record, and whether it may be edited
   */
  constructor(scope: Construct, id: string, props: RecordGrantProps) {
    super(scope, id);
    validate('RecordGrant', this, [
      validKeys(props, PROPS),
      validApplication(props.application),
      validBoolean('editable', props.editable),
    ]);
    this.application = props.application;
    this.record = props.record;
    this.resource = new bindings.RecordGrant(this, 'Resource', {
      applicationId: props.application.id,
      recordUid: props.record.uid,
      editable: props.editable,
      provider: providerOf('RecordGrant', this, props.provider, props.application),
      lifecycle: props.lifecycle,
      dependsOn: props.dependsOn,
    });
    registerGrant(props.application, this.resource);
  }

  /** `<application UID>/<record UID>`. */
  public get id(): string {
    return this.resource.id;
  }
}
