import { KsmError } from '../../../../contract/errors';
import type { FailedCall, ResourceDefinition } from '../../../../provider/framework';
import { application } from '../../../../provider/resources/application';
import { clientDevice } from '../../../../provider/resources/client-device';
import { explain } from '../../../../provider/resources/private/explain';
import type { KsmSession } from '../../../../provider/resources/private/session';
import { recordGrant } from '../../../../provider/resources/record-grant';
import { sharedFolderGrant } from '../../../../provider/resources/shared-folder-grant';

const UID = '0Zq7rJmNBqKIl0mLkAJhMg';

function explained(error: unknown, resource: ResourceDefinition<KsmSession>, action: FailedCall['action'] = 'create') {
  return explain(error, { action, subject: { kind: 'managed', ...resource } });
}

test('a failure that is not of the service is left to the framework', () => {
  expect(explained(new TypeError('x'), application)).toBeUndefined();
});

test('a failure names the action, the noun, the code and the request', () => {
  const error = new KsmError('vault_unavailable', 'The vault is locked.', { requestId: 'req-1' });
  expect(explained(error, clientDevice, 'delete')).toEqual([
    {
      severity: 'error',
      summary: 'Could not delete the client device',
      detail: 'The vault is locked.\n\nCode: vault_unavailable. Request id: req-1.',
    },
  ]);
});

test.each(['unauthenticated', 'forbidden'] as const)('%s says where the token is given and how one is made', (code) => {
  const [diagnostic] = explained(new KsmError(code, 'No.', { requestId: 'req-1' }), application) ?? [];
  expect(diagnostic?.detail).toContain('KSM_IAC_TOKEN');
  expect(diagnostic?.detail).toContain('ksm-iac token create');
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
    `\n  terraform import ksm_shared_folder_grant.NAME ${UID}/-${UID.slice(1)}\n`,
  );
});

test('what stands in the way of a deletion is listed, with the way out', () => {
  const dependents = Array.from({ length: 22 }, (_, n) => ({
    kind: 'client_device' as const,
    id: `${UID}/${n}`,
    name: n === 0 ? 'ci "main" ${x}' : null,
  }));
  const error = new KsmError('application_not_empty', 'Not empty.', { dependents });
  const detail = explained(error, application, 'delete')?.[0]?.detail ?? '';
  expect(detail).toContain(`  - client device ${UID}/0 (ci "main" \${x})\n`);
  expect(detail).toContain('  - and 2 more');
  expect(detail).toContain('force_destroy = true');
});
