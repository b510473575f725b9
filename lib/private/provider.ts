import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { KsmProvider } from '../provider';

/**
 * The provider of what stands below an application: its own, else the
 * application's. Terraform knows a provider within one stack only, so that of
 * another stack would be an alias that nobody declared.
 *
 * @param secret what is granted: its vault has to be the application's
 */
export function providerOf(
  kind: string,
  construct: IConstruct,
  own: KsmProvider | undefined,
  application?: { readonly provider?: KsmProvider },
  secret?: { readonly provider?: KsmProvider },
): KsmProvider | undefined {
  const provider = own ?? application?.provider;
  if (secret?.provider !== undefined && secret.provider !== provider) {
    throw new Error(
      `${kind} '${construct.node.path}': the secret is in the vault of the provider '${secret.provider.node.path}', and the application in that of ` +
        `${provider ? `'${provider.node.path}'` : "the stack's default one"}. Expected both in one vault.`,
    );
  }
  if (provider === undefined) return undefined;
  const [here, there] = [TerraformStack.of(construct), TerraformStack.of(provider)];
  if (here !== there) {
    throw new Error(
      `${kind} '${construct.node.path}': its provider '${provider.node.path}' belongs to the stack '${there.node.id}'. ` +
        `Expected a KsmProvider of the stack '${here.node.id}', in the property provider.`,
    );
  }
  return provider;
}
