import { Lazy, TerraformDataSource, type TerraformElement, TerraformResource, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';

/** What one of our resources waits for, beside what it refers to. */
const waits = new WeakMap<TerraformElement, () => readonly TerraformElement[]>();
const addresses = new WeakMap<TerraformElement, string>();

/** What can wait: a resource, and an ephemeral one. */
export type Waiting = TerraformElement & { dependsOn?: string[] };

/**
 * Joins three lists in `depends_on`: the one that was given, what
 * `node.addDependency` of the construct and of its scopes names, which cdktf
 * never reads, and `more`. An accessor, since all three may grow until synth.
 *
 * @param given what `dependsOn` of its properties names
 */
export function joinDependencies(
  resource: Waiting,
  given: readonly unknown[] | undefined,
  more: () => readonly TerraformElement[] = () => [],
): void {
  let own = resource.dependsOn;
  // By an address of its own: the element would be named by another text of the same meaning.
  const named = new Map((given ?? []).map((one, i) => [elementOf(one), own?.[i]]));
  const others = () =>
    [...more(), ...nodeDependencies(resource)].filter((element) => {
      const text = named.get(element);
      return text === undefined || own?.includes(text) !== true;
    });
  Object.defineProperty(resource, 'dependsOn', {
    configurable: true,
    enumerable: true,
    get: () => {
      const all = new Set([...(own ?? []), ...others().map(address)]);
      return all.size === 0 ? undefined : [...all];
    },
    set: (value: string[] | undefined) => {
      own = value;
    },
  });
  waits.set(resource, () => [...elementsOf(given), ...others()]);
  resource.node.addValidation({
    // What waits for nothing but grants is part of no way that does not begin elsewhere.
    validate: () => [
      ...waitsWithin(resource),
      ...(given?.length || nodeDependencies(resource).length > 0 ? cycleOf(resource) : []),
    ],
  });
}

/**
 * What is wrong if a resource of ours waits, along others, for itself:
 * Terraform would refuse it without saying what to do.
 */
function cycleOf(resource: Waiting): string[] {
  const seen = new Set<TerraformElement>();
  const walk = (from: TerraformElement, way: readonly TerraformElement[]): readonly TerraformElement[] | undefined => {
    for (const next of waits.get(from)?.() ?? []) {
      if (next === resource) return way;
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk(next, [...way, next]);
      if (found) return found;
    }
    return undefined;
  };
  const way = walk(resource, [resource]);
  if (!way) return [];
  const names = [...way, resource].map((element) => `'${element.node.scope?.node.path ?? element.node.path}'`);
  const byGrant = way.some((element, i) => GRANT.test(typeOf(element)) && !GRANT.test(typeOf(way.at(i - 1)!)));
  return [
    `${names.join(' waits for ')}. ${
      byGrant
        ? 'Devices and gateways made through an application wait for its grants: one that a grant waits for takes afterGrants: false.'
        : 'Terraform makes none of them before the others: take one of these dependencies away.'
    }`,
  ];
}

const GRANT = /^ksm_(shared_folder|record)_grant$/;
const typeOf = (element: TerraformElement) => (element as TerraformResource).terraformResourceType ?? '';

/**
 * Scopes that are to wait for what stands within them, which itself waits for
 * all that it stands within. Said once: by the first of our resources there.
 */
function waitsWithin(resource: Waiting): string[] {
  return resource.node.scopes.flatMap((scope) => {
    const within = scope.node.dependencies.filter(({ node }) => node.scopes.includes(scope));
    if (within.length === 0 || scope.node.findAll().find((one) => waits.has(one as Waiting)) !== resource) return [];
    return within.map(
      ({ node }) =>
        `'${scope.node.path}' waits for '${node.path}', which stands within it. Expected the constructs that are to wait for it, one by one.`,
    );
  });
}

/** The one that a dependency names: itself, or of a construct of ours the one resource that it is. */
function elementOf(dependable: unknown): TerraformElement | undefined {
  if (isAddressable(dependable as IConstruct)) return dependable as TerraformElement;
  const { defaultChild } = (dependable as IConstruct).node ?? {};
  return defaultChild !== undefined && waits.has(defaultChild as TerraformElement)
    ? (defaultChild as TerraformElement)
    : undefined;
}

/** The elements of constructs: their own, or of those of a level above the ones below them. */
function elementsOf(dependables: readonly unknown[] | undefined): TerraformElement[] {
  return (dependables ?? []).flatMap((dependable) => {
    const construct = dependable as IConstruct;
    return construct?.node === undefined ? [] : construct.node.findAll().filter(isAddressable);
  });
}

function isAddressable(construct: IConstruct): construct is TerraformResource | TerraformDataSource {
  return TerraformResource.isTerraformResource(construct) || TerraformDataSource.isTerraformDataSource(construct);
}

function nodeDependencies(resource: Waiting): TerraformElement[] {
  const stack = TerraformStack.of(resource);
  const found: TerraformElement[] = [];
  for (const scope of resource.node.scopes) {
    for (const dependency of scope.node.dependencies) {
      for (const element of dependency.node.findAll()) {
        // What it stands within itself cannot be there before it.
        if (!isAddressable(element) || element === resource || element.node.scopes.includes(scope)) continue;
        const other = TerraformStack.of(element);
        // Terraform knows no order of resources beyond one stack.
        if (other === stack) found.push(element);
        else stack.addDependency(other);
      }
    }
  }
  return found;
}

/** Lazy, so that the logical id may still be overridden; and not `fqn`, since depends_on takes no `${}`. */
function address(element: TerraformElement): string {
  const known = addresses.get(element);
  if (known !== undefined) return known;
  const data = TerraformDataSource.isTerraformDataSource(element) ? 'data.' : '';
  const { terraformResourceType } = element as TerraformResource;
  const made = Lazy.stringValue({
    produce: () => `${data}${terraformResourceType}.${element.friendlyUniqueId}`,
  });
  addresses.set(element, made);
  return made;
}
