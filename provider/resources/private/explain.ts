import { type ErrorCode, isKsmError, type KsmError } from '../../../contract/errors';
import { type AttributePath, type Diagnostic, errorDiagnostic, type FailedCall, shown } from '../../framework';
import { curesOf } from './cures';

/** The field of the API that a code is about, where the problem itself does not name one. */
const FIELD_OF_CODE: Partial<Record<ErrorCode, string>> = {
  application_not_found: 'applicationId',
  application_exists: 'name',
  run_active: 'name',
  gateway_exists: 'name',
  gateway_name_pending: 'name',
  gateway_not_initialized: 'name',
  secret_not_found: 'secretUid',
  grant_exists: 'secretUid',
  grant_inherited: 'secretUid',
  not_a_folder: 'secretUid',
  not_a_record: 'secretUid',
};

/** By the API's field, the attribute of the resource. */
export type AttributeOfField = Readonly<Record<string, string>>;

/** What the service or the way to it refused, in words for the user. */
export function explain(
  error: unknown,
  call: FailedCall,
  attributeOfField: AttributeOfField = {},
): Diagnostic[] | undefined {
  // An interrupted call is explained by what interrupted it.
  if (!isKsmError(error) || (error.code === 'cancelled' && call.ending)) return undefined;
  const summary = `Could not ${call.action} the ${call.subject.noun}`;
  const reference = referenceOf(error, call);
  const attributeOf = (field: string | undefined) =>
    field !== undefined && Object.hasOwn(attributeOfField, field) ? attributeOfField[field] : undefined;
  const fields = error.facts.errors ?? [];
  if (fields.length > 0) {
    return fields.map(({ field, message }) => {
      const attribute = attributeOf(lastSegment(field));
      return errorDiagnostic(summary, `"${attribute ?? field}" ${message}\n\n${reference}`, pathTo(attribute));
    });
  }
  const detail = [error.detail, ...curesOf(error.code, error.facts, call.subject), reference].join('\n\n');
  return [errorDiagnostic(summary, detail, pathTo(attributeOf(FIELD_OF_CODE[error.code])))];
}

/** What it is about, for whoever sees the message without Terraform's frame, and where the service's log has more. */
function referenceOf({ code, facts }: KsmError, { subject, name, id }: FailedCall): string {
  const named = name === undefined ? '' : ` ${shown(name)}`;
  const identified = id === undefined ? '' : ` ${id}`;
  const what = named || identified ? `${capitalised(subject.noun)}:${named}${identified}. ` : '';
  return `${what}Code: ${code}.${facts.requestId ? ` Request id: ${facts.requestId}.` : ''}`;
}

/** `/name` of a body, `params/secretUid` of a path. */
function lastSegment(field: string): string | undefined {
  return field.split('/').pop();
}

function pathTo(attribute: string | undefined): AttributePath | undefined {
  return attribute === undefined ? undefined : [attribute];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
