/** `tfplugin6.proto` from the table of the protocol's names, numbers and types. */

interface Field {
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly repeated?: boolean;
  readonly optional?: boolean;
  readonly deprecated?: boolean;
  readonly oneof?: string;
}

interface Call {
  readonly request: string;
  readonly requestStream?: boolean;
  readonly response: string;
  readonly responseStream?: boolean;
}

/** As `provider/protocol/tfplugin6-6.11.json` has it; the message `A.B` stands within the message `A`. */
export interface ProtocolTable {
  readonly package: string;
  readonly protocol: string;
  readonly messages: Readonly<Record<string, readonly Field[]>>;
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly services: Readonly<Record<string, Readonly<Record<string, Call>>>>;
}

export function protoOf(table: ProtocolTable): string {
  const timestamp = Object.values(table.messages).some((fields) =>
    fields.some(({ type }) => type === 'google.protobuf.Timestamp'),
  );
  const blocks = [
    `// Version ${table.protocol} of the protocol in which Terraform and OpenTofu talk to providers. This file is ours: made by\n` +
      '// scripts/generate/proto.ts from tfplugin6-6.11.json, a table of the names, numbers and types that are the\n' +
      "// protocol's, and of nobody's text. Change the table; `npm run generate` then makes this file, and the codec of it.",
    'syntax = "proto3";',
    `package ${table.package};`,
    ...(timestamp ? ['import "google/protobuf/timestamp.proto";'] : []),
    ...Object.entries(table.services).map(([name, calls]) => service(name, calls)),
    ...within(table, '').map((block) => block.join('\n')),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function service(name: string, calls: Readonly<Record<string, Call>>): string {
  const lines = Object.entries(calls).map(([call, { request, requestStream, response, responseStream }]) => {
    const stream = (streams: boolean | undefined) => (streams ? 'stream ' : '');
    return `  rpc ${call}(${stream(requestStream)}${request}) returns (${stream(responseStream)}${response});`;
  });
  return [`service ${name} {`, ...lines, '}'].join('\n');
}

/** The enums and messages that stand directly within a message, or in the file (''), each as lines. */
function within(table: ProtocolTable, parent: string): string[][] {
  const own = (full: string) => full.slice(0, Math.max(0, full.lastIndexOf('.'))) === parent;
  const short = (full: string) => full.slice(full.lastIndexOf('.') + 1);
  return [
    ...Object.entries(table.enums)
      .filter(([full]) => own(full))
      .map(([full, values]) => [
        `enum ${short(full)} {`,
        ...Object.entries(values).map(([name, number]) => `  ${name} = ${number};`),
        '}',
      ]),
    ...Object.entries(table.messages)
      .filter(([full]) => own(full))
      .map(([full, fields]) => {
        const body = [...within(table, full).flat(), ...fieldLines(fields)];
        const head = `message ${short(full)} {`;
        return body.length === 0 ? [`${head}}`] : [head, ...body.map((line) => `  ${line}`), '}'];
      }),
  ];
}

function fieldLines(fields: readonly Field[]): string[] {
  const choices = new Set(fields.flatMap(({ oneof }) => oneof ?? []));
  return [
    ...fields.filter(({ oneof }) => oneof === undefined).map(fieldLine),
    ...[...choices].flatMap((choice) => [
      `oneof ${choice} {`,
      ...fields.filter(({ oneof }) => oneof === choice).map((field) => `  ${fieldLine(field)}`),
      '}',
    ]),
  ];
}

function fieldLine({ number, name, type, repeated, optional, deprecated }: Field): string {
  const label = repeated ? 'repeated ' : optional ? 'optional ' : '';
  return `${label}${type} ${name} = ${number}${deprecated ? ' [deprecated = true]' : ''};`;
}
