/**
 * `npm run generate`: writes every file that is made from another one, in the
 * order in which they depend on each other. A second run changes nothing; CI
 * fails on any difference.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { generateApiDocs } from './api-docs';
import { generateBindings } from './bindings';
import { generateChecksDocs } from './checks-docs';
import { generateCodec } from './codec';
import { generateOpenApi } from './openapi';
import { generateProviderDocs } from './provider-docs';
import { providerSchemaJson } from './provider-schema';
import { root } from './repository';
import { generateVaultDocs } from './vault-docs';

const steps: [string, () => void | Promise<void>][] = [
  ['provider/protocol/generated', generateCodec],
  ['lib/bindings', () => generateBindings(providerSchemaJson())],
  ['docs/openapi.json', async () => writeFileSync(resolve(root, 'docs/openapi.json'), await generateOpenApi())],
  ['docs/commander.md', generateVaultDocs],
  ['docs/constructs/checks.md', generateChecksDocs],
  ['docs/provider', () => generateProviderDocs(providerSchemaJson())],
  ['API.md', generateApiDocs],
];

async function main(): Promise<void> {
  for (const [target, step] of steps) {
    const started = Date.now();
    await step();
    console.log(`${target}  ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
}

void main();
