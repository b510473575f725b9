import type { Construct, IConstruct } from 'constructs';

export interface GrantPlace {
  readonly scope: Construct;
  readonly id: string;
}

/**
 * A grant made from the secret's side stands below the application, as in the
 * CDK below the grantee: devices in the application's stack can then wait for
 * it, and one secret serves applications of many stacks.
 */
export function grantPlace(secret: IConstruct, application: IConstruct): GrantPlace {
  const id = `grant-${secret.node.id}`;
  if (application.node.tryFindChild(id)) {
    throw new Error(
      `Application '${application.node.path}' has a grant of '${secret.node.id}' already. Grant a secret to an application once, ` +
        'for reading or for editing; another secret of the same construct id needs another id.',
    );
  }
  // Whatever implements IKsmApplication is a construct; only the interface does not say so.
  return { scope: application as Construct, id };
}
