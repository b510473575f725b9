import { Lazy, type TerraformResource, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';

interface Grant {
  readonly stack: TerraformStack;
  readonly address: string;
}
interface Members {
  readonly grants: Grant[];
  readonly clients: TerraformResource[];
}

/** By the application's construct; grants and clients may be declared in any order. */
const members = new WeakMap<IConstruct, Members>();

/**
 * A consumer may redeem its token as soon as its device exists, so what it is
 * to read must be granted before: clients that are made through an application
 * depend on the application's grants in their stack.
 */
export function registerGrant(application: IConstruct, resource: TerraformResource): void {
  const { grants, clients } = membersOf(application);
  const grant = { stack: TerraformStack.of(resource), address: address(resource) };
  grants.push(grant);
  for (const client of clients) comeAfter(client, grant);
}

/** @see registerGrant */
export function registerClient(application: IConstruct, client: TerraformResource): void {
  const { grants, clients } = membersOf(application);
  clients.push(client);
  for (const grant of grants) comeAfter(client, grant);
}

function membersOf(application: IConstruct): Members {
  const found = members.get(application) ?? { grants: [], clients: [] };
  members.set(application, found);
  return found;
}

/** Lazy, so that the logical id may still be overridden; and not `fqn`, since depends_on takes no `${}`. */
function address(resource: TerraformResource): string {
  return Lazy.stringValue({ produce: () => `${resource.terraformResourceType}.${resource.friendlyUniqueId}` });
}

function comeAfter(client: TerraformResource, grant: Grant): void {
  if (TerraformStack.of(client) !== grant.stack) return;
  client.dependsOn = [...(client.dependsOn ?? []), grant.address];
}
