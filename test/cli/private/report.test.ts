import { CommanderError } from 'commander';
import { CommandError, UsageError } from '../../../cli/private/command-error';
import { reportOf } from '../../../cli/private/report';
import { KsmError } from '../../../contract/errors';

test('a failure is exit code 1, a wrong command line 2, help 0', () => {
  expect(reportOf(new CommandError('It failed.'))).toEqual({ lines: ['It failed.'], exitCode: 1 });
  expect(reportOf(new UsageError('Give --data.'))).toEqual({ lines: ['Give --data.'], exitCode: 2 });
  expect(reportOf(new CommanderError(1, 'commander.unknownOption', 'm'))).toEqual({ lines: [], exitCode: 2 });
  expect(reportOf(new CommanderError(0, 'commander.helpDisplayed', 'm'))).toEqual({ lines: [], exitCode: 0 });
});

test("a problem of the service shows its detail, its fields and the request's id", () => {
  const error = new KsmError('invalid_request', 'The body is not valid.', {
    errors: [{ field: '/name', message: 'is empty; write 1 to 255 characters' }],
    requestId: 'req-1',
  });
  expect(reportOf(error).lines).toEqual([
    'The body is not valid.',
    '  /name: is empty; write 1 to 255 characters',
    '  (request req-1)',
  ]);
});

test('an unforeseen failure is one line without a stack trace', () => {
  const { lines, exitCode } = reportOf(new Error('boom\n    at somewhere (file.ts:1:1)'));
  expect({ lines, exitCode }).toEqual({ lines: ['boom'], exitCode: 1 });
});
