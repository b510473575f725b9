import { CommandFailed, run } from './command';

export interface Tool {
  readonly command: 'terraform' | 'tofu';
  readonly version: string;
}

/** `terraform`, or else `tofu`: whichever is on the PATH (docs/decisions/0005). */
export async function findTerraform(): Promise<Tool> {
  for (const command of ['terraform', 'tofu'] as const) {
    try {
      const { stdout } = await run(command, ['version', '-json'], { env: { ...process.env, CHECKPOINT_DISABLE: '1' } });
      return { command, version: JSON.parse(stdout.slice(stdout.indexOf('{'))).terraform_version };
    } catch (error) {
      if (error instanceof CommandFailed) throw error;
    }
  }
  throw new Error('Neither terraform nor tofu is on the PATH: install Terraform 1.6 or newer, or OpenTofu.');
}
