/** Generates `API.md` from the compiled construct library, the generated bindings left out. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { root } from './repository';

export function generateApiDocs(): void {
  run('projen', 'compile');
  run('jsii-docgen', '--output', 'API.md', '--submodule', 'root');
}

function run(tool: string, ...args: string[]): void {
  execFileSync(resolve(root, 'node_modules/.bin', tool), args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
}
