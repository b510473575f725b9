import { type TerraformElement, TerraformStack } from 'cdktf';
import { makeUniqueId } from 'cdktf/lib/private/unique';
import type { Construct } from 'constructs';
import { show } from './validate';

/** What an address of Terraform begins with: of one of our resources, also within a module. */
const ADDRESS = /^(module\.[^/]*\.)?ksm_[a-z_]+\./;

/** Ids of the path that a construct had below its stack. Throws where no construct can have had it. */
export function pathBefore(construct: Construct, path: string): readonly string[] {
  const ids = typeof path === 'string' ? path.split('/') : [''];
  if (ids.includes('')) {
    const cure = typeof path === 'string' ? ids.filter((id) => id !== '').join('/') : '';
    throw wrong(
      construct,
      path,
      `the path that it had below its stack, ${cure === '' ? 'such as "team/payments"' : `"${cure}"`}, without / at an end and without empty ids`,
    );
  }
  if (ADDRESS.test(path)) {
    throw wrong(
      construct,
      path,
      'a path of constructs below the stack, such as "team/payments", and no address of Terraform: for that use moveFromId of node.defaultChild',
    );
  }
  return ids;
}

/**
 * Where the construct stands now, and `node.path`, which begins with the stack:
 * Terraform would look for what was below a construct of the stack's id, find
 * nothing, and destroy what there is. At synth, when everything is declared.
 *
 * @param resource its resource
 */
export function refusePresentPath(construct: Construct, resource: TerraformElement, before: readonly string[]): void {
  const stack = TerraformStack.of(construct);
  const path = before.join('/');
  const below = resource.node.scopes.slice(construct.node.scopes.length).map(({ node }) => node.id);
  // With a logical id of its own it can have moved, and stand where it stood.
  if (path === pathIn(stack, construct) && makeUniqueId([...before, ...below]) === resource.friendlyUniqueId) {
    throw wrong(construct, path, 'the path that it had before: this is where it is');
  }
  const { node } = stack;
  const above = [node.path, node.id].find((ids) => path.startsWith(`${ids}/`));
  if (above === undefined || isBelow(stack, before)) return;
  throw wrong(
    construct,
    path,
    `the path below the stack, ${show(path.slice(above.length + 1))}: the stack ${show(above)} is no part of it. Where a construct ${show(before[0])} stood in the stack, use moveFromId of node.defaultChild`,
  );
}

function pathIn(stack: TerraformStack, construct: Construct): string {
  const scopes = construct.node.scopes.slice(stack.node.scopes.length);
  return scopes.map(({ node }) => node.id).join('/');
}

/** Whether the stack has a construct of its own id; one of two that begin the path has to be within the other. */
function isBelow(stack: TerraformStack, [first, second]: readonly string[]): boolean {
  const child = stack.node.tryFindChild(first!);
  return child !== undefined && (second !== first || child.node.tryFindChild(first!) !== undefined);
}

function wrong({ node }: Construct, path: unknown, expected: string): Error {
  return new Error(`${node.path}: movedFrom is ${show(path)}. Expected ${expected}.`);
}
