import { type TerraformElement, type TerraformResource, TerraformStack, Token } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import type { GrantOptions, ISecret, ISecretGrant } from '../secret';
import { show, validApplication, validOptions } from './validate';

const OPTIONS: Record<keyof GrantOptions, true> = { lifecycle: true, dependsOn: true };

/** A grant as a construct makes it: its right can be widened. */
interface Grant extends ISecretGrant {
  /** @internal */
  _widen(): void;
}

interface Members {
  readonly grants: { readonly grant: ISecretGrant; readonly resource: TerraformResource }[];
  /** Those that were made from the side of the secret. */
  readonly merged: Map<string, { readonly grant: Grant; readonly options: GrantOptions | undefined }>;
}

/** By the application's construct; grants and clients may be declared in any order. */
const members = new WeakMap<IConstruct, Members>();

function membersOf(application: IConstruct): Members {
  const found = members.get(application) ?? { grants: [], merged: new Map() };
  members.set(application, found);
  return found;
}

/** A UID that is known only to Terraform cannot be compared. */
function keyOf(secret: ISecret): string {
  return Token.isUnresolved(secret.uid) ? `construct ${secret.node.addr}` : secret.uid;
}

/** Each grant says that it is there; two of one secret with two rights would undo each other at every apply. */
export function registerGrant(grant: ISecretGrant, resource: TerraformResource): void {
  membersOf(grant.application).grants.push({ grant, resource });
  refuseOtherRight(grant);
}

export function refuseOtherRight(grant: ISecretGrant): void {
  const key = keyOf(grant.secret);
  for (const { grant: other } of membersOf(grant.application).grants) {
    if (other === grant || keyOf(other.secret) !== key || other.editable === grant.editable) continue;
    const [reads, edits] = grant.editable ? [other, grant] : [grant, other];
    throw new Error(
      `The grants '${reads.node.path}', which may read, and '${edits.node.path}', which may edit, are of one secret and one application: they would undo each other. Expected one of them.`,
    );
  }
}

/** The grants of an application that stand in a client's stack, which it waits for. */
export function grantsFor(application: IConstruct, client: IConstruct): TerraformElement[] {
  const stack = TerraformStack.of(client);
  return membersOf(application)
    .grants.filter(({ resource }) => TerraformStack.of(resource) === stack)
    .map(({ resource }) => resource);
}

/**
 * A grant made from the secret's side stands below the application, as in the
 * CDK below the grantee: devices in the application's stack can then wait for
 * it, and one secret serves applications of many stacks. Granting twice is one
 * grant, with the wider of both rights.
 */
export function grantOnce(
  secret: ISecret,
  application: IConstruct,
  editable: boolean,
  options: GrantOptions | undefined,
  make: (scope: Construct, id: string) => Grant,
): ISecretGrant {
  const wrong = validApplication(application) ?? validOptions(options, OPTIONS, 'options');
  if (wrong) throw new Error(`Grant of '${secret.node.path}': ${wrong}`);
  const { merged } = membersOf(application);
  const key = keyOf(secret);
  const found = merged.get(key);
  if (found === undefined) {
    // Whatever implements IKsmApplication is a construct; only the interface does not say so.
    const grant = make(application as Construct, freeId(secret, application));
    merged.set(key, { grant, options });
    return grant;
  }
  if (!isNone(options) && !same(options!, found.options ?? {})) {
    throw new Error(
      `Grant of '${secret.node.path}' to '${application.node.path}': it was granted before, with other options. Expected them where it is granted first.`,
    );
  }
  if (editable && !found.grant.editable) {
    found.grant._widen();
    refuseOtherRight(found.grant);
  }
  return found.grant;
}

function same(one: GrantOptions, other: GrantOptions): boolean {
  return equal(one.lifecycle, other.lifecycle) && equal(one.dependsOn, other.dependsOn);
}

/** By value, but for constructs and others that are more than their properties. */
function equal(one: unknown, other: unknown): boolean {
  if (one === other || (isNone(one) && isNone(other))) return true;
  if (!isPlain(one) || !isPlain(other)) return false;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Array.isArray(one) === Array.isArray(other) && [...keys].every((key) => equal(one[key], other[key]));
}

const isNone = (value: unknown) => value === undefined || value === null;

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

/** The first secret of a construct id has the short one: today's address. */
function freeId(secret: ISecret, application: IConstruct): string {
  const short = `grant-${secret.node.id}`;
  if (!application.node.tryFindChild(short)) return short;
  const long = `${short}-${secret.node.addr.slice(-8)}`;
  if (!application.node.tryFindChild(long)) return long;
  throw new Error(
    `Application '${application.node.path}' has a construct ${show(long)} already. Give the secret another id.`,
  );
}
