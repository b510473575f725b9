import { ENV } from '../../../contract/api';
import { type Dependent, type ErrorCode, isKsmError, type KsmError } from '../../../contract/errors';
import { type AttributePath, type Diagnostic, errorDiagnostic, type FailedCall } from '../../framework';

/** The field of the API that a code is about, where the problem itself does not name one. */
const FIELD_OF_CODE: Partial<Record<ErrorCode, string>> = {
  application_not_found: 'applicationId',
  application_exists: 'name',
  gateway_exists: 'name',
  gateway_not_initialized: 'name',
  secret_not_found: 'secretUid',
  grant_exists: 'secretUid',
  not_a_folder: 'secretUid',
  not_a_record: 'secretUid',
};

/** Fields whose attribute has another name than the field in snake case. */
const ATTRIBUTES_OF_FIELD: Readonly<Record<string, readonly string[]>> = {
  secretUid: ['folder_uid', 'record_uid'],
};

const DEPENDENTS_SHOWN = 20;

/** What the service or the way to it refused, in words for the user. */
export function explain(error: unknown, call: FailedCall): Diagnostic[] | undefined {
  if (!isKsmError(error)) return undefined;
  const summary = `Could not ${call.action} the ${call.subject.noun}`;
  const reference = referenceOf(error);
  const fields = error.facts.errors ?? [];
  if (fields.length > 0) {
    return fields.map(({ field, message }) =>
      errorDiagnostic(summary, `${message}\n\n${reference}`, pathOf(lastSegment(field), call)),
    );
  }
  const detail = [error.detail, ...curesOf(error, call), reference].join('\n\n');
  return [errorDiagnostic(summary, detail, pathOf(FIELD_OF_CODE[error.code], call))];
}

function referenceOf({ code, facts }: KsmError): string {
  return facts.requestId ? `Code: ${code}. Request id: ${facts.requestId}.` : `Code: ${code}.`;
}

function curesOf({ code, facts }: KsmError, { subject }: FailedCall): string[] {
  const cures: string[] = [];
  if (code === 'unauthenticated' || code === 'forbidden') {
    cures.push(
      `The token is the argument token of provider "ksm" or ${ENV.token}; the service makes one that may do this with: ksm-iac token create --scope write.`,
    );
  }
  if (facts.existingId) {
    cures.push(
      `To manage what exists with this configuration, put the name of the resource for NAME and run:\n\n  terraform import ${subject.typeName}.NAME ${facts.existingId}`,
    );
  }
  if (facts.dependents && facts.dependents.length > 0) {
    cures.push(`These still belong to it:\n${listOf(facts.dependents)}`);
    if (Object.hasOwn(subject.schema?.attributes ?? {}, 'force_destroy')) {
      cures.push(
        'Remove them first; or set force_destroy = true, apply, and destroy again: they are then removed with it.',
      );
    }
  }
  return cures;
}

function listOf(dependents: readonly Dependent[]): string {
  const lines = dependents
    .slice(0, DEPENDENTS_SHOWN)
    .map(({ kind, id, name }) => `  - ${kind.replace('_', ' ')} ${id}${name === null ? '' : ` (${name})`}`);
  const more = dependents.length - DEPENDENTS_SHOWN;
  return (more > 0 ? [...lines, `  - and ${more} more`] : lines).join('\n');
}

/** `/name` of a body, `params/secretUid` of a path. */
function lastSegment(field: string): string | undefined {
  return field.split('/').pop();
}

function pathOf(field: string | undefined, { subject }: FailedCall): AttributePath | undefined {
  if (field === undefined) return undefined;
  const inSnakeCase = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const candidates = [inSnakeCase, ...(ATTRIBUTES_OF_FIELD[field] ?? [])];
  const attribute = candidates.find((name) => Object.hasOwn(subject.schema?.attributes ?? {}, name));
  return attribute === undefined ? undefined : [attribute];
}
