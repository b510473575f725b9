import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProtocolTable, protoOf } from './proto';

const ROOT = join(__dirname, '..', '..');
const FOLDER = join(ROOT, 'provider', 'protocol');

/**
 * Encode and decode, and nothing else: the provider starts three to five times
 * a command, so every method that is not called is start-up time lost.
 */
const OPTIONS = [
  'esModuleInterop=true',
  'outputJsonMethods=false',
  'outputPartialMethods=false',
  'outputClientImpl=false',
  'outputServices=none',
  'exportCommonSymbols=false',
  'annotateFilesWithVersion=false',
  'comments=false',
  // Message fields may be left out by the writer; scalars are always there for the reader.
  'useOptionals=messages',
  // A constant object is dropped by the bundler when unused; a TypeScript enum is not.
  'enumsAsLiterals=true',
  'unrecognizedEnum=false',
  // Versions and indexes: far below 2^53.
  'forceLong=number',
];

/**
 * Regenerates tfplugin6.proto from the protocol's table, and
 * provider/protocol/generated/ from that, with buf and ts-proto from npm and no network.
 */
export async function generateCodec(): Promise<void> {
  const table: ProtocolTable = JSON.parse(readFileSync(join(FOLDER, 'tfplugin6-6.11.json'), 'utf8'));
  writeFileSync(join(FOLDER, 'tfplugin6.proto'), protoOf(table));
  const template = {
    version: 'v2',
    clean: true,
    inputs: [{ directory: FOLDER }],
    plugins: [
      {
        local: join(ROOT, 'node_modules', '.bin', 'protoc-gen-ts_proto'),
        out: join(FOLDER, 'generated'),
        opt: OPTIONS,
      },
    ],
  };
  execFileSync(join(ROOT, 'node_modules', '.bin', 'buf'), ['generate', '--template', JSON.stringify(template)], {
    cwd: FOLDER,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
