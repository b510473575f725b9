/** `npm run demo`: sets itself up, then runs the main job (scripts/demo/main.ts) with real Terraform. */
import { ensureBundled, ensureInstalled, runTypeScript } from './setup.mjs';

ensureInstalled();
ensureBundled();
runTypeScript('scripts/demo/main.ts', process.argv.slice(2));
