/** A source of the constructs, or a test of them, as it is for CDK Terrain. */
import { dirname, relative } from 'node:path/posix';
import { preProcessFile } from 'typescript';

/** Where the flavour has the bindings of `hashicorp/null`, for which cdktf has a package. */
export const NULL_PROVIDER = 'lib/null-provider';

/**
 * Whole strings that name a module, be it in an import, in `require` or in a program that stands in a test; and the package's own name, which
 * is in symbols, reports and examples, but not the address of the repository. `cdktf.out`, `cdktf.json` and `CDKTF_…` are CDK Terrain's, too.
 *
 * @param file path below the root, with `/`
 */
export function translate(file: string, text: string): string {
  const translated = text
    .replace(/(['"`])@cdktf\/provider-null\/lib\/(\w+)\1/g, (_, quote, name) => {
      const path = relative(dirname(file), `${NULL_PROVIDER}/${name}`);
      return `${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`;
    })
    .replace(/(['"`])cdktf((?:\/[\w-]+)*)\1/g, '$1cdktn$2$1')
    .replace(/(?<!ksm-iac\/)\bcdktf-ksm\b/g, 'cdktn-ksm');
  if (file.endsWith('.ts')) refuseLeftovers(file, translated);
  return translated;
}

/** One that is left would be found in the clone's own node_modules, and mix the two. */
function refuseLeftovers(file: string, text: string): void {
  const left = preProcessFile(text, true, true).importedFiles.find(({ fileName }) => /^@?cdktf\b/.test(fileName));
  if (left) throw new Error(`${file} imports '${left.fileName}', which scripts/cdktn/translate.ts does not translate`);
}
