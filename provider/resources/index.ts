/**
 * The provider's resources. One file describes one resource, which imports the
 * framework, contract/ and `private/`, never another resource; this list
 * registers them.
 */
import { createServer, type ProviderServer } from '../framework';
import { application } from './application';
import { clientDevice } from './client-device';
import { dataSources } from './data';
import { ephemeralResources } from './ephemeral';
import { functions } from './functions';
import { gateway } from './gateway';
import { memberLists } from './lists';
import { explain } from './private/explain';
import { applicationList, memberList } from './private/listing';
import { inOneVault } from './private/vault-guard';
import { configureProvider, type ProviderOptions, providerSchema, validateProvider } from './provider';
import { recordGrant } from './record-grant';
import { sharedFolderGrant } from './shared-folder-grant';

const resources = [application, sharedFolderGrant, recordGrant, clientDevice, gateway];
const attributeOfField = new Map(resources.map((resource) => [resource.typeName, resource.attributeOfField]));

/** Each resource has a list resource of the same name. */
const listResources = resources.map((resource) => {
  const members = memberLists[resource.typeName];
  return members ? memberList(resource, members) : applicationList(resource);
});

/** The provider `ksm-iac/ksm`, without any wire. */
export function createProviderServer(options: ProviderOptions): ProviderServer {
  return createServer(
    {
      schema: providerSchema,
      resources: resources.map(inOneVault),
      dataSources,
      ephemeralResources,
      listResources,
      functions,
      validate: validateProvider,
      configure: (request) => configureProvider(request, options),
      explain: (error, call) => explain(error, call, attributeOfField.get(call.subject.typeName)),
    },
    options.log,
  );
}
