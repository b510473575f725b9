import { TerraformOutput, type TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';

/** JSON of a configuration. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One block of a synthesized stack. */
export interface Block {
  readonly stack: StackModel;
  readonly type: string;
  /** As others refer to it, such as `ksm_gateway.x` or `data.http.y`. */
  readonly address: string;
  readonly body: { readonly [key: string]: Json };
  /** Path of its construct; that of the one that stands for it, which holds the L1 as `Resource`. */
  readonly path: string;
}

export interface Output {
  readonly name: string;
  readonly body: { readonly [key: string]: Json };
  readonly path: string;
}

/** What Terraform is given of one stack. */
export interface StackModel {
  readonly stack: TerraformStack;
  readonly configuration: { readonly [key: string]: Json };
  readonly resources: readonly Block[];
  readonly data: readonly Block[];
  readonly outputs: readonly Output[];
  /** Resources and data sources, by address. */
  readonly blocks: ReadonlyMap<string, Block>;
  readonly locals: { readonly [name: string]: Json };
  /** Of ours, as they stand in `provider.ksm`. */
  readonly providers: readonly { readonly [key: string]: Json }[];
}

type Bodies = Record<string, Record<string, { [key: string]: Json }>>;

export function modelOf(stack: TerraformStack, configuration: { [key: string]: Json }): StackModel {
  const {
    resource = {},
    data = {},
    output = {},
    provider = {},
    locals = {},
  } = configuration as unknown as {
    resource?: Bodies;
    data?: Bodies;
    output?: Record<string, { [key: string]: Json }>;
    provider?: Record<string, { [key: string]: Json }[]>;
    locals?: { [name: string]: Json };
  };
  const model: { -readonly [K in keyof StackModel]: StackModel[K] } = {
    stack,
    configuration,
    resources: [],
    data: [],
    outputs: [],
    blocks: new Map(),
    locals,
    providers: provider.ksm ?? [],
  };
  const blocks = (bodies: Bodies, prefix: string): Block[] =>
    Object.entries(bodies).flatMap(([type, byName]) =>
      Object.entries(byName).map(([name, body]) => ({
        stack: model,
        type,
        address: `${prefix}${type}.${name}`,
        body,
        path: pathOf(body, stack),
      })),
    );
  model.resources = blocks(resource, '');
  model.data = blocks(data, 'data.');
  model.blocks = new Map([...model.resources, ...model.data].map((block) => [block.address, block]));
  // Outputs have no metadata; few are looked for.
  model.outputs = Object.entries(output).map(([name, body]) => ({
    name,
    body,
    get path() {
      return outputPath(stack, name);
    },
  }));
  return model;
}

function pathOf(body: { readonly [key: string]: Json }, stack: TerraformStack): string {
  const metadata = (body['//'] as { metadata?: { path?: string } } | undefined)?.metadata;
  return metadata?.path?.replace(/\/Resource$/, '') ?? stack.node.path;
}

function outputPath(stack: TerraformStack, name: string): string {
  const found = stack.node
    .findAll()
    .find((one) => TerraformOutput.isTerraformOutput(one) && (one as TerraformOutput).friendlyUniqueId === name);
  return (found ?? stack).node.path;
}

/** The construct of a path, or the nearest one above it that there is. */
export function constructAt(root: IConstruct, path: string): IConstruct {
  let here = root;
  for (const id of path.split('/').filter((part) => part !== '')) {
    const next = here.node.tryFindChild(id);
    if (next === undefined) break;
    here = next;
  }
  return here;
}

/** A text that is known when the program runs. */
export function literalOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && !value.includes('${') ? value : undefined;
}
