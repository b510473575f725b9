/** Ephemeral resources: this provider has none. */
import { refusal } from '../../framework/diagnostic';
import {
  CloseEphemeralResource_Request,
  CloseEphemeralResource_Response,
  OpenEphemeralResource_Request,
  OpenEphemeralResource_Response,
  RenewEphemeralResource_Request,
  RenewEphemeralResource_Response,
  ValidateEphemeralResourceConfig_Request,
  ValidateEphemeralResourceConfig_Response,
} from '../generated/tfplugin6';
import { refusableMethod } from '../method';

const refuse = ({ typeName }: { typeName: string }): never => {
  throw refusal('Unknown ephemeral resource', `This version of the provider has no ephemeral resource "${typeName}".`);
};

export const validateEphemeralResourceConfig = () =>
  refusableMethod(ValidateEphemeralResourceConfig_Request, ValidateEphemeralResourceConfig_Response, refuse);

export const openEphemeralResource = () =>
  refusableMethod(OpenEphemeralResource_Request, OpenEphemeralResource_Response, refuse);

export const renewEphemeralResource = () =>
  refusableMethod(RenewEphemeralResource_Request, RenewEphemeralResource_Response, refuse);

export const closeEphemeralResource = () =>
  refusableMethod(CloseEphemeralResource_Request, CloseEphemeralResource_Response, refuse);
