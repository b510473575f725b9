/** Functions: compute and ask nobody; one file each. */
import type { FunctionDefinition } from '../../framework';
import { gatewayDockerCompose } from './gateway-docker-compose';
import { gatewayInstallCommand } from './gateway-install-command';
import { parseOneTimeToken } from './parse-one-time-token';

export const functions: readonly FunctionDefinition[] = [
  parseOneTimeToken,
  gatewayInstallCommand,
  gatewayDockerCompose,
];
