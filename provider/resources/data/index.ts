/** Data sources: one file looks up one kind of thing; it imports the framework, contract/ and `private/`, never another one. */
import type { DataSourceDefinition } from '../../framework';
import type { KsmSession } from '../private/session';
import { applicationData } from './application';
import { applicationsData } from './applications';
import { clientDevicesData } from './client-devices';
import { gatewaysData } from './gateways';
import { recordData } from './record';
import { serviceData } from './service';
import { sharedFolderData } from './shared-folder';
import { sharedFoldersData } from './shared-folders';

export const dataSources: readonly DataSourceDefinition<KsmSession>[] = [
  applicationData,
  applicationsData,
  sharedFolderData,
  sharedFoldersData,
  recordData,
  serviceData,
  clientDevicesData,
  gatewaysData,
];
