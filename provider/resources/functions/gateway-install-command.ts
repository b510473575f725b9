import { FunctionArgumentError, type FunctionDefinition, shown, type Value } from '../../framework';
import { parseToken } from '../private/one-time-token';

/** By platform; as the vault offers them. Without a token: for a gateway that is installed already. */
const COMMANDS: Readonly<Record<string, (token: string | null, autoUpdate: boolean) => string[]>> = {
  linux: (token, autoUpdate) => [
    'curl -fsSL https://keepersecurity.com/pam/install | sudo bash -s --',
    ...(token === null ? [] : [`--token ${token}`]),
    ...(autoUpdate ? ['--autoupdate'] : []),
  ],
  windows: (token, autoUpdate) => [
    'keeper-gateway_windows_x86_64.exe /verysilent /suppressmsgboxes /norestart',
    token === null ? '/existingconfig=1' : `/token=${token}`,
    ...(autoUpdate ? ['/autoupdate=1'] : []),
  ],
};

export const gatewayInstallCommand: FunctionDefinition = {
  name: 'gateway_install_command',
  summary: 'The command that installs a gateway',
  description:
    "The command that installs Keeper's gateway on a host and redeems its one-time token there; without a token, the command that installs a newer version of a gateway that is there. The token is a secret and is in the command: hand it on as such.",
  parameters: [
    { name: 'platform', type: 'string', description: 'Where the command runs: `linux` or `windows`.' },
    {
      name: 'token',
      type: 'string',
      nullable: true,
      description: 'The one-time token of the gateway; null: the gateway exists on the host already.',
    },
    { name: 'auto_update', type: 'bool', description: 'Whether the gateway is to update itself.' },
  ],
  returns: 'string',

  call(platform, token, autoUpdate) {
    const command = Object.hasOwn(COMMANDS, String(platform)) ? COMMANDS[String(platform)] : undefined;
    if (!command) throw new FunctionArgumentError(0, `Expected "linux" or "windows", got ${shown(platform ?? null)}.`);
    return command(checked(token ?? null), autoUpdate === true).join(' ');
  },
};

/** What is no token could be anything else to a shell. */
function checked(token: Value): string | null {
  if (token === null) return null;
  const parsed = parseToken(String(token));
  if ('problem' in parsed) throw new FunctionArgumentError(1, parsed.problem);
  return String(token);
}
