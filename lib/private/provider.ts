import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { IKsmApplication } from '../application';
import type { KsmProvider } from '../provider';

/**
 * The provider of what stands below an application: its own, else the
 * application's. Terraform knows a provider within one stack only, so that of
 * another stack would be an alias that nobody declared.
 *
 * @param application its vault has to be the one of what stands below it
 * @param secret what is granted: its vault has to be the application's
 */
export function providerOf(
  kind: string,
  construct: IConstruct,
  own: KsmProvider | undefined,
  application?: IKsmApplication,
  secret?: { readonly provider?: KsmProvider },
): KsmProvider | undefined {
  const provider = own ?? application?.provider;
  const refuse = (finding: string) => {
    throw new Error(`${kind} '${construct.node.path}': ${finding}`);
  };
  const here = TerraformStack.of(construct);
  if (secret?.provider !== undefined && !sameIn(here, secret.provider, provider)) {
    refuse(
      `the secret is in the vault of ${named(secret.provider)}, and the application in that of ${named(provider)}. Expected both in one vault.`,
    );
  }
  if (provider === undefined) return undefined;
  const there = TerraformStack.of(provider);
  if (here !== there) {
    refuse(
      `its provider '${provider.node.path}' belongs to the stack '${there.node.id}'. ` +
        `Expected a KsmProvider of the stack '${here.node.id}', in the property provider.`,
    );
  }
  if (application && isBound(application, here) && !sameIn(here, provider, application.provider)) {
    refuse(
      `provider is ${named(provider)}, and its application '${application.node.path}' is in the vault of ${named(application.provider)}. Expected none here, and that of the vault at the application.`,
    );
  }
  return provider;
}

/** Whether two are one in a stack: its default one is the same, named or not. */
export function sameIn(stack: TerraformStack, one: KsmProvider | undefined, other: KsmProvider | undefined): boolean {
  const isDefault = (provider: KsmProvider | undefined) =>
    provider === undefined || (provider.alias === undefined && TerraformStack.of(provider) === stack);
  return one === other || (isDefault(one) && isDefault(other));
}

/**
 * Whether an application of this stack says in which vault it is. A UID alone
 * says nothing, and that of another stack has another provider there.
 */
function isBound(application: IKsmApplication, stack: TerraformStack): boolean {
  if (TerraformStack.of(application) !== stack) return false;
  return application.provider !== undefined || application.node.tryFindChild('Resource') !== undefined;
}

export function named(provider: KsmProvider | undefined): string {
  return provider === undefined ? "the stack's default one" : `the provider '${provider.node.path}'`;
}
