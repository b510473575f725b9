/** `npm run bench`: sets itself up, then runs the benchmarks (bench/main.ts); arguments choose some of them. */
import { ensureBundled, ensureInstalled, runTypeScript } from './setup.mjs';

ensureInstalled();
ensureBundled();
runTypeScript('bench/main.ts', process.argv.slice(2));
