import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, TerraformStack, Testing } from 'cdktf';
import 'cdktf/lib/testing/adapters/jest';

// Adds cdktf's matchers to expect.
Testing.setupJest();

export const APPLICATION_UID = 'bKMRbxBRwzBdqsBDNa1fnQ';
export const FOLDER_UID = 'gM3FYZ7dVtnT2aAyDEx1dg';
/** A public key that credentials can be sealed to. */
export const SEAL_KEY = Buffer.alloc(32, 9).toString('base64');
export const RECORD_UID = '-ABnQNhSzGbAbKPe7Dv0Zw';

/** What Terraform is given. */
export interface Configuration {
  /** By type, then by address. */
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
  readonly output: Record<string, Record<string, unknown>>;
  readonly provider: Record<string, Record<string, unknown>[]>;
  readonly terraform: { readonly required_providers: Record<string, unknown> };
}

let outdir: string | undefined;
afterAll(() => {
  if (outdir !== undefined) rmSync(outdir, { recursive: true, force: true });
});

/** An app; all of a test file share a folder, since cdktf would leave one behind for each. */
export function newApp(): App {
  outdir ??= mkdtempSync(join(tmpdir(), 'ksm-synth-'));
  return Testing.app({ outdir });
}

/** A stack named `ci`, so that messages and paths are the same in every test. */
export function emptyStack(): TerraformStack {
  return new TerraformStack(newApp(), 'ci');
}

/** The blocks of all resources of a type, in the order of their addresses. */
export function blocks(stack: TerraformStack, type: string): Record<string, unknown>[] {
  return Object.values(synth(stack).resource?.[type] ?? {});
}

export function synth(stack: TerraformStack): Configuration {
  return JSON.parse(Testing.synth(stack));
}
