/** The provider as one executable for a platform that need not be this one. */
import { execFileSync, type StdioOptions } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import { baseOf, basePackage, type Engine, thisPlatform } from './bases';

const root = resolve(__dirname, '../..');

/**
 * What Bun would do beside running the script: read `.env` and `bunfig.toml` of the folder that it is started in, which
 * here is a module of Terraform.
 */
const ISOLATED = ['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'];

/** Puts the built script into an executable of the engine; two builds are the same to the bit. */
export function executableOf(platform: string, folder: string, engine: Engine): Buffer {
  const out = join(folder, platform.startsWith('windows_') ? 'provider.exe' : 'provider');
  BUILDERS[engine](platform, out, folder);
  chmodSync(out, 0o755);
  const content = readFileSync(out);
  rmSync(out);
  return content;
}

const NAME = 'terraform-provider-ksm.cjs';
// Relative names only: the script's path stands in the executable.
const here = { cwd: join(root, 'dist/bin'), stdio: ['ignore', 'ignore', 'inherit'] as StdioOptions };

const BUILDERS: Readonly<Record<Engine, (platform: string, out: string, folder: string) => void>> = {
  bun(platform, out) {
    const options = [
      '--compile',
      '--bytecode',
      ...ISOLATED,
      `--target=${basePackage(platform, 'bun').target}`,
      `--compile-executable-path=${baseOf(platform, 'bun')}`,
    ];
    execFileSync(baseOf(thisPlatform(), 'bun'), ['build', ...options, NAME, '--outfile', out], here);
  },
  /** Its code cache would make each build another; `NODE_OPTIONS` are of whoever runs Terraform, and not for us. */
  node(platform, out, folder) {
    const settings = join(folder, 'sea.json');
    const how = { disableExperimentalSEAWarning: true, execArgvExtension: 'none' };
    const what = { main: NAME, output: out, executable: baseOf(platform, 'node') };
    writeFileSync(settings, JSON.stringify({ ...what, ...how }));
    execFileSync(baseOf(thisPlatform(), 'node'), ['--build-sea', settings], here);
  },
};

/** Writes this machine's executable of a folder of artefacts into another; returns its path. */
export function unpackExecutable(artefacts: string, folder: string): string {
  const archive = readdirSync(artefacts).find((name) => name.endsWith(`_${thisPlatform()}.zip`));
  if (!archive) throw new Error(`${artefacts} has no archive for ${thisPlatform()}: run \`npm run release\`.`);
  const files = unzipSync(readFileSync(join(artefacts, archive)));
  const [file, content] = Object.entries(files).find(([name]) => name.startsWith('terraform-provider-ksm_v'))!;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), content, { mode: 0o755 });
  return join(folder, file);
}
