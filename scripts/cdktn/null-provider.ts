/** Bindings of `hashicorp/null` for CDK Terrain, of which npm has none: what `GatewayInstallation` is made of, and its provider. */
import { generateBindingsInto } from '../generate/bindings';

const text =
  'A map of arbitrary strings that, when changed, will force the null resource to be replaced, re-running provisioners.';

/** As `terraform providers schema -json` prints it; the data source, long deprecated, is left out. */
const SCHEMA = {
  format_version: '1.0',
  provider_schemas: {
    'registry.terraform.io/hashicorp/null': {
      provider: { version: 0, block: {} },
      resource_schemas: {
        null_resource: {
          version: 0,
          block: {
            attributes: {
              id: { type: 'string', computed: true },
              triggers: { type: ['map', 'string'], optional: true, description: text },
            },
          },
        },
      },
    },
  },
};

/** The version is the one of `@cdktf/provider-null`, so that both flavours ask Terraform for the same. */
export async function generateNullProvider(folder: string): Promise<void> {
  await generateBindingsInto(folder, { name: 'null', source: 'null', version: '3.2.4' }, SCHEMA);
}
