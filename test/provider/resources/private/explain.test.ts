import { KsmError } from '../../../../contract/errors';
import type { FailedCall } from '../../../../provider/framework';
import { application } from '../../../../provider/resources/application';
import { clientDevice } from '../../../../provider/resources/client-device';
import { explain } from '../../../../provider/resources/private/explain';
import type { KsmResource } from '../../../../provider/resources/private/ksm-resource';
import { recordGrant } from '../../../../provider/resources/record-grant';
import { sharedFolderGrant } from '../../../../provider/resources/shared-folder-grant';

const UID = '0Zq7rJmNBqKIl0mLkAJhMg';

function explained(error: unknown, resource: KsmResource, call: Partial<FailedCall> = {}) {
  const subject = { kind: 'managed', ...resource } as const;
  return explain(error, { action: 'create', subject, ...call }, resource.attributeOfField);
}

test('a failure that is not of the service is left to the framework', () => {
  expect(explained(new TypeError('x'), application)).toBeUndefined();
});

test('a failure names the action, the noun, its name and id, the code and the request', () => {
  const error = new KsmError('vault_unavailable', 'The vault is locked.', { requestId: 'req-1' });
  expect(explained(error, clientDevice, { action: 'delete', id: `${UID}/x`, name: 'ci \u009b2J' })).toEqual([
    {
      severity: 'error',
      summary: 'Could not delete the client device',
      detail: `The vault is locked.\n\nClient device: "ci \\u009b2J" ${UID}/x. Code: vault_unavailable. Request id: req-1.`,
    },
  ]);
});

test('a refused token: where it is given, and how one is made where the service did not know it', () => {
  const detailOf = (code: 'unauthenticated' | 'forbidden') =>
    explained(new KsmError(code, 'No.', { requestId: 'req-1' }), application)?.[0]?.detail;
  expect(detailOf('unauthenticated')).toContain('KSM_IAC_TOKEN');
  expect(detailOf('unauthenticated')).toContain('ksm-iac token create --name NAME --scope write');
  // Of one that may not, the service says what does it: a new one without limits may be more than that.
  expect(detailOf('forbidden')).toContain('KSM_IAC_TOKEN');
  expect(detailOf('forbidden')).not.toContain('token create');
});

test('each refused field is an error at its attribute', () => {
  const error = new KsmError('invalid_request', 'Not valid.', {
    requestId: 'req-1',
    errors: [
      { field: '/tokenExpiresInMinutes', message: 'too long' },
      { field: 'params/applicationId', message: 'no UID' },
      { field: 'headers/ksm-run', message: 'no run' },
    ],
  });
  expect(explained(error, clientDevice)?.map(({ path }) => path)).toEqual([
    ['token_expires_in_minutes'],
    ['application_id'],
    undefined,
  ]);
  expect(explained(error, clientDevice)?.map(({ detail }) => detail.split('\n')[0])).toEqual([
    '"token_expires_in_minutes" too long',
    '"application_id" no UID',
    '"headers/ksm-run" no run',
  ]);
});

test('a field that no attribute is made of points nowhere, whatever it is called', () => {
  const errors = [
    { field: '/constructor', message: 'no' },
    { field: '/createdAt', message: 'no' },
  ];
  const error = new KsmError('invalid_request', 'Not valid.', { errors });
  expect(explained(error, clientDevice)?.map(({ path }) => path)).toEqual([undefined, undefined]);
});

test.each([
  ['secret_not_found', sharedFolderGrant, ['folder_uid']],
  ['not_a_record', recordGrant, ['record_uid']],
  ['application_not_found', recordGrant, ['application_id']],
  ['application_not_found', application, undefined],
  ['application_exists', application, ['name']],
] as const)('%s points at the attribute at fault', (code, resource, path) => {
  expect(explained(new KsmError(code, 'x'), resource)?.[0]?.path).toEqual(path);
});

test('what exists already is answered with the import to run', () => {
  const error = new KsmError('grant_exists', 'It exists.', { existingId: `${UID}/-${UID.slice(1)}` });
  expect(explained(error, sharedFolderGrant)?.[0]?.detail).toContain(
    `\n  terraform import ksm_shared_folder_grant.NAME ${UID}/-${UID.slice(1)}\n\nA CDK program calls importFrom("${UID}/-${UID.slice(1)}")`,
  );
});

test('what stands in the way of a deletion is listed, with the way out', () => {
  const dependents = Array.from({ length: 22 }, (_, n) => ({
    kind: 'client_device' as const,
    id: `${UID}/${n}`,
    name: n === 0 ? 'ci "main" ${x}' : null,
  }));
  const error = new KsmError('application_not_empty', 'Not empty.', { dependents });
  const detail = explained(error, application, { action: 'delete' })?.[0]?.detail ?? '';
  expect(detail).toContain(`  - client device ${UID}/0 (ci "main" \${x})\n`);
  expect(detail).toContain('  - and 2 more');
  const many = new KsmError('application_not_empty', 'Not empty.', { dependents, dependentsTotal: 5_000 });
  expect(explained(many, application, { action: 'delete' })?.[0]?.detail).toContain('  - and 4980 more');
  expect(detail).toContain('force_destroy = true');
});

test.each([
  ['run_active', application, /less than two minutes ago/],
  ['run_settled', application, /Apply again/],
  ['vault_busy', clientDevice, /-parallelism/],
  ['vault_changed', clientDevice, /restate the vault/],
  ['gateway_name_pending', clientDevice, /create_before_destroy/],
  ['grant_inherited', recordGrant, /granted with it/],
  ['rate_limited', recordGrant, /-parallelism/],
  ['grant_taken_over', recordGrant, /Nothing was deleted/],
] as const)('%s says what to do', (code, resource, cure) => {
  expect(explained(new KsmError(code, 'x'), resource)?.[0]?.detail).toMatch(cure);
});

test('an application that a living run made is not to be imported', () => {
  const error = new KsmError('run_active', 'It lives.', { existingId: UID });
  expect(explained(error, application)?.[0]?.detail).not.toContain('terraform import');
});

test('whatever the service says, no control or bidi character of it reaches the terminal', () => {
  const evil = 'app \u001b[2J\u009b2J\u202exe\r';
  const error = new KsmError('application_exists', `"${evil}" exists.`, { existingId: UID, requestId: evil });
  const [diagnostic] = explained(error, application, { name: evil }) ?? [];
  expect(diagnostic?.detail).toContain('app \\u001b[2J\\u009b2J\\u202exe\\u000d');
  expect(diagnostic?.detail.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
});

test('a call that was interrupted is explained by the interruption, not by a code', () => {
  const cancelled = new KsmError('cancelled', 'The operation was cancelled.');
  expect(explained(cancelled, application, { ending: 'interrupted' })).toBeUndefined();
  expect(explained(cancelled, application)?.[0]?.detail).toContain('Run the command again.');
});
