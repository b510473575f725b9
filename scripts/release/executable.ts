/** The provider as one executable for a platform that need not be this one. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import { BASES, baseOf, thisPlatform } from './bases';

const root = resolve(__dirname, '../..');

/**
 * What Bun would do beside running the script: read `.env` and `bunfig.toml` of the folder that it is started in, which
 * here is a module of Terraform.
 */
const ISOLATED = ['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'];

/** Compiles the built script, with its bytecode; two builds are the same to the bit. */
export function executableOf(platform: string, folder: string): Buffer {
  const script = join(root, 'dist/bin/terraform-provider-ksm.cjs');
  const name = platform.startsWith('windows_') ? 'provider.exe' : 'provider';
  const out = join(folder, name);
  execFileSync(
    baseOf(thisPlatform()),
    [
      'build',
      '--compile',
      '--bytecode',
      ...ISOLATED,
      `--target=${BASES[platform]!.target}`,
      `--compile-executable-path=${baseOf(platform)}`,
      script,
      '--outfile',
      out,
    ],
    // Relative names only: the script's path stands in the executable.
    { cwd: join(root, 'dist/bin'), stdio: ['ignore', 'ignore', 'inherit'] },
  );
  chmodSync(out, 0o755);
  const content = readFileSync(out);
  rmSync(out);
  return content;
}

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
