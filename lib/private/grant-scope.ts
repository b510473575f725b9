import { Token } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { show, validApplication } from './validate';

interface Secret extends IConstruct {
  readonly uid: string;
}

/** By the application's construct, then by the secret. */
const granted = new WeakMap<IConstruct, Map<string, Construct>>();

/**
 * A grant made from the secret's side stands below the application, as in the
 * CDK below the grantee: devices in the application's stack can then wait for
 * it, and one secret serves applications of many stacks. Granting twice is one
 * grant, with the wider of both rights.
 */
export function grantOnce<Grant extends Construct>(
  secret: Secret,
  application: IConstruct,
  editable: boolean,
  make: (scope: Construct, id: string) => Grant,
): Grant {
  const wrong = validApplication(application);
  if (wrong) throw new Error(`Grant of '${secret.node.path}': ${wrong}`);
  const grants = granted.get(application) ?? new Map<string, Construct>();
  granted.set(application, grants);
  // A UID that is known only to Terraform cannot be compared.
  const key = Token.isUnresolved(secret.uid) ? `construct ${secret.node.addr}` : secret.uid;
  const found = grants.get(key) as Grant | undefined;
  if (found === undefined) {
    // Whatever implements IKsmApplication is a construct; only the interface does not say so.
    const grant = make(application as Construct, freeId(secret, application));
    grants.set(key, grant);
    return grant;
  }
  // Of a folder and of a record alike.
  if (editable) (found.node.defaultChild as { editable?: boolean }).editable = true;
  return found;
}

/** The first secret of a construct id has the short one: today's address. */
function freeId(secret: Secret, application: IConstruct): string {
  const short = `grant-${secret.node.id}`;
  if (!application.node.tryFindChild(short)) return short;
  const long = `${short}-${secret.node.addr.slice(-8)}`;
  if (!application.node.tryFindChild(long)) return long;
  throw new Error(
    `Application '${application.node.path}' has a construct ${show(long)} already. Give the secret another id.`,
  );
}
