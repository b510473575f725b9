/** Signals at the moments of `ksm-iac dev` between which a listener could be missing. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../support/cli';

const dir = mkdtempSync(join(tmpdir(), 'ksm-iac-signals-'));
const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(KSM_|TF_|NODE_)/.test(name)));
const env = { ...own, HOME: dir, XDG_DATA_HOME: join(dir, 'share'), TMPDIR: dir };
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Loaded into the command: it signals itself at one moment, which from outside can be hit by luck alone. */
const MOMENTS = {
  'the temporary folder was made': `
    const fs = require('node:fs/promises');
    const { mkdtemp } = fs;
    fs.mkdtemp = async (...args) => {
      const made = await mkdtemp(...args);
      process.kill(process.pid, 'SIGTERM');
      return made;
    };`,
  'the command is about to start': `
    const child = require('node:child_process');
    const { spawn } = child;
    child.spawn = (...args) => {
      process.kill(process.pid, 'SIGTERM');
      return spawn(...args);
    };`,
  'the command has just started': `
    const child = require('node:child_process');
    const { spawn } = child;
    child.spawn = (...args) => {
      const started = spawn(...args);
      process.kill(process.pid, 'SIGTERM');
      return started;
    };`,
  'a listener was taken away': `
    const { off } = process;
    process.off = (event, ...rest) => {
      const result = off.call(process, event, ...rest);
      if (event === 'SIGTERM') process.kill(process.pid, 'SIGTERM');
      return result;
    };`,
};

test.each(Object.entries(MOMENTS))(
  'SIGTERM when %s leaves no command and no folder behind',
  async (moment, preload) => {
    const file = join(dir, 'preload.cjs');
    writeFileSync(file, preload);
    const command = moment === 'a listener was taken away' ? 'true' : 'exec sleep 20';
    const { code, signal } = await runCli(['dev', '--', 'sh', '-c', command], {
      env: { ...env, NODE_OPTIONS: `--require=${file}` },
    });
    expect({ code, signal }).toEqual({ code: command === 'true' ? 0 : 143, signal: null });
    expect(readdirSync(dir).filter((name) => name.startsWith('ksm-iac-dev-'))).toEqual([]);
  },
);
