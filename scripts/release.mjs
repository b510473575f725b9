/** `npm run release`: sets itself up, then makes the artefacts (scripts/release/main.ts). */
import { ensureBundled, ensureInstalled, runTypeScript } from './setup.mjs';

ensureInstalled();
ensureBundled();
runTypeScript('scripts/release/main.ts', process.argv.slice(2));
