/**
 * Commands as the vault offers them, by platform. Without a token: for a
 * gateway that is on the host already. The token is a parameter, and never
 * replaced in the finished text, where it would be one of cdktf's tokens.
 */
export const GATEWAY_COMMANDS: Readonly<Record<string, (token: string | undefined, autoUpdate: boolean) => string>> = {
  linux: (token, autoUpdate) =>
    [
      'curl -fsSL https://keepersecurity.com/pam/install | sudo bash -s --',
      ...(token === undefined ? [] : [`--token ${token}`]),
      ...(autoUpdate ? ['--autoupdate'] : []),
    ].join(' '),
  windows: (token, autoUpdate) =>
    [
      'keeper-gateway_windows_x86_64.exe /verysilent /suppressmsgboxes /norestart',
      token === undefined ? '/existingconfig=1' : `/token=${token}`,
      ...(autoUpdate ? ['/autoupdate=1'] : []),
    ].join(' '),
};

/** Keeper's compose file; `docker-seccomp.json` of Keeper has to be beside it. */
export const composeFile = (config: string) => `services:
  keeper-gateway:
    platform: linux/amd64
    image: keeper/gateway:latest
    shm_size: 2g
    security_opt:
      - "seccomp:docker-seccomp.json"
    environment:
      ACCEPT_EULA: Y
      GATEWAY_CONFIG: ${config}
`;
