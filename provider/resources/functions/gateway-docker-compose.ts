import { FunctionArgumentError, type FunctionDefinition } from '../../framework';

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

export const gatewayDockerCompose: FunctionDefinition = {
  name: 'gateway_docker_compose',
  summary: 'A Docker compose file that runs a gateway',
  description:
    'The text of a `docker-compose.yml` that runs Keeper\'s gateway with a configuration (`initialization = "config"`). Keeper\'s `docker-seccomp.json` must be beside it. The configuration is a secret and is in the text: hand it on as such.',
  parameters: [{ name: 'config', type: 'string', description: 'The configuration of the gateway, base64.' }],
  returns: 'string',

  call(config) {
    const text = String(config);
    if (!BASE64.test(text)) {
      throw new FunctionArgumentError(
        0,
        `Expected a configuration in base64, as "config" of a gateway is; got ${text.length} characters that are not base64.`,
      );
    }
    return composeFile(text);
  },
};

const composeFile = (config: string) => `services:
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
