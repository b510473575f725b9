/** `npm run commander`: Keeper Commander over a simulated Keeper, for trying things by hand. */
import { ensureInstalled, runTypeScript } from './setup.mjs';

ensureInstalled();
runTypeScript('test/commander/main.ts', process.argv.slice(2));
