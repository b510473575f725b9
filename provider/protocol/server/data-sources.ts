/** Data sources: this provider has none. */
import { refusal } from '../../framework/diagnostic';
import {
  ReadDataSource_Request,
  ReadDataSource_Response,
  ValidateDataResourceConfig_Request,
  ValidateDataResourceConfig_Response,
} from '../generated/tfplugin6';
import { refusableMethod } from '../method';

const refuse = ({ typeName }: { typeName: string }): never => {
  throw refusal('Unknown data source', `This version of the provider has no data source "${typeName}".`);
};

export const validateDataResourceConfig = () =>
  refusableMethod(ValidateDataResourceConfig_Request, ValidateDataResourceConfig_Response, refuse);

export const readDataSource = () => refusableMethod(ReadDataSource_Request, ReadDataSource_Response, refuse);
