import { exchangeLog } from '../../../../provider/resources/private/exchange-log';
import { recordingLog } from '../recording-log';

const event = { method: 'GET', path: '/info', attempt: 1, durationMs: 12.6 } as const;

test('an HTTP attempt is a line for whoever looks closely', () => {
  const log = recordingLog();
  exchangeLog(log)({ ...event, status: 200, requestId: 'req-1' });
  const fields = { method: 'GET', path: '/info', attempt: 1, status: 200, durationMs: 13, requestId: 'req-1' };
  expect(log.entries).toEqual([['debug', 'called the service', fields]]);
});

test('one that another follows is a warning with the wait', () => {
  const log = recordingLog();
  exchangeLog(log)({ ...event, code: 'service_unreachable', waitMs: 187.5 });
  const fields = { method: 'GET', path: '/info', attempt: 1, code: 'service_unreachable', durationMs: 13, waitMs: 188 };
  expect(log.entries).toEqual([['warn', 'calls the service again', fields]]);
});
