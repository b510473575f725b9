import { apiTokenRoutes } from './api-token';
import { applicationRoutes } from './application';
import { auditEventRoutes } from './audit-event';
import { clientDeviceRoutes } from './client-device';
import { gatewayRoutes } from './gateway';
import { grantRoutes } from './grant';
import { infoRoutes } from './info';
import { orphanRoutes } from './orphan';
import type { Routes } from './route';
import { runRoutes } from './run';
import { secretRoutes } from './secret';
import { vaultContentRoutes } from './vault-content';

/** Every noun of `/v1`: a new one is a file and a line here. */
export const routes: readonly Routes[] = [
  infoRoutes,
  applicationRoutes,
  grantRoutes,
  clientDeviceRoutes,
  gatewayRoutes,
  secretRoutes,
  runRoutes,
  orphanRoutes,
  auditEventRoutes,
  apiTokenRoutes,
  vaultContentRoutes,
];
