/** A line of the service's log for a person at a terminal; programs get the JSON as it is. */
import { printable } from './printable';
import { styled } from './style';

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
const WARN = 40;

/** `14:26:38 info  ready endpoint=https://127.0.0.1:8443`, the time in UTC; a stack stands below its line. */
export function logText(json: string, stream: NodeJS.WriteStream = process.stderr): string {
  const { level, time, msg, err, ...rest } = JSON.parse(json) as Record<string, unknown> & { err?: { stack?: string } };
  const name = LEVELS[Number(level)] ?? String(level);
  const facts = Object.entries(rest).map(([key, value]) => ` ${key}=${valueText(value)}`);
  const severity =
    Number(level) < WARN ? name.padEnd(5) : styled(level === WARN ? 'yellow' : 'red', name.padEnd(5), stream);
  const stack = err?.stack === undefined ? '' : `\n  ${err.stack.split('\n').map(printable).join('\n  ')}`;
  return `${String(time).slice(11, 19)} ${severity} ${printable(String(msg))}${facts.join('')}${stack}\n`;
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  return printable(text);
}
