import { clientIdOf } from '../../../contract/one-time-token';
import { FunctionArgumentError, type FunctionDefinition } from '../../framework';
import { parseToken } from '../private/one-time-token';

export const parseOneTimeToken: FunctionDefinition = {
  name: 'parse_one_time_token',
  summary: 'Takes a one-time token apart',
  description:
    'The region and the host that a one-time token is for, and the client id of the device that it makes. `region` is one of `US`, `EU`, `AU`, `GOV`, `JP`, `CA` and `IL5`, and null for a token of another host; both are null for a bare token, whose host is handed out beside it. The client id is no secret; the token is, and what is made of a sensitive token is sensitive too: `nonsensitive(…)` shows it.',
  parameters: [
    {
      name: 'token',
      type: 'string',
      description: 'The one-time token: `US:…`, `keeper.example.com:…`, or the 43 characters alone.',
    },
  ],
  returns: { object: { region: 'string', host: 'string', client_id: 'string' } },

  call(text) {
    const token = parseToken(String(text));
    if ('problem' in token) throw new FunctionArgumentError(0, token.problem);
    const { region, host, clientKey } = token;
    return { region, host, client_id: clientIdOf(Buffer.from(clientKey, 'base64url')) };
  },
};
