/**
 * Keeps the compiled API of the construct library as the released one, which test/lib/compatibility.test.ts compares
 * with: run at a release, after `npm run build`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}test/lib/released`;
mkdirSync(folder, { recursive: true });
const assembly = readFileSync(`${root}.jsii`);
writeFileSync(`${folder}/.jsii.gz`, gzipSync(assembly, { level: 9 }));
console.log(`test/lib/released: the API of ${JSON.parse(assembly.toString()).version}`);
