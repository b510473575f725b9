/** Real Terraform on synthesized stacks without `init`: the built provider, and a stand-in for `hashicorp/null`. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { developmentOverrides } from '../../scripts/development-overrides';
import { ensureBundles } from './bundles';

const root = resolve(__dirname, '../..');

/** Writes both into a folder; returns the CLI configuration that has Terraform use them. */
export function devOverrides(folder: string): string {
  writeNullProvider(join(folder, 'terraform-provider-null.cjs'));
  const overrides = { 'hashicorp/null': folder, 'ksm-iac/ksm': dirname(ensureBundles().provider) };
  const file = join(folder, 'terraformrc');
  writeFileSync(file, developmentOverrides(overrides));
  return file;
}

/** The stand-in for `hashicorp/null`, as a program. */
export function writeNullProvider(script: string): void {
  const options = [
    '--bundle',
    '--platform=node',
    '--format=cjs',
    '--banner:js=#!/usr/bin/env node',
    '--log-level=error',
  ];
  execFileSync(join(root, 'node_modules/.bin/esbuild'), [
    join(root, 'test/support/null-provider.ts'),
    ...options,
    `--tsconfig=${join(root, 'tsconfig.dev.json')}`,
    `--outfile=${script}`,
  ]);
  chmodSync(script, 0o755);
}

/** What `terraform validate` finds in a folder: nothing, or each error. */
export function validateWith(tool: string, folder: string, cliConfigFile: string): string[] {
  const { stdout, stderr } = spawnSync(tool, ['validate', '-json'], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: folder, CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: cliConfigFile },
  });
  if (!stdout.startsWith('{')) throw new Error(`${tool} validate said: ${stdout}${stderr}`);
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { severity: string; summary: string; detail: string; address?: string }[];
  };
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ address = '', summary, detail }) => `${address}: ${summary}. ${detail}`);
}
