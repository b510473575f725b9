import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { countingSink, fileWriter, streamWriter } from '../../../service/host/log-sink';
import type { ServiceAddress } from '../../../service/main';
import { ensureBundles } from '../../support/bundles';
import { until } from '../http/listening-api';
import { temporaryFolder } from '../running-service';

test('what does not fit is dropped and counted, and the log says so when it flows again', () => {
  const written: string[] = [];
  const free: (() => void)[] = [];
  const stream = new Writable({
    decodeStrings: false,
    highWaterMark: 1,
    write(chunk, _encoding, done) {
      written.push(chunk);
      free.push(done);
    },
  });
  const sink = countingSink(streamWriter(stream, 30));
  for (let line = 0; line < 10; line++) {
    sink.write(`line ${line}  \n`);
  }
  expect(sink.dropped()).toBe(7);
  while (free.length > 0) {
    free.shift()?.();
  }
});

test('dropped lines are told of once, before the next line', () => {
  const lines: string[] = [];
  let room = false;
  const sink = countingSink((line) => room && lines.push(line) > 0);
  sink.write('a');
  sink.write('b');
  room = true;
  sink.write('c');
  sink.write('d');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 40, dropped: 2, msg: expect.stringContaining('dropped') });
  expect(lines.slice(1)).toEqual(['c', 'd']);
  expect(sink.dropped()).toBe(2);
});

test('a disk that is full costs the line and nothing else', () => {
  const full = openSync('/dev/full', 'w');
  const sink = countingSink(fileWriter(full));
  sink.write('line\n');
  expect(sink.dropped()).toBe(1);
  closeSync(full);
  sink.write('line\n');
  expect(sink.dropped()).toBe(2);
});

test('a reader that is gone costs the lines and nothing else', async () => {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
  const sink = countingSink(streamWriter(stream, 1_000));
  sink.write('lost without a trace\n');
  await new Promise(setImmediate);
  sink.write('counted\n');
  expect(sink.dropped()).toBe(1);
});

/** The command as a process of its own, whose standard error is this. */
async function serve(folder: string, stderr: 'pipe' | number) {
  const readyFile = join(folder, 'ready.json');
  const options = [
    '--data',
    join(folder, 'data'),
    '--listen',
    '127.0.0.1:0',
    '--insecure-http',
    '--ready-file',
    readyFile,
  ];
  const args = [ensureBundles().cli, 'service', 'start', ...options, '--log-level', 'debug'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', stderr] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await until('the service to be ready', () => existsSync(readyFile) || child.exitCode !== null, 80_000);
  return { child, ended, service: JSON.parse(readFileSync(readyFile, 'utf8')) as ServiceAddress };
}

test('a service whose log nobody reads goes on answering, and stops when told to', async () => {
  const { folder, remove } = temporaryFolder();
  const { child, service, ended } = await serve(folder, 'pipe');
  try {
    // What stands between the processes holds some hundred KiB: a thousand lines of requests.
    const headers = { authorization: `Bearer ${readFileSync(service.tokenFile, 'utf8').trim()}` };
    for (let request = 0; request < 1_500; request++) {
      const reply = await fetch(`${service.endpoint}/v1/info`, { headers });
      await reply.text();
      expect(reply.status).toBe(200);
    }
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  } finally {
    child.kill('SIGKILL');
    remove();
  }
}, 240_000);

test('a service starts with a full log disk, and says by a metric what it could not log', async () => {
  const { folder, remove } = temporaryFolder();
  const full = openSync('/dev/full', 'w');
  const { child, service } = await serve(folder, full);
  try {
    const metrics = await (await fetch(`${service.endpoint}/metrics`)).text();
    expect(metrics).toMatch(/^ksm_iac_log_lines_dropped_total [1-9]\d*$/m);
  } finally {
    child.kill('SIGKILL');
    closeSync(full);
    remove();
  }
}, 240_000);
