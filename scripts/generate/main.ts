/**
 * `npm run generate`: writes every file that is made from another one, in the
 * order in which they depend on each other. A second run changes nothing; CI
 * fails on any difference.
 */
import { generateApiDocs } from './api-docs';
import { generateBindings } from './bindings';
import { generateCodec } from './codec';
import { generateProviderDocs } from './provider-docs';
import { providerSchemaJson } from './provider-schema';

const steps: [string, () => void | Promise<void>][] = [
  ['provider/protocol/generated', generateCodec],
  ['lib/bindings', () => generateBindings(providerSchemaJson())],
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
