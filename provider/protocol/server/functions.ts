/** Provider functions: this provider has none. */
import {
  CallFunction_Request,
  CallFunction_Response,
  GetFunctions_Request,
  GetFunctions_Response,
} from '../generated/tfplugin6';
import { method } from '../method';

export const getFunctions = () => method(GetFunctions_Request, GetFunctions_Response, () => ({ diagnostics: [] }));

export const callFunction = () =>
  method(CallFunction_Request, CallFunction_Response, ({ name }) => ({
    error: { text: `This version of the provider has no function "${name}".` },
  }));
