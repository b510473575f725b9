/** Resource identities (Terraform 1.12 and later): no resource has one, so none is ever stored. */
import { refusal } from '../../framework/diagnostic';
import {
  GetResourceIdentitySchemas_Request,
  GetResourceIdentitySchemas_Response,
  UpgradeResourceIdentity_Request,
  UpgradeResourceIdentity_Response,
} from '../generated/tfplugin6';
import { method, refusableMethod } from '../method';

export const getResourceIdentitySchemas = () =>
  method(GetResourceIdentitySchemas_Request, GetResourceIdentitySchemas_Response, () => ({ diagnostics: [] }));

export const upgradeResourceIdentity = () =>
  refusableMethod(UpgradeResourceIdentity_Request, UpgradeResourceIdentity_Response, ({ typeName }) => {
    throw refusal(
      'No resource identities',
      `The state holds an identity of "${typeName}", but this version of the provider gives its resources none. Use the provider version that wrote the state.`,
    );
  });
