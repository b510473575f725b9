import { createLog, errorFields, levelFrom } from '../../../provider/plugin/log';

describe('the log', () => {
  test('is one JSON line an entry, in the fields of hclog, with six digits of a second', () => {
    const lines: string[] = [];
    createLog('trace', (line) => lines.push(line)).warn('slow', { path: '/a', ms: 12 });
    expect(lines).toHaveLength(1);
    expect(lines[0]!.endsWith('}\n')).toBe(true);
    expect(JSON.parse(lines[0]!)).toEqual({
      '@level': 'warn',
      '@message': 'slow',
      '@module': 'ksm',
      '@timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      path: '/a',
      ms: 12,
    });
  });

  test('stays one line and keeps its own fields, whatever it is given', () => {
    const lines: string[] = [];
    createLog('trace', (line) => lines.push(line)).info('a\nb "c"', { '@level': 'error' });
    expect(lines[0]!.indexOf('\n')).toBe(lines[0]!.length - 1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ '@level': 'info', '@message': 'a\nb "c"' });
  });

  test.each([
    ['trace', 5],
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
    ['off', 0],
  ] as const)('at level %s writes %d of the five levels', (level, count) => {
    const lines: string[] = [];
    const log = createLog(level, (line) => lines.push(line));
    for (const own of ['trace', 'debug', 'info', 'warn', 'error'] as const) log[own]('x');
    expect(lines).toHaveLength(count);
  });

  test('takes its level from TF_LOG_PROVIDER, else TF_LOG, as Terraform reads them', () => {
    expect(levelFrom({})).toBe('error');
    expect(levelFrom({ TF_LOG: 'DEBUG' })).toBe('debug');
    expect(levelFrom({ TF_LOG: 'DEBUG', TF_LOG_PROVIDER: 'off' })).toBe('off');
    expect(levelFrom({ TF_LOG: 'JSON' })).toBe('trace');
    expect(levelFrom({ TF_LOG: 'whatever' })).toBe('trace');
  });
});

describe('an error in the log', () => {
  test('is its class, its code and its place, never its message', () => {
    const error = Object.assign(new RangeError('canary\nsecond canary line'), { code: 'E_CANARIES' });
    const fields = errorFields(error);
    expect(fields).toMatchObject({ error: 'RangeError', code: 'E_CANARIES', at: expect.stringContaining('log.test') });
    expect(JSON.stringify(fields)).not.toContain('canary');
  });

  test('has no place in its message', () => {
    const fields = errorFields(new Error('first\n    at canary (of the message)'));
    expect(JSON.stringify(fields)).not.toContain('canary');
  });

  test('that is no Error is its type alone', () => {
    expect(errorFields('canary')).toEqual({ error: 'string' });
  });
});
