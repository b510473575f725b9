/** `npm run release`: sets itself up, then makes the artefacts (scripts/release/main.ts). */
import { ensureBundled, ensureCompiled, ensureInstalled, runTypeScript } from './setup.mjs';

ensureInstalled();
ensureBundled();
if (process.argv.includes('--npm')) ensureCompiled();
runTypeScript('scripts/release/main.ts', process.argv.slice(2));
